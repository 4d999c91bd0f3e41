//! An atomic owner that is taken by an exchange; the depth belongs to the owner and needs no lock.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::ops::Deref;

use heddle::cell::UnsafeCell;
use heddle::sync::Mutex;
use heddle::sync::atomic::AtomicUsize;
use heddle::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use heddle::thread::{self, Thread, ThreadId};
use heddle::time::{Duration, Instant};

/// How long an acquire may wait for a lock that another thread holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Not at all.
    No,
    /// This long in total, however often the waiting thread wakes up in between.
    For(Duration),
    /// Until the lock is free.
    Forever,
}

/// The error of releasing a lock that the calling thread does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOwner;

/// The levels that a thread gave up; [`RawRLock::restore`] takes them back, once.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "the thread holds nothing until it restores its levels"]
pub struct Levels(NonZeroUsize);

/// The owner of a free lock.
const NOBODY: usize = 0;

/// A re-entrant lock without data.
pub struct RawRLock {
    /// `NOBODY`, or the number of a thread: its place in `known`, counted from 1.
    owner: AtomicUsize,
    /// Only for the owner.
    depth: UnsafeCell<usize>,
    known: Mutex<Vec<ThreadId>>,
    queue: Mutex<VecDeque<Thread>>,
}

// SAFETY: the depth is reached by the owner alone, and taking the lock with Acquire pairs with
// leaving it with Release.
unsafe impl Sync for RawRLock {}

impl RawRLock {
    /// Creates a free lock.
    pub fn new() -> Self {
        Self {
            owner: AtomicUsize::new(NOBODY),
            depth: UnsafeCell::new(0),
            known: Mutex::new(Vec::new()),
            queue: Mutex::new(VecDeque::new()),
        }
    }

    /// Takes the lock one level deeper and returns `true`, or returns `false` when `wait` allows no
    /// more waiting; the owner never waits.
    ///
    /// # Panics
    /// When the depth does not fit into a `usize`.
    #[must_use]
    pub fn acquire(&self, wait: Wait) -> bool {
        self.enter(1, wait)
    }

    /// Comes up one level; the last one frees the lock and wakes a thread that waits for it.
    ///
    /// # Errors
    /// [`NotOwner`] when another thread holds the lock, or none; nothing changes.
    pub fn release(&self) -> Result<(), NotOwner> {
        if !self.is_owned() {
            return Err(NotOwner);
        }
        let left = self.add(|depth| depth - 1);
        if left == 0 {
            self.free();
        }
        Ok(())
    }

    /// Frees the lock from whatever depth, for a thread that is going to wait for something.
    ///
    /// # Errors
    /// [`NotOwner`] when another thread holds the lock, or none; nothing changes.
    ///
    /// # Python
    /// `RLock._release_save`, which `Condition.wait` calls before it sleeps.
    pub fn give_up_all(&self) -> Result<Levels, NotOwner> {
        let levels = NonZeroUsize::new(self.depth()).ok_or(NotOwner)?;
        self.add(|_| 0);
        self.free();
        Ok(Levels(levels))
    }

    /// Waits for the lock and goes back to the depth it was given up from.
    ///
    /// # Panics
    /// When the thread has taken the lock again in between and the sum of both depths does not fit.
    ///
    /// # Python
    /// `RLock._acquire_restore`, which `Condition.wait` calls after it slept.
    pub fn restore(&self, levels: Levels) {
        assert!(self.enter(levels.0.get(), Wait::Forever));
    }

    /// Tells whether the calling thread holds the lock; only that thread can change the answer.
    pub fn is_owned(&self) -> bool {
        // ORDERING: Relaxed: only this thread writes its own number, so it sees it or another's.
        self.owner.load(Relaxed) == self.number()
    }

    /// Counts the levels the calling thread holds: 0 when it is not the owner.
    pub fn depth(&self) -> usize {
        if self.is_owned() {
            self.add(|depth| depth)
        } else {
            0
        }
    }

    fn enter(&self, levels: usize, wait: Wait) -> bool {
        let me = self.number();
        // ORDERING: Relaxed, as in `is_owned`.
        let entered = self.owner.load(Relaxed) == me || self.take(me) || self.queue_up(me, wait);
        if entered {
            self.add(|depth| depth.checked_add(levels).unwrap());
        }
        entered
    }

    fn queue_up(&self, number: usize, wait: Wait) -> bool {
        let deadline = match wait {
            Wait::No => return false,
            Wait::For(limit) => Instant::now().checked_add(limit),
            Wait::Forever => None,
        };
        let me = thread::current();
        self.queue.lock().unwrap().push_back(me.clone());
        let mut taken = self.take(number);
        while !taken {
            match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
                None => thread::park(),
                Some(Duration::ZERO) => break,
                Some(left) => thread::park_timeout(left),
            }
            taken = self.take(number);
        }
        let mut queue = self.queue.lock().unwrap();
        queue.retain(|waiter| waiter.id() != me.id());
        drop(queue);
        if !taken {
            self.wake_head();
        }
        taken
    }

    fn take(&self, number: usize) -> bool {
        // ORDERING: Acquire pairs with the Release store in `free`.
        let taken = self
            .owner
            .compare_exchange(NOBODY, number, Acquire, Relaxed);
        taken.is_ok()
    }

    fn free(&self) {
        // ORDERING: Release pairs with the Acquire exchange in `take`.
        self.owner.store(NOBODY, Release);
        self.wake_head();
    }

    fn wake_head(&self) {
        let head = self.queue.lock().unwrap().front().cloned();
        if let Some(waiter) = head {
            waiter.unpark();
        }
    }

    /// Changes the depth and returns the new one; only for the owner.
    fn add(&self, change: impl FnOnce(usize) -> usize) -> usize {
        self.depth.with_mut(|depth| {
            // SAFETY: the calling thread is the owner, and no other one gets here.
            let depth = unsafe { &mut *depth };
            *depth = change(*depth);
            *depth
        })
    }

    /// The number of the calling thread, which is never another one's.
    fn number(&self) -> usize {
        let me = thread::current().id();
        let mut known = self.known.lock().unwrap();
        let place = known.iter().position(|id| *id == me);
        place.unwrap_or_else(|| {
            known.push(me);
            known.len() - 1
        }) + 1
    }
}

impl Default for RawRLock {
    fn default() -> Self {
        Self::new()
    }
}

/// A value that one thread at a time can reach, through as many guards as that thread likes.
///
/// # Python
/// `threading.RLock` with its data inside. A panic while the lock is held gives back the levels of
/// the guards it drops and does not poison the lock.
pub struct RLock<T> {
    raw: RawRLock,
    value: T,
}

// SAFETY: a shared `RLock` shows `&T` to its owner alone, and the mutex in `raw` orders one owner's
// accesses before the next one's: that is sending the value, not sharing it, so `T: Send` is enough.
unsafe impl<T: Send> Sync for RLock<T> {}

impl<T> RLock<T> {
    /// Creates a free lock around a value.
    pub fn new(value: T) -> Self {
        Self {
            raw: RawRLock::new(),
            value,
        }
    }

    /// Waits for the lock, or goes one level deeper; the guard gives the level back when it goes.
    pub fn lock(&self) -> Guard<'_, T> {
        self.guard(Wait::Forever)
            .expect("waiting forever ends with the lock")
    }

    /// Takes the lock if it is free or the calling thread's.
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        self.guard(Wait::No)
    }

    /// Waits for the lock no longer than `limit` in total.
    pub fn lock_timeout(&self, limit: Duration) -> Option<Guard<'_, T>> {
        self.guard(Wait::For(limit))
    }

    /// Counts the guards the calling thread holds.
    pub fn depth(&self) -> usize {
        self.raw.depth()
    }

    fn guard(&self, wait: Wait) -> Option<Guard<'_, T>> {
        // Lazily: a guard that is made for a failed attempt would release what it does not hold.
        self.raw.acquire(wait).then(|| Guard {
            lock: self,
            not_send: PhantomData,
        })
    }
}

/// One level of a held [`RLock`]; dropping it gives the level back, also during a panic.
///
/// It shows `&T` and never `&mut T`, because the same thread may hold another guard; to change the
/// value put a `Cell` or a `RefCell` inside. It stays in the thread that owns the lock.
#[must_use = "the level is given back as soon as the guard is dropped"]
pub struct Guard<'a, T> {
    lock: &'a RLock<T>,
    not_send: PhantomData<*const ()>,
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.lock.value
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.lock.raw.release().expect("a guard holds one level");
    }
}
