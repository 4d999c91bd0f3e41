//! A fair lock: a release hands the lock to the longest waiter instead of setting it free.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::{mem, ops};

use heddle::cell::UnsafeCell;
use heddle::sync::atomic::{AtomicBool, Ordering};
use heddle::sync::{Arc, Mutex};
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

/// A thread in the queue, and whether the lock has been handed to it.
struct Waiter {
    thread: Thread,
    granted: AtomicBool,
}

/// What the mutex protects.
struct State {
    held: bool,
    queue: VecDeque<Arc<Waiter>>,
}

/// A lock without data and without an owner: whoever knows that it is held may release it.
pub struct RawLock {
    state: Mutex<State>,
}

impl RawLock {
    /// Creates a free lock.
    pub fn new() -> Self {
        let state = State {
            held: false,
            queue: VecDeque::new(),
        };
        Self {
            state: Mutex::new(state),
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
        let mut state = self.state.lock().unwrap();
        if !state.held {
            state.held = true;
            return true;
        }
        let deadline = match wait {
            Wait::No => return false,
            Wait::For(limit) => Instant::now().checked_add(limit),
            Wait::Forever => None,
        };
        let waiter = Arc::new(Waiter {
            thread: thread::current(),
            granted: AtomicBool::new(false),
        });
        state.queue.push_back(Arc::clone(&waiter));
        drop(state);
        self.await_grant(&waiter, deadline)
    }

    /// Frees the lock and wakes a thread that waits for it.
    ///
    /// # Errors
    /// [`NotLocked`] when the lock is free; it stays free.
    ///
    /// # Ordering
    /// Publishes all that was done before it to the next acquire that succeeds.
    pub fn release(&self) -> Result<(), NotLocked> {
        let mut state = self.state.lock().unwrap();
        if !state.held {
            return Err(NotLocked);
        }
        let next = state.queue.pop_front();
        state.held = next.is_some();
        if let Some(waiter) = &next {
            // ORDERING: Release pairs with the Acquire load in `await_grant`: the waiter may see the
            // grant without ever taking the mutex again.
            waiter.granted.store(true, Ordering::Release);
        }
        drop(state);
        if let Some(waiter) = next {
            waiter.thread.unpark();
        }
        Ok(())
    }

    /// Tells whether somebody held the lock a moment ago; it may be free by the time you look.
    pub fn is_locked(&self) -> bool {
        self.state.lock().unwrap().held
    }

    /// Sleeps until the lock is handed over or the deadline is past.
    fn await_grant(&self, waiter: &Arc<Waiter>, deadline: Option<Instant>) -> bool {
        // ORDERING: Acquire pairs with the Release store in `release`.
        while !waiter.granted.load(Ordering::Acquire) {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            match left {
                None => thread::park(),
                Some(Duration::ZERO) => return self.leave(waiter),
                Some(left) => thread::park_timeout(left),
            }
        }
        true
    }

    /// Leaves the queue, unless the lock was handed over in the last moment.
    fn leave(&self, waiter: &Arc<Waiter>) -> bool {
        let mut state = self.state.lock().unwrap();
        let before = state.queue.len();
        state.queue.retain(|other| !Arc::ptr_eq(other, waiter));
        state.queue.len() == before
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
