//! A futex in one process, a three-state mutex on it, a hand-made condition and a re-entrant lock.

use heddle::cell::UnsafeCell;
use heddle::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};
use heddle::sync::{Arc, Mutex};
use heddle::thread::{self, Thread, ThreadId};
use std::collections::VecDeque;

/// A word that threads sleep on.
struct Futex {
    word: AtomicUsize,
    sleepers: Mutex<VecDeque<Sleeper>>,
    tests_before_the_lock: bool,
}

struct Sleeper {
    thread: Thread,
    woken: Arc<AtomicBool>,
}

impl Sleeper {
    fn new() -> (Sleeper, Arc<AtomicBool>) {
        let woken = Arc::new(AtomicBool::new(false));
        (
            Sleeper {
                thread: thread::current(),
                woken: woken.clone(),
            },
            woken,
        )
    }

    fn wake(self) {
        self.woken.store(true, Release);
        self.thread.unpark();
    }
}

fn sleep_until(woken: &AtomicBool) {
    while !woken.load(Acquire) {
        thread::park();
    }
}

impl Futex {
    fn new(tests_before_the_lock: bool) -> Self {
        Futex {
            word: AtomicUsize::new(0),
            sleepers: Mutex::new(VecDeque::new()),
            tests_before_the_lock,
        }
    }

    /// Sleeps if the word is still `expected`.
    fn wait(&self, expected: usize) {
        if self.tests_before_the_lock && self.word.load(Acquire) != expected {
            return;
        }
        let mut sleepers = self.sleepers.lock().unwrap();
        if !self.tests_before_the_lock && self.word.load(Acquire) != expected {
            return;
        }
        let (sleeper, woken) = Sleeper::new();
        sleepers.push_back(sleeper);
        drop(sleepers);
        sleep_until(&woken);
    }

    fn wake_one(&self) {
        let sleeper = self.sleepers.lock().unwrap().pop_front();
        if let Some(sleeper) = sleeper {
            sleeper.wake();
        }
    }
}

fn one_waits_one_wakes(tests_before_the_lock: bool) {
    let futex = Arc::new(Futex::new(tests_before_the_lock));
    let waker = thread::spawn({
        let futex = futex.clone();
        move || {
            futex.word.store(1, Release);
            futex.wake_one();
        }
    });
    while futex.word.load(Acquire) == 0 {
        futex.wait(0);
    }
    waker.join().unwrap();
}

/// (r) The futex tests its word before it locks its queue.
#[test]
fn futex_tests_before_the_queue_lock() {
    rejected!("deadlock", "sequential-", || one_waits_one_wakes(true));
}

/// Right: one thread waits, one wakes.
#[test]
fn right_futex() {
    accepted!(|| one_waits_one_wakes(false));
}

/// A mutex of three states: 0 free, 1 held, 2 held and somebody may sleep.
struct ThreeState {
    futex: Futex,
    value: UnsafeCell<usize>,
    relocks_as: usize,
}

// SAFETY: `value` is touched between `lock` and `unlock` alone.
unsafe impl Sync for ThreeState {}

impl ThreeState {
    fn lock(&self) {
        if self
            .futex
            .word
            .compare_exchange(0, 1, Acquire, Relaxed)
            .is_ok()
        {
            return;
        }
        let mut seen = self.futex.word.swap(2, Acquire);
        while seen != 0 {
            self.futex.wait(2);
            seen = self.futex.word.swap(self.relocks_as, Acquire);
            if seen != 0 && self.relocks_as == 1 {
                seen = self.futex.word.swap(2, Acquire);
            }
        }
    }

    fn unlock(&self) {
        if self.futex.word.swap(0, Release) == 2 {
            self.futex.wake_one();
        }
    }
}

fn three_state(threads: usize, relocks_as: usize) {
    let mutex = Arc::new(ThreeState {
        futex: Futex::new(false),
        value: UnsafeCell::new(0),
        relocks_as,
    });
    let increment = |mutex: &ThreeState| {
        mutex.lock();
        // SAFETY: the mutex is held.
        mutex.value.with_mut(|value| unsafe { *value += 1 });
        mutex.unlock();
    };
    let handles: Vec<_> = (1..threads)
        .map(|_| {
            let mutex = mutex.clone();
            thread::spawn(move || increment(&mutex))
        })
        .collect();
    increment(&mutex);
    handles.into_iter().for_each(|h| h.join().unwrap());
    // SAFETY: every other thread was joined.
    assert_eq!(mutex.value.with(|value| unsafe { *value }), threads);
}

/// (r) Locking again as "nobody sleeps" forgets the second sleeper: needs three threads.
#[test]
fn futex_mutex_relocks_as_uncontended() {
    rejected!("deadlock", "sequential-", || three_state(3, 1));
}

/// Right: two threads.
#[test]
fn right_three_state_mutex_with_two_threads() {
    accepted!(|| three_state(2, 2));
}

/// Right: three threads.
#[test]
fn right_three_state_mutex_with_three_threads() {
    accepted!(|| three_state(3, 2));
}

/// A condition of one's own: a list of sleepers behind the same lock discipline as a futex.
struct Condition {
    sleepers: Mutex<VecDeque<Sleeper>>,
    unlocks_first: bool,
}

/// `waiters` threads wait for a flag under a lock; thread 0 sets it and wakes them all.
fn condition(waiters: usize, unlocks_first: bool) {
    let condition = Condition {
        sleepers: Mutex::new(VecDeque::new()),
        unlocks_first,
    };
    let shared = Arc::new((Mutex::new(false), condition));
    let handles: Vec<_> = (0..waiters)
        .map(|_| {
            let shared = shared.clone();
            thread::spawn(move || {
                let (flag, condition) = &*shared;
                let mut set = flag.lock().unwrap();
                while !*set {
                    let (sleeper, woken) = Sleeper::new();
                    if condition.unlocks_first {
                        drop(set);
                        condition.sleepers.lock().unwrap().push_back(sleeper);
                    } else {
                        condition.sleepers.lock().unwrap().push_back(sleeper);
                        drop(set);
                    }
                    sleep_until(&woken);
                    set = flag.lock().unwrap();
                }
            })
        })
        .collect();
    *shared.0.lock().unwrap() = true;
    let sleepers = std::mem::take(&mut *shared.1.sleepers.lock().unwrap());
    sleepers.into_iter().for_each(Sleeper::wake);
    handles.into_iter().for_each(|h| h.join().unwrap());
}

/// (e) The lock is released before the thread is on the list of waiters.
#[test]
fn unlocked_before_queued() {
    rejected!("deadlock", "sequential-", || condition(1, true));
}

/// Right: one waiter.
#[test]
fn right_condition_with_two_threads() {
    accepted!(|| condition(1, false));
}

/// Right: two waiters.
#[test]
fn right_condition_with_three_threads() {
    accepted!(|| condition(2, false));
}

/// A re-entrant lock: owner and depth under a mutex.
struct Reentrant {
    owner: Mutex<Option<(ThreadId, usize)>>,
    released: heddle::sync::Condvar,
    value: UnsafeCell<usize>,
}

// SAFETY: `value` is touched by the owner alone.
unsafe impl Sync for Reentrant {}

impl Reentrant {
    fn enter(&self) {
        let me = thread::current().id();
        let owner = self.owner.lock().unwrap();
        let other = |owner: &mut Option<(ThreadId, usize)>| owner.is_some_and(|(id, _)| id != me);
        let mut owner = self.released.wait_while(owner, other).unwrap();
        *owner = Some((me, owner.map_or(1, |(_, depth)| depth + 1)));
    }

    fn leave(&self) {
        let mut owner = self.owner.lock().unwrap();
        let (id, depth) = owner.take().expect("only the owner leaves");
        if depth > 1 {
            *owner = Some((id, depth - 1));
        } else {
            self.released.notify_one();
        }
    }
}

fn reentrant(threads: usize) {
    let lock = Reentrant {
        owner: Mutex::new(None),
        released: heddle::sync::Condvar::new(),
        value: UnsafeCell::new(0),
    };
    let lock = Arc::new(lock);
    let twice = |lock: &Reentrant| {
        lock.enter();
        lock.enter();
        // SAFETY: this thread owns the lock.
        lock.value.with_mut(|value| unsafe { *value += 1 });
        lock.leave();
        lock.leave();
    };
    let handles: Vec<_> = (1..threads)
        .map(|_| {
            let lock = lock.clone();
            thread::spawn(move || twice(&lock))
        })
        .collect();
    twice(&lock);
    handles.into_iter().for_each(|h| h.join().unwrap());
}

/// Right: a re-entrant lock, two threads.
#[test]
fn right_reentrant_lock_with_two_threads() {
    accepted!(|| reentrant(2));
}

/// Right: three threads.
#[test]
fn right_reentrant_lock_with_three_threads() {
    accepted!(|| reentrant(3));
}
