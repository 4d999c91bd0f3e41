//! A fair lock: the last release makes the longest waiter the owner and wakes it.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::ops::Deref;

use heddle::sync::{Mutex, MutexGuard};
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

/// A thread in the queue and the depth it will have as the owner.
struct Waiter {
    thread: Thread,
    levels: usize,
}

/// What the mutex protects; without an owner the queue is empty.
struct State {
    owner: Option<ThreadId>,
    depth: usize,
    queue: VecDeque<Waiter>,
}

/// A re-entrant lock without data.
pub struct RawRLock {
    state: Mutex<State>,
}

impl RawRLock {
    /// Creates a free lock.
    pub fn new() -> Self {
        let state = State {
            owner: None,
            depth: 0,
            queue: VecDeque::new(),
        };
        Self {
            state: Mutex::new(state),
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
        let mut state = self.mine()?;
        state.depth -= 1;
        if state.depth == 0 {
            hand_over(state);
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
        let state = self.mine()?;
        let levels = NonZeroUsize::new(state.depth).ok_or(NotOwner)?;
        hand_over(state);
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
        self.mine().is_ok()
    }

    /// Counts the levels the calling thread holds: 0 when it is not the owner.
    pub fn depth(&self) -> usize {
        self.mine().map_or(0, |state| state.depth)
    }

    fn enter(&self, levels: usize, wait: Wait) -> bool {
        let me = thread::current();
        let mut state = self.state.lock().unwrap();
        if state.owner.is_none_or(|owner| owner == me.id()) {
            state.owner = Some(me.id());
            state.depth = state.depth.checked_add(levels).unwrap();
            return true;
        }
        let deadline = match wait {
            Wait::No => return false,
            Wait::For(limit) => Instant::now().checked_add(limit),
            Wait::Forever => None,
        };
        let thread = me.clone();
        state.queue.push_back(Waiter { thread, levels });
        drop(state);
        self.await_turn(me.id(), deadline)
    }

    /// Sleeps until this thread has been made the owner or the deadline is past.
    fn await_turn(&self, me: ThreadId, deadline: Option<Instant>) -> bool {
        loop {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let mut state = self.state.lock().unwrap();
            if state.owner == Some(me) {
                return true;
            }
            if left == Some(Duration::ZERO) {
                state.queue.retain(|waiter| waiter.thread.id() != me);
                return false;
            }
            drop(state);
            match left {
                None => thread::park(),
                Some(left) => thread::park_timeout(left),
            }
        }
    }

    fn mine(&self) -> Result<MutexGuard<'_, State>, NotOwner> {
        let state = self.state.lock().unwrap();
        if state.owner == Some(thread::current().id()) {
            Ok(state)
        } else {
            Err(NotOwner)
        }
    }
}

/// Makes the longest waiter the owner, or nobody.
fn hand_over(mut state: MutexGuard<'_, State>) {
    let next = state.queue.pop_front();
    state.owner = next.as_ref().map(|waiter| waiter.thread.id());
    state.depth = next.as_ref().map_or(0, |waiter| waiter.levels);
    drop(state);
    if let Some(waiter) = next {
        waiter.thread.unpark();
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
