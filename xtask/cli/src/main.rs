//! `cargo xtask …`: the command line of the katas.

use std::process::ExitCode;

fn main() -> ExitCode {
    heddle_cli::run(std::env::args_os().skip(1).collect::<Vec<_>>())
}
