//! A semaphore: a number of permits, and a queue of threads that wait for some of them.

#![allow(unused, reason = "a stub leaves most unused; delete this when done")]

use std::collections::VecDeque;
use std::mem;
use std::num::NonZeroUsize;

use heddle::sync::{Arc, Condvar, Mutex, MutexGuard};
use heddle::time::Duration;

/// The error of releasing permits that a semaphore has no room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverRelease;

/// A number of permits; whoever finds too few of them waits, in the order of arrival.
///
/// Nobody overtakes: while a thread waits, who comes later gets nothing, even if there would be enough
/// for the smaller wish. So a wish for many permits is served in the end, whatever the others do.
///
/// # Python
/// `threading.Semaphore` and `threading.BoundedSemaphore`; neither promises an order. A permit that is
/// held counts against the bound here, so the caller who releases too much is told, and not a later one.
pub struct Semaphore {}

impl Semaphore {
    /// Creates a semaphore with this many permits, to which more can be added without a bound.
    pub fn new(permits: usize) -> Self {
        todo!("all permits are available and nobody waits")
    }

    /// Creates a semaphore that never has more permits than it begins with.
    ///
    /// # Python
    /// `BoundedSemaphore(permits)`.
    pub fn bounded(permits: usize) -> Self {
        todo!("as `new`, and remember the bound")
    }

    /// Waits for one permit.
    ///
    /// # Panics
    /// When the bound is zero: the wait would never end.
    pub fn acquire(&self) -> Permit<'_> {
        todo!("wait for one")
    }

    /// Waits until it can take `count` permits at once; until then it takes none.
    ///
    /// # Panics
    /// When `count` is more than the bound: the wait would never end.
    ///
    /// # Ordering
    /// What a thread did before it gave permits back has happened before the acquire that takes them.
    pub fn acquire_many(&self, count: NonZeroUsize) -> Permit<'_> {
        todo!("refuse what can never be; wait in line; take all or nothing")
    }

    /// Takes one permit if one is available and nobody waits.
    pub fn try_acquire(&self) -> Option<Permit<'_>> {
        todo!("take a permit only if it takes no waiting")
    }

    /// Waits for one permit, no longer than `limit` in total; with a limit of zero it is an attempt.
    pub fn acquire_timeout(&self, limit: Duration) -> Option<Permit<'_>> {
        todo!("wait for one, with a limit")
    }

    /// Waits for `count` permits at once, no longer than `limit` in total; with a limit of zero it is an
    /// attempt.
    pub fn acquire_many_timeout(&self, count: NonZeroUsize, limit: Duration) -> Option<Permit<'_>> {
        todo!("as `acquire_many`, with a limit; whoever gives up leaves nothing behind")
    }

    /// Adds `count` permits, which nobody has to have taken before, and serves those who wait.
    ///
    /// # Errors
    /// [`OverRelease`] when there would be more permits than the bound allows, those that somebody
    /// holds included, or more than a `usize` can count; nothing changes.
    pub fn release(&self, count: NonZeroUsize) -> Result<(), OverRelease> {
        todo!("refuse what is too much, else add it and serve the queue")
    }

    /// Counts the permits that nobody held a moment ago.
    pub fn available(&self) -> usize {
        todo!("look, and promise nothing")
    }
}

impl Default for Semaphore {
    /// One permit, as in Python.
    fn default() -> Self {
        Self::new(1)
    }
}

/// The right to some permits; dropping it gives them back, also during a panic.
///
/// It belongs to nobody: it may be sent to another thread and dropped there.
#[must_use = "the permits are given back as soon as this is dropped"]
pub struct Permit<'a> {
    semaphore: &'a Semaphore,
    count: usize,
}

impl Permit<'_> {
    /// Counts the permits that this one stands for.
    pub fn count(&self) -> usize {
        todo!("how many were taken?")
    }

    /// Takes the permits away for good, until somebody [releases](Semaphore::release) as many.
    ///
    /// # Python
    /// An `acquire` without a `with`, where giving back is left to a later `release`.
    pub fn forget(self) {
        todo!("there are fewer permits now, and the drop must not give them back")
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        todo!("give back what was taken")
    }
}
