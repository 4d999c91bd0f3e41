//! A lock that spins for a while before it queues up: most holders are soon done.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::{mem, ops};

use heddle::cell::UnsafeCell;
use heddle::hint;
use heddle::sync::atomic::AtomicU8;
use heddle::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use heddle::sync::{Mutex, MutexGuard};
use heddle::thread::{self, Thread};
use heddle::time::{Duration, Instant};

const FREE: u8 = 0;
const HELD: u8 = 1;
const CONTENDED: u8 = 2;

/// How often a thread looks before it queues up.
const SPINS: u32 = 100;

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
    /// | state       | held by    | what `release` does                           |
    /// | ----------- | ---------- | --------------------------------------------- |
    /// | `FREE`      | nobody     | refuses                                       |
    /// | `HELD`      | one thread | sets `FREE`                                   |
    /// | `CONTENDED` | one thread | sets `FREE` and unparks the head of the queue |
    state: AtomicU8,
    /// The threads that wait, in the order in which they came.
    queue: Mutex<VecDeque<Thread>>,
}

impl RawLock {
    /// Creates a free lock.
    pub fn new() -> Self {
        Self {
            state: AtomicU8::new(FREE),
            queue: Mutex::new(VecDeque::new()),
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
        let deadline = match wait {
            _ if self.take_free() => return true,
            Wait::No => return false,
            Wait::Forever => None,
            // A deadline beyond the end of the clock never comes.
            Wait::For(limit) => Instant::now().checked_add(limit),
        };
        self.spin();
        self.take_free() || self.queue_up(deadline)
    }

    /// Frees the lock and wakes a thread that waits for it.
    ///
    /// # Errors
    /// [`NotLocked`] when the lock is free; it stays free.
    ///
    /// # Ordering
    /// Publishes all that was done before it to the next acquire that succeeds.
    pub fn release(&self) -> Result<(), NotLocked> {
        // ORDERING: Release pairs with the Acquire of the exchange in `acquire` and of the swap in
        // `take_contended`. The old state is only compared, so no Acquire is needed here.
        match self.state.swap(FREE, Release) {
            FREE => return Err(NotLocked),
            HELD => {}
            _ => self.wake_head(),
        }
        Ok(())
    }

    /// Tells whether somebody held the lock a moment ago; it may be free by the time you look.
    pub fn is_locked(&self) -> bool {
        // ORDERING: Relaxed: a snapshot that is out of date at once can publish nothing.
        self.state.load(Relaxed) != FREE
    }
    /// Takes the lock if it is free.
    fn take_free(&self) -> bool {
        // ORDERING: Acquire pairs with the Release swap in `release` and sees what the last holder
        // wrote. A failure is Relaxed: nothing is read on the strength of it.
        let free = self.state.compare_exchange(FREE, HELD, Acquire, Relaxed);
        free.is_ok()
    }

    /// Looks for a while, unless others wait already.
    fn spin(&self) {
        let mut spins = 0;
        // ORDERING: Relaxed: whoever finds the lock free here has yet to take it.
        while spins < SPINS && self.state.load(Relaxed) == HELD {
            hint::spin_loop();
            spins += 1;
        }
    }

    /// Waits in the queue until the lock is taken or the deadline is over.
    fn queue_up(&self, deadline: Option<Instant>) -> bool {
        let me = thread::current();
        self.queue().push_back(me.clone());
        // First the queue, then the mark: whoever releases after the mark finds this thread.
        let mut taken = self.take_contended();
        while !taken && park_until(deadline) {
            taken = self.take_contended();
        }
        self.queue().retain(|waiter| waiter.id() != me.id());
        if !taken {
            // A release may have unparked this thread: its wake-up must not leave the queue with it.
            self.wake_head();
        }
        taken
    }
    /// Takes a free lock or marks a held one, so that its release wakes somebody.
    fn take_contended(&self) -> bool {
        // ORDERING: Acquire pairs with the Release swap in `release`, as in `acquire`: that release
        // may have seen `HELD` and never touched the queue, so nothing else orders the two.
        self.state.swap(CONTENDED, Acquire) == FREE
    }
    /// Unparks the longest waiter, which stays in the queue until it has the lock or gives up.
    fn wake_head(&self) {
        let head = self.queue().front().cloned();
        if let Some(waiter) = head {
            waiter.unpark();
        }
    }
    #[track_caller] // A schedule then shows where the queue was locked, and not this line.
    fn queue(&self) -> MutexGuard<'_, VecDeque<Thread>> {
        self.queue
            .lock()
            .expect("nothing panics while it holds the queue")
    }
}
/// Parks until somebody unparks this thread; returns `false` once the deadline is over.
fn park_until(deadline: Option<Instant>) -> bool {
    let Some(deadline) = deadline else {
        thread::park();
        return true;
    };
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return false;
    }
    thread::park_timeout(left);
    true
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
