//! What the lock promises under every schedule.

use heddle::cell::UnsafeCell;
use heddle::sync::Arc;
use heddle::sync::atomic::{AtomicBool, Ordering};
use heddle::thread;
use heddle::time::{Duration, Instant};

use kata_04_lock::{Lock, RawLock, Wait};

const LIMIT: Duration = Duration::from_secs(1);
const MOMENT: Duration = Duration::from_millis(1);

/// Two threads that add one under the lock lose no addition, and nobody sleeps for ever.
#[test]
fn both_increments_survive() {
    heddle::model(|| {
        let lock = Arc::new(Lock::new(0));
        let other = thread::spawn({
            let lock = Arc::clone(&lock);
            move || *lock.lock() += 1
        });
        *lock.lock() += 1;
        other.join().unwrap();
        assert_eq!(*lock.lock(), 2);
    });
}

/// A waiter without a time limit looks at no clock: it sleeps until the release wakes it.
#[test]
fn a_waiter_without_a_limit_does_not_poll() {
    heddle::model(|| {
        let begin = Instant::now();
        let raw = Arc::new(RawLock::new());
        assert!(raw.acquire(Wait::No));
        let waiter = thread::spawn({
            let raw = Arc::clone(&raw);
            move || raw.acquire(Wait::Forever)
        });
        raw.release().unwrap();
        assert!(waiter.join().unwrap());
        // In a model time passes only while somebody waits for it.
        assert!(begin.elapsed().is_zero(), "asked again after some time");
    });
}

/// Three threads that want the lock at once all get it, one after the other.
#[test]
fn every_waiter_gets_its_turn() {
    heddle::model(|| {
        let lock = Arc::new(Lock::new(0));
        let held = lock.lock();
        let waiters = [(); 2].map(|()| {
            let lock = Arc::clone(&lock);
            thread::spawn(move || *lock.lock() += 1)
        });
        drop(held);
        for waiter in waiters {
            waiter.join().unwrap();
        }
        assert_eq!(*lock.lock(), 2);
    });
}

/// An attempt that succeeds without waiting sees all that the last holder wrote.
#[test]
fn a_successful_attempt_sees_the_last_holders_writes() {
    heddle::model(|| {
        let lock = Arc::new(Lock::new((0, 0)));
        let writer = thread::spawn({
            let lock = Arc::clone(&lock);
            move || lock.set((1, 1))
        });
        if let Some(guard) = lock.try_lock() {
            assert_eq!(guard.0, guard.1);
        }
        writer.join().unwrap();
    });
}

/// The raw lock alone keeps two threads apart, whichever of its waits they use.
#[test]
fn a_timed_acquire_never_enters_a_held_lock() {
    heddle::model(|| {
        let shared = Arc::new((RawLock::new(), Tracked::new(0)));
        let other = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                let entered = shared.0.acquire(Wait::For(LIMIT));
                if entered {
                    shared.1.add_one();
                    shared.0.release().unwrap();
                }
                entered
            }
        });
        assert!(shared.0.acquire(Wait::Forever));
        shared.1.add_one();
        shared.0.release().unwrap();
        let entered = other.join().unwrap();
        assert!(shared.0.acquire(Wait::No), "everybody has left");
        assert_eq!(shared.1.get(), 1 + u32::from(entered));
    });
}

/// A waiter that gives up while it is being woken leaves the wake-up to the next one.
#[test]
fn a_waiter_that_gives_up_passes_its_wake_up_on() {
    heddle::model(|| {
        let raw = Arc::new(RawLock::new());
        assert!(raw.acquire(Wait::No));
        let waiters = [Wait::For(LIMIT), Wait::Forever].map(|wait| {
            let raw = Arc::clone(&raw);
            thread::spawn(move || {
                if raw.acquire(wait) {
                    raw.release().unwrap();
                }
            })
        });
        raw.release().unwrap();
        for waiter in waiters {
            waiter.join().unwrap();
        }
    });
}

/// A waiter whose time ends while another one comes strands neither that one nor who comes later.
#[test]
fn a_waiter_that_gives_up_on_a_held_lock_strands_nobody() {
    heddle::model(|| {
        let raw = Arc::new(RawLock::new());
        assert!(raw.acquire(Wait::No));
        let waiters = [Wait::For(LIMIT), Wait::Forever].map(|wait| {
            let raw = Arc::clone(&raw);
            thread::spawn(move || {
                if raw.acquire(wait) {
                    raw.release().unwrap();
                }
            })
        });
        // From here on the time of the first may be over while the lock is held.
        thread::sleep(LIMIT);
        raw.release().unwrap();
        if raw.acquire(Wait::No) {
            raw.release().unwrap();
        }
        for waiter in waiters {
            waiter.join().unwrap();
        }
    });
}

/// A release wakes a waiter with a time limit at once, and not when its time is over.
#[test]
fn a_release_wakes_a_timed_waiter() {
    heddle::model(|| {
        let begin = Instant::now();
        let raw = Arc::new(RawLock::new());
        assert!(raw.acquire(Wait::No));
        let waiter = thread::spawn({
            let raw = Arc::clone(&raw);
            move || (raw.acquire(Wait::For(LIMIT)), begin.elapsed())
        });
        raw.release().unwrap();
        let released = begin.elapsed();
        let (entered, waited) = waiter.join().unwrap();
        // Otherwise the time was over before the release.
        if released.is_zero() {
            assert!(entered, "gave up");
            assert!(waited.is_zero(), "slept on after the release");
        }
    });
}

/// An attempt that may not wait takes no time, not even a moment.
#[test]
fn an_attempt_does_not_wait() {
    heddle::model(|| {
        let (raw, lock) = (RawLock::new(), Lock::new(()));
        assert!(raw.acquire(Wait::No));
        let _guard = lock.lock();
        let begin = Instant::now();
        assert!(!raw.acquire(Wait::No), "the lock is held");
        assert!(!raw.acquire(Wait::For(Duration::ZERO)), "the lock is held");
        assert!(lock.try_lock().is_none(), "the lock is held");
        assert!(begin.elapsed() < MOMENT, "waited for a held lock");
    });
}

/// Asking whether the lock is held takes nothing: whoever tries meanwhile finds it free.
#[test]
fn asking_takes_nothing() {
    heddle::model(|| {
        let raw = Arc::new(RawLock::new());
        let other = thread::spawn({
            let raw = Arc::clone(&raw);
            move || raw.is_locked()
        });
        assert!(raw.acquire(Wait::No), "nobody holds the lock");
        other.join().unwrap();
        assert!(raw.is_locked());
    });
}

/// A timeout past the end of the clock is no timeout: it waits until the lock is free.
#[test]
fn the_longest_timeout_waits_for_the_release() {
    heddle::model(|| {
        let raw = Arc::new(RawLock::new());
        assert!(raw.acquire(Wait::No));
        let waiter = thread::spawn({
            let raw = Arc::clone(&raw);
            move || raw.acquire(Wait::For(Duration::MAX))
        });
        raw.release().unwrap();
        assert!(waiter.join().unwrap(), "gave up");
    });
}

/// A wake-up that brings no lock makes a timed acquire neither longer nor shorter.
#[test]
fn a_wake_up_does_not_change_a_time_limit() {
    heddle::model(|| {
        let begin = Instant::now();
        let (raw, waiter) = (RawLock::new(), thread::current());
        let ready = Arc::new(AtomicBool::new(false));
        assert!(raw.acquire(Wait::No));
        let waker = thread::spawn({
            let ready = Arc::clone(&ready);
            move || {
                ready.store(true, Ordering::Relaxed);
                thread::until_blocked(&waiter);
                thread::sleep(MOMENT);
                // Otherwise the time was over before this wake-up.
                let in_time = begin.elapsed() == MOMENT;
                waiter.unpark();
                in_time
            }
        });
        while !ready.load(Ordering::Relaxed) {
            thread::yield_now();
        }
        assert!(!raw.acquire(Wait::For(LIMIT)), "the lock is held");
        if waker.join().unwrap() {
            let waited = begin.elapsed();
            assert!(waited >= LIMIT, "gave up too early");
            assert!(waited < LIMIT + MOMENT, "waited too long");
        }
    });
}

/// A cell that the lock has to protect: the model refuses two accesses that nothing orders.
struct Tracked(UnsafeCell<u32>);

// SAFETY: not safe in general; the claim is that the lock under test makes it so.
unsafe impl Sync for Tracked {}

impl Tracked {
    fn new(value: u32) -> Self {
        Self(UnsafeCell::new(value))
    }

    fn add_one(&self) {
        // SAFETY: the caller holds the lock under test; if that fails, the model says so first.
        self.0.with_mut(|value| unsafe { *value += 1 });
    }

    fn get(&self) -> u32 {
        // SAFETY: as in `add_one`.
        self.0.with(|value| unsafe { *value })
    }
}
