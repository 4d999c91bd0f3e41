//! A condition variable of one's own, and the bounded buffer that is built on it.
//!
//! A [`Condition`] is a queue of parked threads. A thread that finds a state it cannot use puts itself
//! into the queue, gives the mutex up and parks; a thread that changes the state takes others out.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::ptr;

use heddle::sync::atomic::{AtomicBool, Ordering};
use heddle::sync::{Arc, Mutex, MutexGuard};
use heddle::thread::{self, Thread};
use heddle::time::{Duration, Instant};

/// A locked mutex that can be given up and taken again: std's guard does not say whose it is.
#[must_use = "dropping it at once unlocks the mutex"]
pub struct Locked<'m, T> {
    mutex: &'m Mutex<T>,
    guard: MutexGuard<'m, T>,
}

/// Locks `mutex`; dropping what it returns unlocks it.
///
/// # Panics
///
/// When another thread panicked while it held the mutex: what it guards may be half changed.
///
/// # Python
///
/// `with condition:`, except that Python lets the next thread go on after such an exception.
#[track_caller]
pub fn lock<T>(mutex: &Mutex<T>) -> Locked<'_, T> {
    // stub: todo "lock the mutex and remember which one it is"
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
///
/// A wait ends only when a notify has picked it or its time has run out, never by itself. Which state
/// was waited for is not the condition's business: the mutex guards it, and the caller tests it.
///
/// # Python
///
/// `threading.Condition`, without a lock of its own: several conditions may go with one mutex.
pub struct Condition {
    // stub: omit
    waiters: Mutex<VecDeque<Arc<Waiter>>>,
}

// stub: omit
/// One wait: of whom, with which mutex, and whether a notify has picked it.
struct Waiter {
    thread: Thread,
    mutex: usize,
    notified: AtomicBool,
}

impl Condition {
    /// A condition for which nobody waits yet.
    pub fn new() -> Self {
        // stub: todo "nobody waits yet"
        Self {
            waiters: Mutex::new(VecDeque::new()),
        }
    }

    /// Unlocks the mutex, waits until a notify picks this thread, and locks the mutex again.
    ///
    /// Others may have had the mutex in between, so the state must be tested again: see
    /// [`wait_while`](Self::wait_while).
    ///
    /// # Panics
    ///
    /// When another thread waits here with another mutex, or when a thread panicked with the mutex held.
    ///
    /// # Ordering
    ///
    /// What a thread did before its notify has happened before the wait that it picked returns.
    pub fn wait<'m, T>(&self, locked: Locked<'m, T>) -> Locked<'m, T> {
        // stub: todo "queue up, unlock, park until picked, lock"
        self.wait_until(locked, None).0
    }

    /// Waits for as long as `not_yet` says true, and returns with the mutex locked.
    ///
    /// # Panics
    ///
    /// As [`wait`](Self::wait), and when `not_yet` does.
    ///
    /// # Python
    ///
    /// `wait_for`, turned round: Python's predicate says when to stop.
    pub fn wait_while<'m, T, F>(&self, mut locked: Locked<'m, T>, mut not_yet: F) -> Locked<'m, T>
    where
        F: FnMut(&mut T) -> bool,
    {
        // stub: todo "wait, and test again after each wait"
        while not_yet(&mut locked) {
            locked = self.wait(locked);
        }
        locked
    }

    /// Waits like [`wait`](Self::wait), but no longer than `timeout`.
    ///
    /// A notify that picked this thread makes it [`Outcome::InTime`], however late: a notify that is
    /// counted is never lost. A thread whose time has run out is no longer there to be picked.
    ///
    /// # Panics
    ///
    /// As [`wait`](Self::wait).
    pub fn wait_timeout<'m, T>(&self, locked: Locked<'m, T>, timeout: Duration) -> Timed<'m, T> {
        // stub: todo "wait until picked, or until the deadline"
        self.wait_until(locked, Instant::now().checked_add(timeout))
    }

    /// Waits like [`wait_while`](Self::wait_while), but no longer than `timeout` in all.
    ///
    /// [`Outcome::TimedOut`] says that the time ran out and `not_yet` still said true at the
    /// last test; there is at least one, also with a `timeout` of zero.
    ///
    /// # Panics
    ///
    /// As [`wait_while`](Self::wait_while).
    pub fn wait_timeout_while<'m, T, F>(
        &self,
        mut locked: Locked<'m, T>,
        timeout: Duration,
        mut not_yet: F,
    ) -> Timed<'m, T>
    where
        F: FnMut(&mut T) -> bool,
    {
        // stub: todo "one deadline for all waits; a last test when it has passed"
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
    ///
    /// Who comes to wait later is not picked, and a notify for which nobody waits is lost. The mutex
    /// need not be held; if it is, those who were picked go on when it is free.
    ///
    /// # Python
    ///
    /// `notify(n)`, which demands the lock and returns nothing.
    pub fn notify(&self, n: usize) -> usize {
        // stub: todo "take up to n waiters out of the queue, then wake them"
        let picked: Vec<_> = {
            let mut waiters = lock(&self.waiters);
            let n = n.min(waiters.len());
            waiters.drain(..n).collect()
        };
        for waiter in &picked {
            waiter.wake();
        }
        picked.len()
    }

    /// Picks the thread that has waited longest, and says how many that were: one, or none.
    pub fn notify_one(&self) -> usize {
        // stub: todo "notify one"
        self.notify(1)
    }

    /// Picks every thread that waits now, and says how many.
    pub fn notify_all(&self) -> usize {
        // stub: todo "notify as many as there are"
        self.notify(usize::MAX)
    }

    // stub: omit
    /// Waits until notified or until `deadline`; without one, until notified.
    fn wait_until<'m, T>(&self, locked: Locked<'m, T>, deadline: Option<Instant>) -> Timed<'m, T> {
        let mutex = locked.mutex;
        // In the queue before the mutex is free: whoever changes the state under it finds this waiter.
        let waiter = self.enqueue(ptr::from_ref(mutex).addr());
        drop(locked);
        // A waiter that is no longer in the queue was picked at the last moment: that notify is its own.
        let outcome = if waiter.sleep(deadline) || !self.withdraw(&waiter) {
            Outcome::InTime
        } else {
            Outcome::TimedOut
        };
        (lock(mutex), outcome)
    }

    // stub: omit
    /// Puts the current thread at the end of the queue.
    fn enqueue(&self, mutex: usize) -> Arc<Waiter> {
        let mut waiters = lock(&self.waiters);
        if waiters.front().is_some_and(|first| first.mutex != mutex) {
            // A panic with the queue locked would take everyone else's condition away.
            drop(waiters);
            panic!("one condition, two mutexes: another thread waits here with another mutex");
        }
        let waiter = Arc::new(Waiter {
            thread: thread::current(),
            mutex,
            notified: AtomicBool::new(false),
        });
        waiters.push_back(Arc::clone(&waiter));
        waiter
    }

    // stub: omit
    /// Takes a waiter out of the queue; false when a notify was faster.
    fn withdraw(&self, waiter: &Arc<Waiter>) -> bool {
        let mut waiters = lock(&self.waiters);
        let place = waiters.iter().position(|other| Arc::ptr_eq(other, waiter));
        place.is_some_and(|place| waiters.remove(place).is_some())
    }
}

impl Default for Condition {
    fn default() -> Self {
        Self::new()
    }
}

// stub: omit
impl Waiter {
    /// Sleeps until notified or until `deadline`, and says whether it was notified.
    fn sleep(&self, deadline: Option<Instant>) -> bool {
        // ORDERING: Acquire pairs with the Release store in `wake`, and so sees what the notifier did.
        // `while`: park may return by itself, or for a token that was given for something else.
        while !self.notified.load(Ordering::Acquire) {
            match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
                None => thread::park(),
                Some(Duration::ZERO) => return false,
                Some(left) => thread::park_timeout(left),
            }
        }
        true
    }

    /// Ends the sleep; the caller has taken this waiter out of the queue.
    fn wake(&self) {
        // ORDERING: Release pairs with the Acquire load in `sleep`; it publishes what this thread did
        // before the notify, under the mutex or not. Stored first: the unparked thread looks at it.
        self.notified.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

/// A queue of at most `capacity` items, in which producers wait for room and consumers for items.
///
/// # Python
///
/// The producer and the consumer of the tutorial, with a limit; `queue.Queue` is built like this.
pub struct BoundedBuffer<T> {
    capacity: NonZeroUsize,
    items: Mutex<VecDeque<T>>,
    // stub: omit
    not_full: Condition,
    // stub: omit
    not_empty: Condition,
}

impl<T> BoundedBuffer<T> {
    /// An empty buffer with room for `capacity` items.
    pub fn new(capacity: NonZeroUsize) -> Self {
        // stub: todo "empty, with room for capacity items"
        Self {
            capacity,
            items: Mutex::new(VecDeque::new()),
            not_full: Condition::new(),
            not_empty: Condition::new(),
        }
    }

    /// Puts `item` at the end, after waiting for room.
    pub fn put(&self, item: T) {
        // stub: todo "wait for room, put the item in, tell a consumer"
        let full = |items: &mut VecDeque<T>| items.len() == self.capacity.get();
        let mut items = self.not_full.wait_while(lock(&self.items), full);
        items.push_back(item);
        self.not_empty.notify_one();
    }

    /// Takes the first item out, after waiting for one.
    pub fn get(&self) -> T {
        // stub: todo "wait for an item, take it out, tell a producer"
        let empty = |items: &mut VecDeque<T>| items.is_empty();
        let mut items = self.not_empty.wait_while(lock(&self.items), empty);
        let item = items.pop_front().expect("the wait ends with an item");
        self.not_full.notify_one();
        item
    }
}
