//! What the lock does in one thread, and in two that shake hands.

use heddle::sync::Arc;
use heddle::thread;
use heddle::time::{Duration, Instant};
use std::panic::{AssertUnwindSafe, catch_unwind};

use kata_04_lock::{Lock, NotLocked, RawLock, Wait};

const MOMENT: Duration = Duration::from_millis(10);

/// A free lock is taken whatever the caller says about waiting.
#[test]
fn a_free_lock_is_taken_however_long_one_would_wait() {
    heddle::spec(|| {
        let raw = RawLock::new();
        for wait in [
            Wait::No,
            Wait::For(Duration::ZERO),
            Wait::For(MOMENT),
            Wait::Forever,
        ] {
            assert!(raw.acquire(wait), "{wait:?} must take a free lock");
            assert_eq!(raw.release(), Ok(()));
        }
    });
}

/// An attempt that may not wait fails on a held lock.
#[test]
fn an_attempt_on_a_held_lock_fails() {
    heddle::spec(|| {
        let raw = RawLock::new();
        assert!(raw.acquire(Wait::No));
        assert!(!raw.acquire(Wait::No), "the lock is held");
        assert!(!raw.acquire(Wait::For(Duration::ZERO)), "the lock is held");
    });
}

/// An attempt that failed leaves the holder in possession.
#[test]
fn a_failed_attempt_leaves_the_holder_in_possession() {
    heddle::spec(|| {
        let lock = Lock::new(1);
        let guard = lock.lock();
        assert!(lock.try_lock().is_none(), "the lock is held");
        assert!(lock.lock_timeout(MOMENT).is_none(), "the lock is held");
        assert!(lock.is_locked(), "the failed attempts have freed the lock");
        assert_eq!(*guard, 1);
    });
}

/// A timed acquire that fails has waited all its time.
#[test]
fn a_timed_acquire_waits_all_its_time() {
    heddle::spec(|| {
        let raw = RawLock::new();
        assert!(raw.acquire(Wait::No));
        let start = Instant::now();
        assert!(!raw.acquire(Wait::For(MOMENT)), "the lock is held");
        assert!(start.elapsed() >= MOMENT, "gave up too early");
    });
}

/// A waiter that gave up is forgotten: the next release wakes one that still waits.
#[test]
fn a_waiter_that_gave_up_is_forgotten() {
    heddle::spec(|| {
        let raw = Arc::new(RawLock::new());
        assert!(raw.acquire(Wait::No));
        assert!(!raw.acquire(Wait::For(MOMENT)), "the lock is held");
        let waiter = thread::spawn({
            let raw = Arc::clone(&raw);
            move || raw.acquire(Wait::Forever)
        });
        thread::until_blocked(waiter.thread());
        assert_eq!(raw.release(), Ok(()));
        assert!(waiter.join().unwrap(), "the lock was free");
        assert!(raw.is_locked());
    });
}

/// A free lock and a value survive a timeout: the lock works as before.
#[test]
fn after_a_timeout_the_lock_works_as_before() {
    heddle::spec(|| {
        let lock = Lock::new(1);
        let guard = lock.lock();
        assert!(lock.lock_timeout(MOMENT).is_none(), "the lock is held");
        drop(guard);
        assert!(!lock.is_locked(), "nobody holds the lock");
        *lock.lock() += 1;
        assert_eq!(lock.try_lock().map(|guard| *guard), Some(2));
    });
}

/// A waiting thread sleeps instead of spinning, and a release wakes it.
#[test]
fn a_waiter_sleeps_until_the_release() {
    heddle::spec(|| {
        let lock = Arc::new(Lock::new(0));
        let mut guard = lock.lock();
        let waiter = thread::spawn({
            let lock = Arc::clone(&lock);
            move || *lock.lock()
        });
        thread::until_blocked(waiter.thread());
        *guard = 7;
        drop(guard);
        assert_eq!(waiter.join().unwrap(), 7);
    });
}

/// The holder that takes the lock again waits until another thread releases it.
#[test]
fn a_second_acquire_of_the_holder_waits() {
    heddle::spec(|| {
        let raw = Arc::new(RawLock::new());
        let holder = thread::spawn({
            let raw = Arc::clone(&raw);
            move || raw.acquire(Wait::Forever) && raw.acquire(Wait::Forever)
        });
        thread::until_blocked(holder.thread());
        assert_eq!(raw.release(), Ok(()), "any thread may release");
        assert!(holder.join().unwrap());
        assert!(raw.is_locked(), "the second acquire holds the lock");
    });
}

/// A thread that never took the raw lock may release it.
#[test]
fn any_thread_may_release_the_raw_lock() {
    heddle::spec(|| {
        let raw = Arc::new(RawLock::new());
        assert!(raw.acquire(Wait::No));
        let stranger = thread::spawn({
            let raw = Arc::clone(&raw);
            move || raw.release()
        });
        assert_eq!(stranger.join().unwrap(), Ok(()));
        assert!(!raw.is_locked(), "the lock was released");
    });
}

/// Releasing a free lock is an error that changes nothing.
#[test]
fn releasing_a_free_lock_is_an_error() {
    heddle::spec(|| {
        let raw = RawLock::new();
        assert_eq!(raw.release(), Err(NotLocked));
        assert!(!raw.is_locked(), "the refused release took the lock");
        assert!(raw.acquire(Wait::No));
        assert_eq!(raw.release(), Ok(()));
        assert_eq!(raw.release(), Err(NotLocked));
    });
}

/// `is_locked` tells held from free.
#[test]
fn is_locked_tells_held_from_free() {
    heddle::spec(|| {
        let lock = Lock::new(());
        assert!(!lock.is_locked());
        let guard = lock.lock();
        assert!(lock.is_locked());
        drop(guard);
        assert!(!lock.is_locked());
    });
}

/// The guard gives the value and frees the lock at the end of its scope.
#[test]
fn a_guard_holds_the_lock_for_its_scope() {
    heddle::spec(|| {
        let lock = Lock::new(vec![1]);
        {
            let mut guard = lock.lock();
            guard.push(2);
            assert!(lock.is_locked());
        }
        assert!(!lock.is_locked());
        assert_eq!(*lock.lock(), [1, 2]);
    });
}

/// `let _ =` keeps nothing: a guard bound to it is gone, and the lock free, in the same statement.
#[test]
fn a_guard_bound_to_an_underscore_is_gone_at_once() {
    heddle::spec(|| {
        let lock = Lock::new(());
        let _ = lock.lock();
        assert!(!lock.is_locked());
        let _guard = lock.lock();
        assert!(lock.is_locked());
    });
}

/// A panic while the lock is held releases it and does not poison it.
#[test]
fn a_panic_of_the_holder_releases_the_lock() {
    heddle::spec(|| {
        let lock = Lock::new(1);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            *lock.lock() = 2;
            let _guard = lock.lock();
            std::panic::resume_unwind(Box::new("the holder fails"));
        }));
        assert!(outcome.is_err());
        let guard = lock.try_lock().expect("the panic has released the lock");
        assert_eq!(*guard, 2, "what was written before the panic stays");
    });
}

/// A panic of the holder wakes who waits for the lock.
#[test]
fn a_panic_of_the_holder_lets_a_waiter_in() {
    heddle::spec(|| {
        let lock = Arc::new(Lock::new(1));
        let mut guard = lock.lock();
        let waiter = thread::spawn({
            let lock = Arc::clone(&lock);
            move || *lock.lock()
        });
        thread::until_blocked(waiter.thread());
        let outcome = catch_unwind(AssertUnwindSafe(move || {
            *guard = 2;
            std::panic::resume_unwind(Box::new("the holder fails"));
        }));
        assert!(outcome.is_err());
        assert_eq!(waiter.join().unwrap(), 2);
    });
}

/// `set` lets the old value go only when the lock is free, because its drop may use the lock.
#[test]
fn set_drops_the_old_value_outside_the_lock() {
    struct Watcher(Option<Arc<Lock<Option<Watcher>>>>);
    impl Drop for Watcher {
        fn drop(&mut self) {
            let lock = self.0.take().expect("dropped once");
            assert!(!lock.is_locked(), "the old value is dropped under the lock");
        }
    }
    heddle::spec(|| {
        let lock = Arc::new(Lock::new(None));
        lock.set(Some(Watcher(Some(Arc::clone(&lock)))));
        lock.set(None);
        assert!(lock.lock().is_none());
    });
}
