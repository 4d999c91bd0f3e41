//! An event: something that has happened or has not, and threads that wait until it has.

#![allow(unused, reason = "a stub leaves most unused; delete this when done")]

use heddle::sync::atomic::AtomicU64;
use heddle::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use heddle::sync::{Condvar, Mutex, MutexGuard};
use heddle::time::Duration;

/// A flag that threads can wait for: a level and not a pulse.
///
/// While it is set, nobody waits. A `set` releases everybody who is waiting, even if a `clear` follows
/// before they have woken up; who comes after the `clear` waits for the next `set`.
///
/// # Python
/// `threading.Event`; `wait` without a time limit returns nothing, as it has only one way to end.
///
/// # Ordering
/// What a thread did before the `set` that set the event has happened before whatever follows a wait
/// that this `set` ended, or an `is_set` that saw it. Sets and clears come one after the other: what
/// was done before one of them, even if it changes nothing, has happened before what follows the next.
pub struct Event {}

impl Event {
    /// Creates an event that is clear.
    pub fn new() -> Self {
        todo!("it has not happened yet, and nobody waits")
    }

    /// Tells whether the event was set a moment ago.
    pub fn is_set(&self) -> bool {
        todo!("look")
    }

    /// Sets the event and releases everybody who waits; setting it again does nothing.
    pub fn set(&self) {
        todo!("change the event so that nobody misses it, then wake everybody")
    }

    /// Clears the event: who comes from now on waits; clearing it again does nothing.
    pub fn clear(&self) {
        todo!("change the event; who was released stays released")
    }

    /// Waits until the event is set, or was set while this thread waited.
    pub fn wait(&self) {
        todo!("sleep until it is set, and mind a `clear` that follows at once")
    }

    /// Waits like [`wait`](Self::wait), but no longer than `limit` in total.
    ///
    /// Returns `false` only when the time is over and the event was clear all the time.
    #[must_use = "`false` says that the event was not set"]
    pub fn wait_timeout(&self, limit: Duration) -> bool {
        todo!("as `wait`, with one limit for all wake-ups; in the end look at the event once more")
    }
}

impl Default for Event {
    fn default() -> Self {
        Self::new()
    }
}
