//! The ways in which a thread lets others go first.

use std::panic::Location;
use std::time::Duration;

use super::handle::Thread;
use crate::engine;

/// Blocks until another thread has called [`Thread::unpark`] on this one.
///
/// It may return without that, as with `std`; the model tries it at every call.
#[track_caller]
pub fn park() {
    engine::park(Location::caller());
}

/// Blocks until another thread has called [`Thread::unpark`] on this one, or the time is up.
#[track_caller]
pub fn park_timeout(timeout: Duration) {
    engine::park_timeout(timeout, Location::caller());
}

/// Lets other threads run first.
///
/// Under the model the thread does not run again until something has changed.
#[track_caller]
pub fn yield_now() {
    engine::yield_now(Location::caller());
}

/// Lets time pass.
///
/// Under the model the time is virtual and nobody waits for it.
#[track_caller]
pub fn sleep(duration: Duration) {
    engine::sleep(duration, Location::caller());
}

/// Returns once a thread is blocked in an operation that it cannot leave by itself.
///
/// That is: it waits for a lock that another thread holds, for a notification that has not come,
/// for a token that is not there, or for a thread that has not ended. A wait that may time out
/// counts too: nobody but the clock can end it. It is for claims: a claim that says "while the
/// consumer waits" first has to know that the consumer does. On `trace` and `model` the answer
/// is exact. It returns too when the thread has ended, and cannot block any more.
#[track_caller]
pub fn until_blocked(thread: &Thread) {
    engine::until_blocked(&thread.thread, Location::caller());
}
