//! Parsing that leaves nothing behind.

use std::panic::resume_unwind;

/// Does work that parses on a thread of its own, and waits for it.
///
/// For the sake of its spans, the text of every file stays with the thread that parsed it, until that
/// thread ends. Who grades by the hundred would carry all of them along, and copy them at every fork.
///
/// # Panics
///
/// When the work does, with what it panics with.
pub fn on_a_thread_of_its_own<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join())
        .unwrap_or_else(|panic| resume_unwind(panic))
}
