//! What the re-entrant lock does in one thread, and in two that shake hands.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

use heddle::sync::Arc;
use heddle::thread;
use heddle::time::{Duration, Instant};

use kata_05_rlock::{NotOwner, RLock, RawRLock, Wait};

const MOMENT: Duration = Duration::from_millis(10);

/// What another thread finds when it asks, and what it can do.
#[derive(Debug, PartialEq)]
struct Stranger {
    owns: bool,
    depth: usize,
    released: Result<(), NotOwner>,
    gave_up: bool,
    acquired: bool,
}

const LOCKED_OUT: Stranger = Stranger {
    owns: false,
    depth: 0,
    released: Err(NotOwner),
    gave_up: false,
    acquired: false,
};

/// Lets another thread try everything that does not wait, and put back what it got.
fn stranger(raw: &Arc<RawRLock>, builder: thread::Builder) -> Stranger {
    let raw = Arc::clone(raw);
    let ask = move || {
        let (owns, depth, released) = (raw.is_owned(), raw.depth(), raw.release());
        let gave_up = raw.give_up_all().is_ok();
        let acquired = raw.acquire(Wait::No);
        if acquired {
            raw.release().expect("acquired just now");
        }
        Stranger {
            owns,
            depth,
            released,
            gave_up,
            acquired,
        }
    };
    builder.spawn(ask).unwrap().join().unwrap()
}

fn can_take(raw: &Arc<RawRLock>) -> bool {
    stranger(raw, thread::Builder::new()).acquired
}

/// The owner takes the lock again at once, whatever it says about waiting.
#[test]
fn the_owner_may_lock_again() {
    heddle::spec(|| {
        let raw = RawRLock::new();
        let waits = [
            Wait::No,
            Wait::For(Duration::ZERO),
            Wait::For(MOMENT),
            Wait::Forever,
        ];
        for (taken, wait) in waits.into_iter().enumerate() {
            assert_eq!(raw.depth(), taken);
            assert!(raw.acquire(wait), "{wait:?} must let the owner in");
        }
        assert_eq!(raw.depth(), waits.len());
    });
}

/// The owner's guards go deeper as well, whether they wait, try or wait for some time.
#[test]
fn the_owner_may_take_another_guard() {
    heddle::spec(|| {
        let lock = RLock::new(());
        let guards = [
            lock.lock_timeout(Duration::ZERO),
            lock.try_lock(),
            lock.lock_timeout(Duration::ZERO),
            lock.lock_timeout(MOMENT),
            Some(lock.lock()),
        ];
        assert!(guards.iter().all(Option::is_some), "the owner was kept out");
        assert_eq!(lock.depth(), guards.len());
    });
}

/// The lock goes as deep as it is asked to, and gives up and takes back any number of levels.
#[test]
fn the_levels_are_counted_far() {
    // More than eight bits can count, and more than sixteen.
    const DEEP: usize = (1 << 16) + 1;
    heddle::spec(|| {
        let raw = Arc::new(RawRLock::new());
        for _ in 0..DEEP {
            assert!(raw.acquire(Wait::No));
        }
        assert_eq!(raw.depth(), DEEP);
        let levels = raw.give_up_all().expect("this thread holds the lock");
        assert!(can_take(&raw), "a level was left behind");
        raw.restore(levels);
        assert_eq!(raw.depth(), DEEP);
        for _ in 1..DEEP {
            assert_eq!(raw.release(), Ok(()));
        }
        assert!(!can_take(&raw), "free after too few releases");
        assert_eq!(raw.release(), Ok(()));
        assert!(can_take(&raw), "still held after the last release");
    });
}

/// The lock is free after as many releases as acquires, and not before.
#[test]
fn as_many_releases_as_acquires_free_the_lock() {
    heddle::spec(|| {
        let raw = Arc::new(RawRLock::new());
        for _ in 0..3 {
            assert!(raw.acquire(Wait::No));
        }
        for left in [2, 1, 0] {
            assert!(!can_take(&raw), "free after too few releases");
            assert_eq!(raw.release(), Ok(()));
            assert_eq!(raw.depth(), left);
        }
        assert!(can_take(&raw), "still held after the last release");
    });
}

/// The recursion of the tutorial: each level takes the lock, and the first return frees nothing.
#[test]
fn a_recursive_function_takes_the_lock_at_each_level() {
    fn descend(lock: &RLock<RefCell<Vec<usize>>>, levels: usize) {
        let guard = lock.lock();
        guard.borrow_mut().push(lock.depth());
        if levels > 0 {
            descend(lock, levels - 1);
        }
        guard.borrow_mut().push(lock.depth());
    }
    heddle::spec(|| {
        let lock = RLock::new(RefCell::new(Vec::new()));
        descend(&lock, 2);
        assert_eq!(lock.depth(), 0);
        assert_eq!(*lock.lock().borrow(), [1, 2, 3, 3, 2, 1]);
    });
}

/// Releasing a free lock is an error that changes nothing.
#[test]
fn releasing_a_free_lock_is_an_error() {
    heddle::spec(|| {
        let raw = Arc::new(RawRLock::new());
        assert_eq!(raw.release(), Err(NotOwner));
        assert_eq!(raw.give_up_all(), Err(NotOwner));
        assert_eq!(raw.depth(), 0);
        assert!(raw.acquire(Wait::No));
        assert_eq!(raw.release(), Ok(()));
        assert_eq!(raw.release(), Err(NotOwner));
        assert!(can_take(&raw), "the refused release has broken the lock");
    });
}

/// Another thread can neither take nor release nor give up the owner's levels.
#[test]
fn a_stranger_can_do_nothing_to_the_owner() {
    heddle::spec(|| {
        let raw = Arc::new(RawRLock::new());
        for depth in [1, 2] {
            assert!(raw.acquire(Wait::No));
            assert_eq!(stranger(&raw, thread::Builder::new()), LOCKED_OUT);
            assert_eq!(raw.depth(), depth, "the stranger has changed the depth");
        }
    });
}

/// Two threads without a name are two threads: what one took is not the other's.
#[test]
fn two_unnamed_threads_are_not_one() {
    heddle::spec(|| {
        let raw = Arc::new(RawRLock::new());
        let taken = thread::spawn({
            let raw = Arc::clone(&raw);
            move || raw.acquire(Wait::No)
        });
        assert!(taken.join().unwrap());
        assert_eq!(stranger(&raw, thread::Builder::new()), LOCKED_OUT);
    });
}

/// Two threads with one name are two threads as well.
#[test]
fn two_threads_of_one_name_are_not_one() {
    heddle::spec(|| {
        let twin = || thread::Builder::new().name("twin".to_owned());
        let raw = Arc::new(RawRLock::new());
        let taken = twin().spawn({
            let raw = Arc::clone(&raw);
            move || raw.acquire(Wait::No)
        });
        assert!(taken.unwrap().join().unwrap());
        assert_eq!(stranger(&raw, twin()), LOCKED_OUT);
    });
}

/// Owner and depth are answered for the thread that asks.
#[test]
fn owner_and_depth_are_the_calling_threads() {
    heddle::spec(|| {
        let raw = Arc::new(RawRLock::new());
        assert!(!raw.is_owned());
        assert!(raw.acquire(Wait::No) && raw.acquire(Wait::No));
        assert!(raw.is_owned());
        assert_eq!(raw.depth(), 2);
        assert_eq!(stranger(&raw, thread::Builder::new()), LOCKED_OUT);
    });
}

/// A failed attempt of another thread, timed or not, leaves the owner where it was.
#[test]
fn a_failed_attempt_leaves_the_owner_alone() {
    heddle::spec(|| {
        let lock = Arc::new(RLock::new(Cell::new(1)));
        let guard = lock.lock();
        let failed = thread::spawn({
            let lock = Arc::clone(&lock);
            move || {
                assert_eq!(lock.depth(), 0, "another thread holds the guard");
                lock.try_lock().is_none() && lock.lock_timeout(MOMENT).is_none()
            }
        });
        assert!(failed.join().unwrap(), "another thread got in");
        assert_eq!(lock.depth(), 1);
        assert_eq!(guard.get(), 1);
    });
}

/// A timed acquire that fails has waited all its time.
#[test]
fn a_timed_acquire_waits_all_its_time() {
    heddle::spec(|| {
        let raw = Arc::new(RawRLock::new());
        assert!(raw.acquire(Wait::No));
        let waited = thread::spawn({
            let raw = Arc::clone(&raw);
            move || {
                let start = Instant::now();
                (!raw.acquire(Wait::For(MOMENT))).then(|| start.elapsed())
            }
        });
        let waited = waited.join().unwrap().expect("another thread got in");
        assert!(waited >= MOMENT, "gave up too early");
    });
}

/// A waiter sleeps until the last level is released, not the first, whichever guard goes last.
#[test]
fn a_waiter_sleeps_until_the_last_release() {
    heddle::spec(|| {
        for inner_goes_first in [true, false] {
            let lock = Arc::new(RLock::new(Cell::new(0)));
            let (outer, inner) = (lock.lock(), lock.lock());
            let waiter = thread::spawn({
                let lock = Arc::clone(&lock);
                move || lock.lock().get()
            });
            thread::until_blocked(waiter.thread());
            let (first, last) = if inner_goes_first {
                (inner, outer)
            } else {
                (outer, inner)
            };
            drop(first);
            thread::until_blocked(waiter.thread());
            last.set(7);
            drop(last);
            assert_eq!(waiter.join().unwrap(), 7);
        }
    });
}

/// Giving up wakes a waiter, from whatever depth.
#[test]
fn giving_up_wakes_a_waiter() {
    heddle::spec(|| {
        let raw = Arc::new(RawRLock::new());
        for depth in 1..3 {
            assert!(raw.acquire(Wait::No));
            let waiter = thread::spawn({
                let raw = Arc::clone(&raw);
                move || (raw.acquire(Wait::Forever), raw.release())
            });
            thread::until_blocked(waiter.thread());
            let levels = raw.give_up_all().expect("this thread holds the lock");
            assert_eq!(waiter.join().unwrap(), (true, Ok(())));
            raw.restore(levels);
            assert_eq!(raw.depth(), depth);
        }
    });
}

/// Levels come back as they were given up, whatever was given up since.
#[test]
fn each_gets_its_own_levels_back() {
    heddle::spec(|| {
        let raw = RawRLock::new();
        let [two, three] = [2, 3].map(|depth| {
            for _ in 0..depth {
                assert!(raw.acquire(Wait::No));
            }
            raw.give_up_all().expect("this thread holds the lock")
        });
        raw.restore(two);
        assert_eq!(raw.depth(), 2);
        raw.restore(three);
        assert_eq!(raw.depth(), 5);
    });
}

/// Giving up frees all levels at once, and restoring brings all of them back.
#[test]
fn giving_up_frees_all_levels_and_restoring_brings_them_back() {
    heddle::spec(|| {
        let raw = Arc::new(RawRLock::new());
        for _ in 0..3 {
            assert!(raw.acquire(Wait::No));
        }
        let levels = raw.give_up_all().expect("this thread holds three levels");
        assert_eq!((raw.is_owned(), raw.depth()), (false, 0));
        assert_eq!(raw.release(), Err(NotOwner));
        assert!(can_take(&raw), "a level was left behind");
        raw.restore(levels);
        assert_eq!((raw.is_owned(), raw.depth()), (true, 3));
        assert_eq!(stranger(&raw, thread::Builder::new()), LOCKED_OUT);
    });
}

/// A panic gives back every level whose guard it drops, and no other, and does not poison the lock.
#[test]
fn a_panic_of_the_owner_releases_its_levels() {
    heddle::spec(|| {
        let lock = RLock::new(Cell::new(1));
        let kept = lock.lock();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let outer = lock.lock();
            let _inner = lock.lock();
            outer.set(2);
            std::panic::resume_unwind(Box::new("the owner fails"));
        }));
        assert!(outcome.is_err());
        assert_eq!(lock.depth(), 1, "one guard was not dropped by the panic");
        drop(kept);
        assert_eq!(lock.depth(), 0, "the panic has left levels behind");
        let guard = lock.try_lock().expect("the panic has released the lock");
        assert_eq!(guard.get(), 2, "what was written before the panic stays");
    });
}

/// A panic of the owner wakes who waits for the lock.
#[test]
fn a_panic_of_the_owner_lets_a_waiter_in() {
    heddle::spec(|| {
        let lock = Arc::new(RLock::new(Cell::new(1)));
        let guard = lock.lock();
        let waiter = thread::spawn({
            let lock = Arc::clone(&lock);
            move || lock.lock().get()
        });
        thread::until_blocked(waiter.thread());
        let outcome = catch_unwind(AssertUnwindSafe(move || {
            guard.set(2);
            std::panic::resume_unwind(Box::new("the owner fails"));
        }));
        assert!(outcome.is_err());
        assert_eq!(waiter.join().unwrap(), 2);
    });
}
