//! Panics that are not printed: shrinking provokes the same one many times over.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

use super::panics::Scope;

static PROCESS_IS_QUIET: AtomicBool = AtomicBool::new(false);

std::thread_local! {
    static THREAD_IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread stays unprinted.
pub(crate) fn is_quiet() -> bool {
    PROCESS_IS_QUIET.load(Ordering::SeqCst) || THREAD_IS_QUIET.try_with(Cell::get).unwrap_or(false)
}

/// Prints no panics of this claim until the returned value is dropped.
pub(crate) fn hush(scope: Scope) -> Hushed {
    set_quiet(scope, true);
    Hushed { scope }
}

/// While this lives the panics of one claim are remembered, not printed.
#[derive(Debug)]
pub(crate) struct Hushed {
    scope: Scope,
}

impl Drop for Hushed {
    fn drop(&mut self) {
        set_quiet(self.scope, false);
    }
}

fn set_quiet(scope: Scope, quiet: bool) {
    match scope {
        Scope::Process => PROCESS_IS_QUIET.store(quiet, Ordering::SeqCst),
        Scope::Thread(_) => THREAD_IS_QUIET.set(quiet),
    }
}
