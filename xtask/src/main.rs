//! `cargo xtask …`: the command line of the katas.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os().skip(1).collect::<Vec<_>>())
}
