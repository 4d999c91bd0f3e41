//! What happens on Ctrl-C: the children die, the terminal is left clean, nothing is half done.

use std::process::exit;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use xtask::grade::Fault;

use super::console::{Trouble, complain};
use super::progress;

/// Starts the thread that ends everything on SIGINT, SIGTERM and SIGHUP.
///
/// Claims run in process groups of their own, which the terminal's Ctrl-C does not reach: they
/// have to be killed from here.
///
/// # Errors
///
/// When the handlers cannot be installed.
pub fn watch() -> Result<(), Trouble> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|error| Trouble::Fault(format!("cannot watch for Ctrl-C: {error}")))?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            end(signal);
        }
    });
    Ok(())
}

/// The same fault, unless it comes of an interruption: then this thread waits for the program's end.
///
/// The thread of the signal gives the exit code, which nobody may be faster to give.
pub fn unless_interrupted(fault: Fault) -> Fault {
    if matches!(fault, Fault::Interrupted) {
        wait_for_the_end();
    }
    fault
}

/// Returns only when nobody has interrupted the program; else this thread waits for its end.
pub fn hold_if_interrupted() {
    if xtask::process::check_interrupted().is_err() {
        wait_for_the_end();
    }
}

fn wait_for_the_end() -> ! {
    loop {
        std::thread::park();
    }
}

fn end(signal: i32) -> ! {
    xtask::process::kill_all();
    progress::clear_line();
    complain("interrupted: nothing was changed; run the same command to start over");
    // As a shell reports a program that a signal ended: Ctrl-C gives 130.
    exit(128 + signal)
}
