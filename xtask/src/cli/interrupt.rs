//! What happens on Ctrl-C: the children die, the terminal is left clean, nothing is half done.

use std::process::exit;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

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

fn end(signal: i32) -> ! {
    xtask::process::kill_all();
    progress::clear_line();
    complain("interrupted: nothing was changed; run the same command to start over");
    // As a shell reports a program that a signal ended: Ctrl-C gives 130.
    exit(128 + signal)
}
