//! A condition variable of one's own, and the bounded buffer that is built on it.
//!
//! A [`Condition`] is a queue of parked threads. A thread that finds a state it cannot use puts itself
//! into the queue, gives the mutex up and parks; a thread that changes the state takes others out.

#![allow(unused, reason = "a stub leaves most unused; delete this when done")]

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::ptr;

use heddle::sync::atomic::{AtomicBool, Ordering};
use heddle::sync::{Arc, Mutex, MutexGuard};
use heddle::thread::{self, Thread};
use heddle::time::{Duration, Instant};

/// A locked mutex that can be given up and taken again: std's guard does not say whose it is.
#[must_use = "dropping it at once unlocks the mutex"]
pub struct Locked<'m, T> {
    mutex: &'m Mutex<T>,
    guard: MutexGuard<'m, T>,
}

/// Locks `mutex`; dropping what it returns unlocks it.
///
/// # Panics
///
/// When another thread panicked while it held the mutex: what it guards may be half changed.
///
/// # Python
///
/// `with condition:`, except that Python lets the next thread go on after such an exception.
#[track_caller]
pub fn lock<T>(mutex: &Mutex<T>) -> Locked<'_, T> {
    todo!("lock the mutex and remember which one it is")
}

impl<T> Deref for Locked<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for Locked<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

/// How a wait with a time limit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What was waited for came.
    InTime,
    /// The time ran out first.
    TimedOut,
}

/// What a wait with a time limit returns: the mutex, locked again, and how it ended.
pub type Timed<'m, T> = (Locked<'m, T>, Outcome);

/// A place to wait in until another thread says that something has changed.
///
/// A wait ends only when a notify has picked it or its time has run out, never by itself. Which state
/// was waited for is not the condition's business: the mutex guards it, and the caller tests it.
///
/// # Python
///
/// `threading.Condition`, without a lock of its own: several conditions may go with one mutex.
pub struct Condition {}

impl Condition {
    /// A condition for which nobody waits yet.
    pub fn new() -> Self {
        todo!("nobody waits yet")
    }

    /// Unlocks the mutex, waits until a notify picks this thread, and locks the mutex again.
    ///
    /// Others may have had the mutex in between, so the state must be tested again: see
    /// [`wait_while`](Self::wait_while).
    ///
    /// # Panics
    ///
    /// When another thread waits here with another mutex, or when a thread panicked with the mutex held.
    ///
    /// # Ordering
    ///
    /// What a thread did before its notify has happened before the wait that it picked returns.
    pub fn wait<'m, T>(&self, locked: Locked<'m, T>) -> Locked<'m, T> {
        todo!("queue up, unlock, park until picked, lock")
    }

    /// Waits for as long as `not_yet` says true, and returns with the mutex locked.
    ///
    /// # Panics
    ///
    /// As [`wait`](Self::wait), and when `not_yet` does.
    ///
    /// # Python
    ///
    /// `wait_for`, turned round: Python's predicate says when to stop.
    pub fn wait_while<'m, T, F>(&self, mut locked: Locked<'m, T>, mut not_yet: F) -> Locked<'m, T>
    where
        F: FnMut(&mut T) -> bool,
    {
        todo!("wait, and test again after each wait")
    }

    /// Waits like [`wait`](Self::wait), but no longer than `timeout`.
    ///
    /// A notify that picked this thread makes it [`Outcome::InTime`], however late: a notify that is
    /// counted is never lost. A thread whose time has run out is no longer there to be picked.
    ///
    /// # Panics
    ///
    /// As [`wait`](Self::wait).
    pub fn wait_timeout<'m, T>(&self, locked: Locked<'m, T>, timeout: Duration) -> Timed<'m, T> {
        todo!("wait until picked, or until the deadline")
    }

    /// Waits like [`wait_while`](Self::wait_while), but no longer than `timeout` in all.
    ///
    /// [`Outcome::TimedOut`] says that the time ran out and `not_yet` still said true at the
    /// last test; there is at least one, also with a `timeout` of zero.
    ///
    /// # Panics
    ///
    /// As [`wait_while`](Self::wait_while).
    pub fn wait_timeout_while<'m, T, F>(
        &self,
        mut locked: Locked<'m, T>,
        timeout: Duration,
        mut not_yet: F,
    ) -> Timed<'m, T>
    where
        F: FnMut(&mut T) -> bool,
    {
        todo!("one deadline for all waits; a last test when it has passed")
    }

    /// Picks up to `n` of the threads that wait now, the longest waiting first, and says how many.
    ///
    /// Who comes to wait later is not picked, and a notify for which nobody waits is lost. The mutex
    /// need not be held; if it is, those who were picked go on when it is free.
    ///
    /// # Python
    ///
    /// `notify(n)`, which demands the lock and returns nothing.
    pub fn notify(&self, n: usize) -> usize {
        todo!("take up to n waiters out of the queue, then wake them")
    }

    /// Picks the thread that has waited longest, and says how many that were: one, or none.
    pub fn notify_one(&self) -> usize {
        todo!("notify one")
    }

    /// Picks every thread that waits now, and says how many.
    pub fn notify_all(&self) -> usize {
        todo!("notify as many as there are")
    }
}

impl Default for Condition {
    fn default() -> Self {
        Self::new()
    }
}

/// A queue of at most `capacity` items, in which producers wait for room and consumers for items.
///
/// # Python
///
/// The producer and the consumer of the tutorial, with a limit; `queue.Queue` is built like this.
pub struct BoundedBuffer<T> {
    capacity: NonZeroUsize,
    items: Mutex<VecDeque<T>>,
}

impl<T> BoundedBuffer<T> {
    /// An empty buffer with room for `capacity` items.
    pub fn new(capacity: NonZeroUsize) -> Self {
        todo!("empty, with room for capacity items")
    }

    /// Puts `item` at the end, after waiting for room.
    pub fn put(&self, item: T) {
        todo!("wait for room, put the item in, tell a consumer")
    }

    /// Takes the first item out, after waiting for one.
    pub fn get(&self) -> T {
        todo!("wait for an item, take it out, tell a producer")
    }
}
