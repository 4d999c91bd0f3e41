//! The commands of `cargo xtask` that look after the katas and the grader.
//!
//! `cargo xtask` reads the command line, has this program compiled when it is first needed, and
//! becomes it.

mod bench;
mod lint;
mod mutants;

use std::process::ExitCode;

use heddle_cli::args::Request;
use heddle_cli::console::{Outcome, Trouble};
use heddle_cli::{answered, interrupt};

fn main() -> ExitCode {
    answered(std::env::args_os().skip(1).collect(), answer)
}

fn answer(request: Request) -> Outcome {
    interrupt::watch()?;
    match request.command.map(|command| command.name) {
        Some("bench") => bench::run(&request),
        Some("lint") => lint::run(&request),
        Some("mutants") => mutants::run(&request),
        Some("soak") => mutants::soak(&request),
        _ => Err(Trouble::Usage(
            "this program is part of `cargo xtask`: run that".to_owned(),
        )),
    }
}
