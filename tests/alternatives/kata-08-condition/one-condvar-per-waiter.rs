//! Every wait has a mutex and a condition variable of its own instead of a token and a flag.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::ptr;

use heddle::sync::{Arc, Condvar, Mutex, MutexGuard};
use heddle::time::{Duration, Instant};

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
    mutex: usize,
    picked: Mutex<bool>,
    bell: Condvar,
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
        let mut waiters = lock(&self.waiters);
        let n = n.min(waiters.len());
        for waiter in waiters.drain(..n) {
            // The waiter's own lock is taken inside the lock of the list, by everyone in this order.
            *lock(&waiter.picked) = true;
            waiter.bell.notify_one();
        }
        n
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
        waiter.sleep(deadline);
        let outcome = self.leave(&waiter);
        (lock(mutex), outcome)
    }

    fn enqueue(&self, mutex: usize) -> Arc<Waiter> {
        let mut waiters = lock(&self.waiters);
        if waiters.front().is_some_and(|first| first.mutex != mutex) {
            drop(waiters);
            panic!("one condition, two mutexes: another thread waits here with another mutex");
        }
        let waiter = Arc::new(Waiter {
            mutex,
            picked: Mutex::new(false),
            bell: Condvar::new(),
        });
        waiters.push_back(Arc::clone(&waiter));
        waiter
    }

    /// Goes by the list alone: who is still in it was not picked.
    fn leave(&self, waiter: &Arc<Waiter>) -> Outcome {
        let mut waiters = lock(&self.waiters);
        let before = waiters.len();
        waiters.retain(|other| !Arc::ptr_eq(other, waiter));
        if waiters.len() == before {
            Outcome::InTime
        } else {
            Outcome::TimedOut
        }
    }
}

impl Waiter {
    fn sleep(&self, deadline: Option<Instant>) {
        let mut picked = self.picked.lock().unwrap();
        while !*picked {
            let Some(deadline) = deadline else {
                picked = self.bell.wait(picked).unwrap();
                continue;
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            (picked, _) = self.bell.wait_timeout(picked, left).unwrap();
        }
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
