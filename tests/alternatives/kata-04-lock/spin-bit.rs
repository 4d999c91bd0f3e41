//! A lock without any ready-made lock inside: the queue hangs on a bit that is held for a few steps.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::{mem, ops};

use heddle::cell::UnsafeCell;
use heddle::hint;
use heddle::sync::atomic::AtomicU8;
use heddle::sync::atomic::Ordering::{Acquire, Relaxed, Release};
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

/// Somebody holds the lock.
const HELD: u8 = 1;
/// Somebody looks after the queue.
const QUEUE: u8 = 2;

/// A lock without data and without an owner: whoever knows that it is held may release it.
pub struct RawLock {
    /// `HELD` and `QUEUE`, each set or not.
    bits: AtomicU8,
    /// Only for the thread that has set `QUEUE`.
    queue: UnsafeCell<VecDeque<Thread>>,
}

// SAFETY: the queue is reached by the one thread that has set `QUEUE`, and setting it with Acquire
// pairs with clearing it with Release.
unsafe impl Sync for RawLock {}

impl RawLock {
    /// Creates a free lock.
    pub fn new() -> Self {
        Self {
            bits: AtomicU8::new(0),
            queue: UnsafeCell::new(VecDeque::new()),
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
        if self.take() {
            return true;
        }
        let deadline = match wait {
            Wait::No => return false,
            Wait::For(limit) => Instant::now().checked_add(limit),
            Wait::Forever => None,
        };
        let me = thread::current();
        self.with_queue(|queue| queue.push_back(me.clone()));
        let taken = loop {
            // Looked at after entering the queue, so a release that this look misses finds us.
            if self.take() {
                break true;
            }
            let Some(deadline) = deadline else {
                thread::park();
                continue;
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break false;
            }
            thread::park_timeout(left);
        };
        self.with_queue(|queue| queue.retain(|waiter| waiter.id() != me.id()));
        if !taken {
            self.wake_head();
        }
        taken
    }

    /// Frees the lock and wakes a thread that waits for it.
    ///
    /// # Errors
    /// [`NotLocked`] when the lock is free; it stays free.
    ///
    /// # Ordering
    /// Publishes all that was done before it to the next acquire that succeeds.
    pub fn release(&self) -> Result<(), NotLocked> {
        // ORDERING: Release pairs with the Acquire in `take`.
        if self.bits.fetch_and(!HELD, Release) & HELD == 0 {
            return Err(NotLocked);
        }
        self.wake_head();
        Ok(())
    }

    /// Tells whether somebody held the lock a moment ago; it may be free by the time you look.
    pub fn is_locked(&self) -> bool {
        // ORDERING: Relaxed: a snapshot publishes nothing.
        self.bits.load(Relaxed) & HELD != 0
    }

    /// Sets `HELD`; returns whether it was not set before.
    fn take(&self) -> bool {
        // ORDERING: Acquire pairs with the Release in `release`.
        self.bits.fetch_or(HELD, Acquire) & HELD == 0
    }

    fn wake_head(&self) {
        if let Some(waiter) = self.with_queue(|queue| queue.front().cloned()) {
            waiter.unpark();
        }
    }

    fn with_queue<R>(&self, work: impl FnOnce(&mut VecDeque<Thread>) -> R) -> R {
        // ORDERING: Acquire pairs with the Release below and shows the queue as it was left.
        while self.bits.fetch_or(QUEUE, Acquire) & QUEUE != 0 {
            hint::spin_loop();
        }
        // SAFETY: this thread alone has set `QUEUE`.
        let result = self.queue.with_mut(|queue| work(unsafe { &mut *queue }));
        // ORDERING: Release pairs with the Acquire above.
        self.bits.fetch_and(!QUEUE, Release);
        result
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
