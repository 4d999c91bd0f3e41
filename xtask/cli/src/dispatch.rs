//! From a request to the command that answers it.

use std::ffi::OsString;
use std::panic::UnwindSafe;
use std::process::ExitCode;

use super::args::{Request, parse};
use super::commands::{COMMANDS, command};
use super::console::{Done, Outcome, Trouble, conclude, say};
use super::manual::{help, overview};
use super::nearest::nearest;
use super::{book, check, doctor, hint, interrupt, list, next, replay, reset, stub, upkeep};

/// Runs the command line and gives the exit code of the program.
///
/// 0 is passed, 1 not passed, 2 a fault of the tool, of its set-up or of the command line.
pub fn run(words: Vec<OsString>) -> ExitCode {
    let again = words.clone();
    answered(words, |request| answer(&request, &again))
}

/// Reads a command line, has it answered and gives the exit code of the program.
pub fn answered(
    words: Vec<OsString>,
    answer: impl FnOnce(Request) -> Outcome + UnwindSafe,
) -> ExitCode {
    let outcome = std::panic::catch_unwind(|| parse(words).map_err(Trouble::from).and_then(answer));
    conclude(outcome.unwrap_or_else(|_| {
        Err(Trouble::Fault(
            "this is a bug of xtask and says nothing about your code; please report the lines above"
                .to_owned(),
        ))
    }))
}

fn answer(request: &Request, words: &[OsString]) -> Outcome {
    let Some(spec) = request.command else {
        return if request.help {
            say(&overview()).map(|()| Done::Passed)
        } else {
            next::run()
        };
    };
    if request.help {
        return say(&help(spec)).map(|()| Done::Passed);
    }
    interrupt::watch()?;
    match spec.name {
        "help" => explain(request),
        "check" => check::run(request),
        "list" => list::run(request),
        "hint" => hint::run(request),
        "book" => book::run(request),
        "replay" => replay::run(request),
        "reset" => reset::run(request),
        "stub" => stub::run(request),
        "doctor" => doctor::run(),
        "bench" | "lint" | "mutants" | "soak" => upkeep::run(words),
        other => Err(Trouble::Fault(format!("`{other}` has no implementation"))),
    }
}

fn explain(request: &Request) -> Outcome {
    let Some(name) = request.words.first() else {
        return say(&overview()).map(|()| Done::Passed);
    };
    let Some(spec) = command(name) else {
        let names = COMMANDS.iter().map(|command| command.name);
        let near = nearest(name, names).first().map_or_else(
            || "`cargo xtask help` lists the commands".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Trouble::Usage(format!(
            "there is no command `{name}`: {near}"
        )));
    };
    say(&help(spec)).map(|()| Done::Passed)
}
