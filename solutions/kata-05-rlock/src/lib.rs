//! A lock that the thread which holds it may take again: an owner, and how deep it is in.

use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::ops::Deref;

use heddle::sync::{Condvar, Mutex, MutexGuard};
use heddle::thread::{self, ThreadId};
use heddle::time::Duration;

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

// stub: omit
/// Who holds the lock, and how often.
///
/// | `owner`        | `depth`  | the owner's `acquire` | another's `acquire` | the owner's `release`      |
/// | -------------- | -------- | --------------------- | ------------------- | -------------------------- |
/// | `None`         | 0        | nobody is the owner   | becomes the owner   | nobody is the owner        |
/// | `Some(thread)` | 1        | goes one level deeper | waits               | frees the lock, wakes one  |
/// | `Some(thread)` | 2 and up | goes one level deeper | waits               | comes up one level         |
struct State {
    owner: Option<ThreadId>,
    depth: usize,
}

/// A re-entrant lock without data.
pub struct RawRLock {
    // stub: omit
    state: Mutex<State>,
    // stub: omit
    freed: Condvar,
}

impl RawRLock {
    /// Creates a free lock.
    pub fn new() -> Self {
        // stub: todo "start out with no owner"
        Self {
            state: Mutex::new(State {
                owner: None,
                depth: 0,
            }),
            freed: Condvar::new(),
        }
    }

    /// Takes the lock one level deeper and returns `true`, or returns `false` when `wait` allows no
    /// more waiting; the owner never waits.
    ///
    /// # Panics
    /// When the depth does not fit into a `usize`.
    #[must_use]
    pub fn acquire(&self, wait: Wait) -> bool {
        // stub: todo "the owner goes deeper, everybody else waits for the lock to be free"
        self.enter(NonZeroUsize::MIN, wait)
    }

    /// Comes up one level; the last one frees the lock and wakes a thread that waits for it.
    ///
    /// # Errors
    /// [`NotOwner`] when another thread holds the lock, or none; nothing changes.
    pub fn release(&self) -> Result<(), NotOwner> {
        // stub: todo "refuse a stranger; count down; the last level frees the lock"
        let mut state = self.owned()?;
        state.depth -= 1;
        if state.depth == 0 {
            self.free(state);
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
        // stub: todo "as the last release, but remember the depth"
        let state = self.owned()?;
        let levels = NonZeroUsize::new(state.depth).expect("an owner is at least one level deep");
        self.free(state);
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
        // stub: todo "one acquire that goes several levels deep"
        let entered = self.enter(levels.0, Wait::Forever);
        debug_assert!(entered, "waiting forever ends with the lock");
    }

    /// Tells whether the calling thread holds the lock; only that thread can change the answer.
    pub fn is_owned(&self) -> bool {
        // stub: todo "is the owner this thread?"
        self.owned().is_ok()
    }

    /// Counts the levels the calling thread holds: 0 when it is not the owner.
    pub fn depth(&self) -> usize {
        // stub: todo "how deep is this thread in?"
        self.owned().map_or(0, |state| state.depth)
    }

    // stub: omit
    /// Goes `levels` deeper as soon as the calling thread owns the lock or nobody does.
    fn enter(&self, levels: NonZeroUsize, wait: Wait) -> bool {
        let me = thread::current().id();
        let taken = |state: &mut State| state.owner.is_some_and(|owner| owner != me);
        let mut state = self.state();
        // Both waits look again after each wake-up, and the second has one deadline for all of them.
        state = match wait {
            Wait::No => state,
            Wait::For(limit) => {
                let woken = self.freed.wait_timeout_while(state, limit, taken);
                woken.expect(UNPOISONED).0
            }
            Wait::Forever => self.freed.wait_while(state, taken).expect(UNPOISONED),
        };
        // Not the timeout decides but the state: the lock may have come free in the last moment.
        if taken(&mut state) {
            return false;
        }
        let depth = state.depth.checked_add(levels.get());
        state.depth = depth.expect("nobody nests this deep");
        state.owner = Some(me);
        true
    }

    // stub: omit
    /// Frees the lock; one waiter is enough, because only one can take it and its release wakes
    /// the next.
    fn free(&self, mut state: MutexGuard<'_, State>) {
        state.owner = None;
        state.depth = 0;
        drop(state);
        self.freed.notify_one();
    }

    // stub: omit
    /// The state, if the calling thread holds the lock.
    fn owned(&self) -> Result<MutexGuard<'_, State>, NotOwner> {
        let state = self.state();
        // By id: names are for people, and most threads have none.
        if state.owner == Some(thread::current().id()) {
            Ok(state)
        } else {
            Err(NotOwner)
        }
    }

    // stub: omit
    #[track_caller] // A schedule then shows where the lock was taken, and not this line.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(UNPOISONED)
    }
}

// stub: omit
const UNPOISONED: &str = "nothing panics while it holds the state";

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
        // stub: todo "wrap the value"
        Self {
            raw: RawRLock::new(),
            value,
        }
    }

    /// Waits for the lock, or goes one level deeper; the guard gives the level back when it goes.
    pub fn lock(&self) -> Guard<'_, T> {
        // stub: todo "take the raw lock, then make the guard"
        self.guard(Wait::Forever)
            .expect("waiting forever ends with the lock")
    }

    /// Takes the lock if it is free or the calling thread's.
    pub fn try_lock(&self) -> Option<Guard<'_, T>> {
        // stub: todo "make a guard only if the raw lock was taken"
        self.guard(Wait::No)
    }

    /// Waits for the lock no longer than `limit` in total.
    pub fn lock_timeout(&self, limit: Duration) -> Option<Guard<'_, T>> {
        // stub: todo "as `try_lock`, with a wait"
        self.guard(Wait::For(limit))
    }

    /// Counts the guards the calling thread holds.
    pub fn depth(&self) -> usize {
        // stub: todo "ask the raw lock"
        self.raw.depth()
    }

    // stub: omit
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
        // stub: todo "shared access only"
        &self.lock.value
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        // stub: todo "give the level back"
        self.lock.raw.release().expect("a guard holds one level");
    }
}
