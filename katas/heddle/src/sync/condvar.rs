//! A condition variable over the face's engine.

use std::fmt;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync::{LockResult, PoisonError};
use std::time::Duration;

use super::mutex::MutexGuard;
use crate::engine;

/// A place to wait until another thread says that something has changed.
///
/// Waits may end without a notification, as with `std`; the model tries that at every wait.
/// `new` is not `const`, for the reason given at [`Mutex`](super::Mutex).
pub struct Condvar {
    queue: engine::Queue,
}

// Nothing that a panic could leave half done is in it.
impl UnwindSafe for Condvar {}
impl RefUnwindSafe for Condvar {}

/// Whether a timed wait ended because its time was up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitTimeoutResult {
    timed_out: bool,
}

impl WaitTimeoutResult {
    /// True when the time was up before a notification came.
    pub fn timed_out(&self) -> bool {
        self.timed_out
    }
}

impl Condvar {
    /// Makes a condition variable that nobody waits for.
    #[track_caller]
    #[must_use]
    pub fn new() -> Self {
        Condvar {
            queue: engine::Queue::new(Location::caller()),
        }
    }

    /// Gives up the lock, waits for a notification, and takes the lock again.
    ///
    /// # Errors
    ///
    /// When a thread panicked while it held the lock; the error still carries the guard.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let (mutex, held) = guard.into_parts();
        mutex.guard(self.queue.wait(held, Location::caller()))
    }

    /// Waits for as long as `condition` holds.
    ///
    /// # Errors
    ///
    /// As for [`Condvar::wait`].
    #[track_caller]
    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(guard.for_condition()) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// Waits for a notification, but no longer than `timeout`.
    ///
    /// # Errors
    ///
    /// As for [`Condvar::wait`].
    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        timeout: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let (mutex, held) = guard.into_parts();
        let (held, timed_out) = self.queue.wait_timeout(held, timeout, Location::caller());
        let result = WaitTimeoutResult { timed_out };
        match mutex.guard(held) {
            Ok(guard) => Ok((guard, result)),
            Err(poisoned) => Err(PoisonError::new((poisoned.into_inner(), result))),
        }
    }

    /// Waits for as long as `condition` holds, but no longer than `timeout` in all.
    ///
    /// # Errors
    ///
    /// As for [`Condvar::wait`].
    #[track_caller]
    pub fn wait_timeout_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timeout: Duration,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let start = crate::time::Instant::now();
        loop {
            if !condition(guard.for_condition()) {
                return Ok((guard, WaitTimeoutResult { timed_out: false }));
            }
            let left = timeout.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Ok((guard, WaitTimeoutResult { timed_out: true }));
            }
            guard = self.wait_timeout(guard, left)?.0;
        }
    }

    /// Wakes one thread that waits, if any does; which one is not said.
    #[track_caller]
    pub fn notify_one(&self) {
        self.queue.notify_one(Location::caller());
    }

    /// Wakes every thread that waits.
    #[track_caller]
    pub fn notify_all(&self) {
        self.queue.notify_all(Location::caller());
    }
}

impl Default for Condvar {
    #[track_caller]
    fn default() -> Self {
        Condvar::new()
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condvar").finish_non_exhaustive()
    }
}
