//! The lock as one flag under a mutex, with a condition variable for the waiters.

use std::marker::PhantomData;
use std::{mem, ops};

use heddle::cell::UnsafeCell;
use heddle::sync::{Condvar, Mutex, PoisonError};
use heddle::time::Duration;

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
pub struct RawLock {
    held: Mutex<bool>,
    freed: Condvar,
}

impl RawLock {
    /// Creates a free lock.
    pub fn new() -> Self {
        Self {
            held: Mutex::new(false),
            freed: Condvar::new(),
        }
    }

    /// Takes the lock and returns `true`, or returns `false` when `wait` allows no more waiting.
    ///
    /// The lock does not know its holder: a holder that takes it again waits like anybody else.
    ///
    /// # Ordering
    /// Sees all that was done before the release that made the lock free.
    #[must_use]
    pub fn acquire(&self, wait: Wait) -> bool {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut held = match wait {
            Wait::No => held,
            Wait::Forever => self.freed.wait_while(held, |held| *held).unwrap(),
            Wait::For(limit) => {
                let woken = self.freed.wait_timeout_while(held, limit, |held| *held);
                woken.unwrap().0
            }
        };
        !mem::replace(&mut *held, true)
    }

    /// Frees the lock and wakes a thread that waits for it.
    ///
    /// # Errors
    /// [`NotLocked`] when the lock is free; it stays free.
    ///
    /// # Ordering
    /// Publishes all that was done before it to the next acquire that succeeds.
    pub fn release(&self) -> Result<(), NotLocked> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !mem::replace(&mut *held, false) {
            return Err(NotLocked);
        }
        self.freed.notify_one();
        Ok(())
    }

    /// Tells whether somebody held the lock a moment ago; it may be free by the time you look.
    pub fn is_locked(&self) -> bool {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner)
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
        Self {
            raw: RawLock::new(),
            value: UnsafeCell::new(value),
        }
    }

    /// Waits for the lock; the guard gives the value and releases the lock when it goes.
    pub fn lock(&self) -> Guard<'_, T> {
        self.guard(Wait::Forever)
            .expect("waiting forever ends with the lock")
    }

    /// Takes the lock if it is free.
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        self.guard(Wait::No)
    }

    /// Waits for the lock no longer than `limit` in total.
    pub fn lock_timeout(&self, limit: Duration) -> Option<Guard<'_, T>> {
        self.guard(Wait::For(limit))
    }

    /// Replaces the value and drops the old one after the lock is free again.
    pub fn set(&self, value: T) {
        let old = mem::replace(&mut *self.lock(), value);
        drop(old);
    }

    /// Tells whether somebody held the lock a moment ago.
    pub fn is_locked(&self) -> bool {
        self.raw.is_locked()
    }

    fn guard(&self, wait: Wait) -> Option<Guard<'_, T>> {
        // Lazily: a guard that is made and dropped for a failed attempt would free another's lock.
        self.raw.acquire(wait).then(|| Guard {
            lock: self,
            not_send: PhantomData,
        })
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
        // SAFETY: a guard exists only while the lock is held for it, so every reference to the value
        // comes from this guard and borrows it, and nobody has `&mut T` during this borrow.
        self.lock.value.with(|value| unsafe { &*value })
    }
}

impl<T> ops::DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`; the guard is borrowed mutably, so no other reference is alive.
        self.lock.value.with_mut(|value| unsafe { &mut *value })
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.lock.raw.release().expect("a guard holds the lock");
    }
}
