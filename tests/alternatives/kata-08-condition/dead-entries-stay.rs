//! A compare-and-swap on the waiter's state decides between a notify and a timeout; who has timed out
//! leaves a dead entry behind, which the next one to lock the list sweeps away.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::ptr;

use heddle::sync::atomic::{AtomicU8, Ordering};
use heddle::sync::{Arc, Mutex, MutexGuard};
use heddle::thread::{self, Thread};
use heddle::time::{Duration, Instant};

const WAITING: u8 = 0;
const PICKED: u8 = 1;
const GONE: u8 = 2;

/// A locked mutex that can be given up and taken again: std's guard does not say whose it is.
#[must_use = "dropping it at once unlocks the mutex"]
pub struct Locked<'m, T> {
    mutex: &'m Mutex<T>,
    guard: MutexGuard<'m, T>,
}

/// Locks `mutex`; dropping what it returns unlocks it.
#[track_caller]
pub fn lock<T>(mutex: &Mutex<T>) -> Locked<'_, T> {
    let guard = mutex.lock().expect("the mutex is poisoned");
    Locked { mutex, guard }
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
#[derive(Default)]
pub struct Condition {
    waiters: Mutex<VecDeque<Arc<Waiter>>>,
}

struct Waiter {
    thread: Thread,
    mutex: usize,
    state: AtomicU8,
}

impl Condition {
    /// A condition for which nobody waits yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Unlocks the mutex, waits until a notify picks this thread, and locks the mutex again.
    pub fn wait<'m, T>(&self, locked: Locked<'m, T>) -> Locked<'m, T> {
        self.wait_until(locked, None).0
    }

    /// Waits for as long as `not_yet` says true, and returns with the mutex locked.
    pub fn wait_while<'m, T, F>(&self, mut locked: Locked<'m, T>, mut not_yet: F) -> Locked<'m, T>
    where
        F: FnMut(&mut T) -> bool,
    {
        while not_yet(&mut locked) {
            locked = self.wait(locked);
        }
        locked
    }

    /// Waits like [`wait`](Self::wait), but no longer than `timeout`.
    pub fn wait_timeout<'m, T>(&self, locked: Locked<'m, T>, timeout: Duration) -> Timed<'m, T> {
        self.wait_until(locked, Instant::now().checked_add(timeout))
    }

    /// Waits like [`wait_while`](Self::wait_while), but no longer than `timeout` in all.
    pub fn wait_timeout_while<'m, T, F>(
        &self,
        mut locked: Locked<'m, T>,
        timeout: Duration,
        mut not_yet: F,
    ) -> Timed<'m, T>
    where
        F: FnMut(&mut T) -> bool,
    {
        let deadline = Instant::now().checked_add(timeout);
        let mut outcome = Outcome::InTime;
        while not_yet(&mut locked) {
            if outcome == Outcome::TimedOut {
                return (locked, outcome);
            }
            (locked, outcome) = self.wait_until(locked, deadline);
        }
        (locked, Outcome::InTime)
    }

    /// Picks up to `n` of the threads that wait now, the longest waiting first, and says how many.
    pub fn notify(&self, n: usize) -> usize {
        let mut picked = Vec::new();
        let mut waiters = lock(&self.waiters);
        while picked.len() < n
            && let Some(waiter) = waiters.pop_front()
        {
            // ORDERING: Release pairs with the Acquire load in `sleep`, and with the failing
            // exchange there; both see what this thread did before the notify.
            if waiter.leave_waiting(PICKED, Ordering::Release, Ordering::Relaxed) {
                picked.push(waiter);
            }
        }
        drop(waiters);
        for waiter in &picked {
            waiter.thread.unpark();
        }
        picked.len()
    }

    /// Picks the thread that has waited longest, and says how many that were: one, or none.
    pub fn notify_one(&self) -> usize {
        self.notify(1)
    }

    /// Picks every thread that waits now, and says how many.
    pub fn notify_all(&self) -> usize {
        self.notify(usize::MAX)
    }

    fn wait_until<'m, T>(&self, locked: Locked<'m, T>, deadline: Option<Instant>) -> Timed<'m, T> {
        let mutex = locked.mutex;
        let waiter = self.enqueue(ptr::from_ref(mutex).addr());
        drop(locked);
        let outcome = waiter.sleep(deadline);
        (lock(mutex), outcome)
    }

    fn enqueue(&self, mutex: usize) -> Arc<Waiter> {
        let mut waiters = lock(&self.waiters);
        // ORDERING: Relaxed: an entry that looks alive although it is dead only stays a little longer.
        waiters.retain(|waiter| waiter.state.load(Ordering::Relaxed) == WAITING);
        if waiters.front().is_some_and(|first| first.mutex != mutex) {
            drop(waiters);
            panic!("one condition, two mutexes: another thread waits here with another mutex");
        }
        let waiter = Arc::new(Waiter {
            thread: thread::current(),
            mutex,
            state: AtomicU8::new(WAITING),
        });
        waiters.push_back(Arc::clone(&waiter));
        waiter
    }
}

impl Waiter {
    fn sleep(&self, deadline: Option<Instant>) -> Outcome {
        // ORDERING: Acquire pairs with the Release exchange in `notify`.
        while self.state.load(Ordering::Acquire) == WAITING {
            match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
                None => thread::park(),
                Some(Duration::ZERO) => {
                    // ORDERING: GONE publishes nothing; a failure is a late notify, and acquires it.
                    if self.leave_waiting(GONE, Ordering::Relaxed, Ordering::Acquire) {
                        return Outcome::TimedOut;
                    }
                }
                Some(left) => thread::park_timeout(left),
            }
        }
        Outcome::InTime
    }

    fn leave_waiting(&self, state: u8, success: Ordering, failure: Ordering) -> bool {
        self.state
            .compare_exchange(WAITING, state, success, failure)
            .is_ok()
    }
}

/// A queue of at most `capacity` items, in which producers wait for room and consumers for items.
pub struct BoundedBuffer<T> {
    capacity: NonZeroUsize,
    items: Mutex<VecDeque<T>>,
    not_full: Condition,
    not_empty: Condition,
}

impl<T> BoundedBuffer<T> {
    /// An empty buffer with room for `capacity` items.
    pub fn new(capacity: NonZeroUsize) -> Self {
        Self {
            capacity,
            items: Mutex::new(VecDeque::new()),
            not_full: Condition::new(),
            not_empty: Condition::new(),
        }
    }

    /// Puts `item` at the end, after waiting for room.
    pub fn put(&self, item: T) {
        let full = |items: &mut VecDeque<T>| items.len() == self.capacity.get();
        let mut items = self.not_full.wait_while(lock(&self.items), full);
        items.push_back(item);
        self.not_empty.notify_one();
    }

    /// Takes the first item out, after waiting for one.
    pub fn get(&self) -> T {
        let empty = |items: &mut VecDeque<T>| items.is_empty();
        let mut items = self.not_empty.wait_while(lock(&self.items), empty);
        let item = items.pop_front().expect("the wait ends with an item");
        self.not_full.notify_one();
        item
    }
}
