//! What the re-entrant lock promises under every schedule.

use heddle::cell::UnsafeCell;
use heddle::sync::Arc;
use heddle::thread;
use heddle::time::{Duration, Instant};

use kata_05_rlock::{RLock, RawRLock, Wait};

const LIMIT: Duration = Duration::from_secs(1);
const MOMENT: Duration = Duration::from_millis(1);
const BLINK: Duration = Duration::from_micros(1);

/// A number that the lock has to protect: the model refuses two accesses that nothing orders.
type Number = UnsafeCell<u32>;

fn add_one(number: &Number) {
    // SAFETY: the caller holds the lock under test; if that fails, the model says so first.
    number.with_mut(|number| unsafe { *number += 1 });
}

fn get(number: &Number) -> u32 {
    // SAFETY: as in `add_one`.
    number.with(|number| unsafe { *number })
}

/// Two threads that add one two levels deep lose no addition, and nobody sleeps for ever.
#[test]
fn nested_holders_keep_each_other_out() {
    heddle::model(|| {
        let lock = Arc::new(RLock::new(Number::new(0)));
        let add_nested = |lock: &RLock<Number>| {
            let outer = lock.lock();
            add_one(&lock.lock());
            add_one(&outer);
        };
        let other = thread::spawn({
            let lock = Arc::clone(&lock);
            move || add_nested(&lock)
        });
        add_nested(&lock);
        other.join().unwrap();
        assert_eq!(get(&lock.lock()), 4);
    });
}

/// A waiter without a time limit looks at no clock: it sleeps until the release wakes it.
#[test]
fn a_waiter_without_a_limit_does_not_poll() {
    heddle::model(|| {
        let begin = Instant::now();
        let raw = Arc::new(RawRLock::new());
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

/// Two threads that wait for the same lock both get it, one after the other.
#[test]
fn every_waiter_gets_its_turn() {
    heddle::model(|| {
        let lock = Arc::new(RLock::new(Number::new(0)));
        let held = lock.lock();
        let waiters = [(); 2].map(|()| {
            let lock = Arc::clone(&lock);
            thread::spawn(move || add_one(&lock.lock()))
        });
        drop(held);
        for waiter in waiters {
            waiter.join().unwrap();
        }
        assert_eq!(get(&lock.lock()), 2);
    });
}

/// An attempt that succeeds without waiting sees all that the last owner wrote.
#[test]
fn a_successful_attempt_sees_the_last_owners_writes() {
    heddle::model(|| {
        let lock = Arc::new(RLock::new(Number::new(0)));
        let writer = thread::spawn({
            let lock = Arc::clone(&lock);
            move || add_one(&lock.lock())
        });
        if let Some(guard) = lock.try_lock() {
            add_one(&guard);
        }
        writer.join().unwrap();
    });
}

/// A thread that gives up two levels lets another in, and has both again when it goes on.
#[test]
fn giving_up_lets_another_thread_in_and_restoring_keeps_it_out() {
    heddle::model(|| {
        let shared = Arc::new((RawRLock::new(), Shared(Number::new(0))));
        let (raw, number) = (&shared.0, &shared.1.0);
        assert!(raw.acquire(Wait::No) && raw.acquire(Wait::No));
        let other = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                assert!(shared.0.acquire(Wait::Forever));
                add_one(&shared.1.0);
                shared.0.release().unwrap();
            }
        });
        add_one(number);
        let levels = raw.give_up_all().unwrap();
        raw.restore(levels);
        add_one(number);
        let levels = raw.give_up_all().unwrap();
        other.join().unwrap();
        raw.restore(levels);
        assert_eq!((raw.depth(), get(number)), (2, 3));
    });
}

/// A thread that sleeps while it has given up everything can be told something under the lock.
#[test]
fn a_thread_that_gave_up_all_levels_can_be_notified() {
    heddle::model(|| {
        let raw = Arc::new(RawRLock::new());
        assert!(raw.acquire(Wait::No) && raw.acquire(Wait::No));
        let notifier = thread::spawn({
            let raw = Arc::clone(&raw);
            move || {
                assert!(raw.acquire(Wait::Forever));
                raw.release().unwrap();
            }
        });
        let levels = raw.give_up_all().unwrap();
        notifier.join().unwrap();
        raw.restore(levels);
        assert_eq!(raw.depth(), 2);
    });
}

/// A waiter that gives up while it is being woken strands nobody.
#[test]
fn a_waiter_that_gives_up_takes_no_wake_up_with_it() {
    heddle::model(|| {
        let raw = Arc::new(RawRLock::new());
        assert!(raw.acquire(Wait::No));
        let waiters = [Wait::For(LIMIT), Wait::Forever].map(|wait| {
            let raw = Arc::clone(&raw);
            thread::spawn(move || {
                if raw.acquire(wait) {
                    raw.release().unwrap();
                }
            })
        });
        // From here on a notification can come when the time is over.
        thread::sleep(LIMIT + MOMENT);
        raw.release().unwrap();
        for waiter in waiters {
            waiter.join().unwrap();
        }
    });
}

/// A waiter that gives up leaves alone who waits behind it.
#[test]
fn who_gives_up_takes_nobody_along() {
    heddle::model(|| {
        let raw = Arc::new(RawRLock::new());
        assert!(raw.acquire(Wait::No));
        let [timed, waiter] = [Wait::For(LIMIT), Wait::Forever].map(|wait| {
            let waiter = thread::spawn({
                let raw = Arc::clone(&raw);
                move || raw.acquire(wait)
            });
            thread::until_blocked(waiter.thread());
            waiter
        });
        assert!(!timed.join().unwrap(), "the lock was held all the time");
        raw.release().unwrap();
        assert!(waiter.join().unwrap());
    });
}

/// A timed acquire that succeeds has the lock for itself.
#[test]
fn a_timed_acquire_never_enters_a_held_lock() {
    heddle::model(|| {
        let lock = Arc::new(RLock::new(Number::new(0)));
        let other = thread::spawn({
            let lock = Arc::clone(&lock);
            move || lock.lock_timeout(LIMIT).map(|guard| add_one(&guard))
        });
        add_one(&lock.lock());
        let entered = other.join().unwrap();
        assert_eq!(get(&lock.lock()), 1 + u32::from(entered.is_some()));
    });
}

/// A release wakes a waiter with a time limit at once, and not when its time is over.
#[test]
fn a_release_wakes_a_timed_waiter() {
    heddle::model(|| {
        let begin = Instant::now();
        let raw = Arc::new(RawRLock::new());
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
        let shared = Arc::new((RawRLock::new(), RLock::new(0)));
        assert!(shared.0.acquire(Wait::No));
        let _guard = shared.1.lock();
        let stranger = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                let (raw, lock) = &*shared;
                let begin = Instant::now();
                assert!(!raw.acquire(Wait::No), "the lock is held");
                assert!(!raw.acquire(Wait::For(Duration::ZERO)), "the lock is held");
                assert!(lock.try_lock().is_none(), "the lock is held");
                assert!(
                    lock.lock_timeout(Duration::ZERO).is_none(),
                    "the lock is held"
                );
                assert!(begin.elapsed() < BLINK, "waited for a held lock");
            }
        });
        stranger.join().unwrap();
    });
}

/// A limit of any length is neither rounded nor cut.
#[test]
fn a_limit_is_neither_rounded_nor_cut() {
    heddle::model(|| {
        let shared = Arc::new((RawRLock::new(), RLock::new(0)));
        assert!(shared.0.acquire(Wait::No));
        let _guard = shared.1.lock();
        let stranger = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                let (raw, lock) = &*shared;
                for (secs, nanos) in [(0, 1), (0, 1_500_001), (100_000, 3_000_001)] {
                    let limit = Duration::new(secs, nanos);
                    let attempts: [&dyn Fn() -> bool; 2] =
                        [&|| raw.acquire(Wait::For(limit)), &|| {
                            lock.lock_timeout(limit).is_some()
                        }];
                    for attempt in attempts {
                        let begin = Instant::now();
                        assert!(!attempt(), "the lock is held");
                        let waited = begin.elapsed();
                        assert!(waited >= limit, "gave up too early");
                        assert!(waited < limit + MOMENT, "waited too long");
                    }
                }
            }
        });
        stranger.join().unwrap();
    });
}

/// A timeout past the end of the clock is no timeout: it waits until the lock is free.
#[test]
fn the_longest_timeout_waits_for_the_release() {
    heddle::model(|| {
        let raw = Arc::new(RawRLock::new());
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
        let (raw, waiter) = (Arc::new(RawRLock::new()), thread::current());
        let owner = thread::spawn({
            let raw = Arc::clone(&raw);
            move || {
                if !raw.acquire(Wait::No) {
                    return false;
                }
                thread::until_blocked(&waiter);
                thread::sleep(MOMENT);
                // Otherwise its time was over before this wake-up.
                let in_time = begin.elapsed() == MOMENT;
                let levels = raw.give_up_all().unwrap();
                raw.restore(levels);
                in_time
            }
        });
        let entered = raw.acquire(Wait::For(LIMIT));
        if entered {
            raw.release().unwrap();
        }
        if owner.join().unwrap() && !entered {
            let waited = begin.elapsed();
            assert!(waited >= LIMIT, "gave up too early");
            assert!(waited < LIMIT + MOMENT, "waited too long");
        }
    });
}

/// A number beside a raw lock.
struct Shared(Number);

// SAFETY: not safe in general; the claim is that the lock under test makes it so.
unsafe impl Sync for Shared {}
