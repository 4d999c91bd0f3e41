//! A lock that lets one thread in at a time, made of one atomic and a queue of parked threads.

#![allow(unused, reason = "a stub leaves most unused; delete this when done")]

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::{mem, ops};

use heddle::cell::UnsafeCell;
use heddle::sync::atomic::AtomicU8;
use heddle::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use heddle::sync::{Mutex, MutexGuard};
use heddle::thread::{self, Thread};
use heddle::time::{Duration, Instant};

/// How long an acquire may wait for a lock that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Not at all.
    No,
    /// This long in total, however often the waiting thread wakes up in between.
    For(Duration),
    /// Until the lock is free.
    Forever,
}

/// The error of releasing a lock that is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLocked;

/// A lock without data and without an owner: whoever knows that it is held may release it.
pub struct RawLock {}

impl RawLock {
    /// Creates a free lock.
    pub fn new() -> Self {
        todo!("start out free, with nobody waiting")
    }

    /// Takes the lock and returns `true`, or returns `false` when `wait` allows no more waiting.
    ///
    /// The lock does not know its holder: a holder that takes it again waits like anybody else.
    ///
    /// # Ordering
    /// Sees all that was done before the release that made the lock free.
    #[must_use]
    pub fn acquire(&self, wait: Wait) -> bool {
        todo!("take a free lock with one atomic step, else wait as `wait` says")
    }

    /// Frees the lock and wakes a thread that waits for it.
    ///
    /// # Errors
    /// [`NotLocked`] when the lock is free; it stays free.
    ///
    /// # Ordering
    /// Publishes all that was done before it to the next acquire that succeeds.
    pub fn release(&self) -> Result<(), NotLocked> {
        todo!("free the lock, wake one waiter if there may be one, refuse if it was free")
    }

    /// Tells whether somebody held the lock a moment ago; it may be free by the time you look.
    pub fn is_locked(&self) -> bool {
        todo!("look, and promise nothing")
    }
}

impl Default for RawLock {
    fn default() -> Self {
        Self::new()
    }
}

/// A value that only one thread at a time can reach.
///
/// # Python
/// `threading.Lock` stands beside its data and trusts everybody; here the data is inside. A panic
/// while the lock is held releases it and does not poison it, as `with lock:` does.
pub struct Lock<T> {
    raw: RawLock,
    value: UnsafeCell<T>,
}

// SAFETY: a shared `Lock` hands its value to one thread at a time, and what one of them did happens
// before the next one's turn (see the orderings): that is sending the value back and forth.
unsafe impl<T: Send> Sync for Lock<T> {}

impl<T> Lock<T> {
    /// Creates a free lock around a value.
    pub fn new(value: T) -> Self {
        todo!("wrap the value")
    }

    /// Waits for the lock; the guard gives the value and releases the lock when it goes.
    pub fn lock(&self) -> Guard<'_, T> {
        todo!("take the raw lock, then make the guard")
    }

    /// Takes the lock if it is free.
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        todo!("make a guard only if the raw lock was taken")
    }

    /// Waits for the lock no longer than `limit` in total.
    pub fn lock_timeout(&self, limit: Duration) -> Option<Guard<'_, T>> {
        todo!("as `try_lock`, with a wait")
    }

    /// Replaces the value and drops the old one after the lock is free again.
    pub fn set(&self, value: T) {
        todo!("mind when the old value is dropped: its `drop` may use this lock")
    }

    /// Tells whether somebody held the lock a moment ago.
    pub fn is_locked(&self) -> bool {
        todo!("ask the raw lock")
    }
}

/// Access to the value of a held [`Lock`]; dropping it releases the lock, also during a panic.
///
/// It stays in the thread that took it, so no thread can release another's lock.
#[must_use = "the lock is free again as soon as the guard is dropped"]
pub struct Guard<'a, T> {
    lock: &'a Lock<T>,
    not_send: PhantomData<*const ()>,
}

impl<T> ops::Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        todo!("the lock is held: the value may be read")
    }
}

impl<T> ops::DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        todo!("the lock is held and the guard is borrowed alone: the value may be changed")
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        todo!("release the raw lock")
    }
}
