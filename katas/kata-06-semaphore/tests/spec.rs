//! What the semaphore does in one thread, and in several that shake hands. Long, as a phase is one file of short claims.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use heddle::sync::{Arc, Mutex};
use heddle::thread::{self, JoinHandle};
use heddle::time::{Duration, Instant};
use kata_06_semaphore::{OverRelease, Semaphore};

const MOMENT: Duration = Duration::from_millis(10);
const AGES: Duration = Duration::from_hours(24);
const ONE: NonZeroUsize = NonZeroUsize::MIN;
const TWO: NonZeroUsize = ONE.saturating_add(1);
const THREE: NonZeroUsize = ONE.saturating_add(2);

/// Starts a thread that takes `count` permits for good; when this returns, it waits for them.
fn waiter(semaphore: &Arc<Semaphore>, count: NonZeroUsize) -> JoinHandle<()> {
    let semaphore = Arc::clone(semaphore);
    let waiter = thread::spawn(move || semaphore.acquire_many(count).forget());
    thread::until_blocked(waiter.thread());
    waiter
}

/// There are as many permits as the semaphore was made with, and no more.
#[test]
fn there_are_as_many_permits_as_were_made() {
    heddle::spec(|| {
        for semaphore in [Semaphore::new(2), Semaphore::bounded(2)] {
            let first = semaphore.acquire();
            let second = semaphore.try_acquire().expect("two permits were made");
            assert_eq!(semaphore.available(), 0);
            assert!(semaphore.try_acquire().is_none(), "a third was given");
            drop((first, second));
            assert_eq!(semaphore.available(), 2);
        }
    });
}

/// Without a number there is one permit, and without a bound there may be more.
#[test]
fn the_default_is_one_permit() {
    heddle::spec(|| {
        let semaphore = Semaphore::default();
        assert_eq!(semaphore.available(), 1);
        assert_eq!(semaphore.release(ONE), Ok(()));
        assert_eq!(semaphore.available(), 2);
    });
}

/// A permit that is dropped is available again, and it comes back once.
#[test]
fn a_dropped_permit_is_available_again() {
    heddle::spec(|| {
        let semaphore = Semaphore::new(1);
        for _ in 0..3 {
            let permit = semaphore.acquire();
            assert_eq!((permit.count(), semaphore.available()), (1, 0));
            drop(permit);
            assert_eq!(semaphore.available(), 1);
        }
    });
}

/// Several permits are taken at once and given back at once.
#[test]
fn many_permits_come_and_go_together() {
    heddle::spec(|| {
        let semaphore = Semaphore::new(3);
        let two = semaphore.acquire_many(TWO);
        assert_eq!((two.count(), semaphore.available()), (2, 1));
        drop(two);
        let all = semaphore.acquire_many_timeout(THREE, Duration::ZERO);
        assert_eq!(all.expect("three are available").count(), 3);
        assert_eq!(semaphore.available(), 3);
    });
}

/// An attempt that may not wait fails where there are too few permits, and takes none.
#[test]
fn an_attempt_without_permits_fails() {
    heddle::spec(|| {
        let none = Semaphore::new(0);
        assert!(none.try_acquire().is_none());
        assert!(none.acquire_timeout(Duration::ZERO).is_none());
        let one = Semaphore::bounded(1);
        let two = one.acquire_many_timeout(TWO, Duration::ZERO);
        assert!(two.is_none(), "there is only one");
        assert_eq!((none.available(), one.available()), (0, 1));
    });
}

/// An available permit is taken at once, however long one would wait.
#[test]
fn an_available_permit_is_taken_however_long_one_would_wait() {
    heddle::spec(|| {
        let semaphore = Semaphore::new(1);
        for limit in [Duration::ZERO, MOMENT, Duration::MAX] {
            let permit = semaphore.acquire_timeout(limit);
            assert_eq!(permit.expect("one is available").count(), 1);
        }
    });
}

/// A timed acquire that fails has waited all its time.
#[test]
fn a_timed_acquire_waits_all_its_time() {
    heddle::spec(|| {
        let semaphore = Semaphore::new(1);
        let begun = Instant::now();
        let two = semaphore.acquire_many_timeout(TWO, MOMENT);
        assert!(two.is_none(), "there is only one");
        assert!(begun.elapsed() >= MOMENT, "gave up too early");
    });
}

/// Whoever gave up is forgotten: the permits are as before, and a release goes to nobody's ghost.
#[test]
fn after_a_timeout_the_permits_are_as_before() {
    heddle::spec(|| {
        let semaphore = Arc::new(Semaphore::new(1));
        assert!(semaphore.acquire_many_timeout(THREE, MOMENT).is_none());
        assert_eq!(semaphore.available(), 1, "a part was taken and kept");
        semaphore.release(ONE).unwrap();
        semaphore.acquire_many(TWO).forget();
        let waiter = waiter(&semaphore, TWO);
        semaphore.release(TWO).unwrap();
        waiter.join().unwrap();
        assert_eq!(semaphore.available(), 0);
    });
}

/// Who finds no permit sleeps instead of spinning, and a permit that is dropped wakes it.
#[test]
fn a_waiter_sleeps_until_a_permit_comes_back() {
    heddle::spec(|| {
        let semaphore = Arc::new(Semaphore::bounded(1));
        let permit = semaphore.acquire();
        let waiter = waiter(&semaphore, ONE);
        drop(permit);
        waiter.join().unwrap();
        assert_eq!(semaphore.available(), 0);
    });
}

/// A release lets in as many as it has permits for, be they two or twenty, and not one more.
#[test]
fn a_release_serves_as_many_as_it_brings() {
    heddle::spec(|| {
        for count in [TWO, NonZeroUsize::new(20).unwrap()] {
            let semaphore = Arc::new(Semaphore::new(0));
            let mut waiters = Vec::new();
            waiters.resize_with(count.get(), || waiter(&semaphore, ONE));
            let last = waiter(&semaphore, ONE);
            semaphore.release(count).unwrap();
            for waiter in waiters {
                waiter.join().unwrap();
            }
            thread::until_blocked(last.thread());
            assert_eq!(semaphore.available(), 0);
            semaphore.release(ONE).unwrap();
            last.join().unwrap();
        }
    });
}

/// What a release brings beyond what was waited for stays available.
#[test]
fn what_nobody_waited_for_stays_available() {
    heddle::spec(|| {
        let semaphore = Arc::new(Semaphore::new(0));
        let waiters = [TWO, ONE].map(|count| waiter(&semaphore, count));
        semaphore.release(THREE.saturating_add(4)).unwrap();
        for waiter in waiters {
            waiter.join().unwrap();
        }
        assert_eq!(semaphore.available(), 4);
        let permit = semaphore.try_acquire();
        assert!(permit.is_some(), "nobody waits any more");
    });
}

/// Permits are served in the order of arrival: a smaller wish behind a bigger one has to wait.
#[test]
fn a_small_wish_does_not_overtake_a_big_one() {
    heddle::spec(|| {
        let semaphore = Arc::new(Semaphore::new(0));
        let big = waiter(&semaphore, TWO);
        let small = waiter(&semaphore, ONE);
        semaphore.release(ONE).unwrap();
        for waiting in [&big, &small] {
            thread::until_blocked(waiting.thread());
        }
        assert_eq!(semaphore.available(), 1, "it was for the big wish");
        semaphore.release(ONE).unwrap();
        big.join().unwrap();
        assert_eq!(semaphore.available(), 0);
        semaphore.release(ONE).unwrap();
        small.join().unwrap();
    });
}

/// A time limit changes nothing about the order: who waits with one is served in its turn.
#[test]
fn a_time_limit_keeps_its_place() {
    heddle::spec(|| {
        let semaphore = Arc::new(Semaphore::new(0));
        let waiting = Arc::clone(&semaphore);
        let timed = thread::spawn(move || {
            let permit = waiting.acquire_timeout(AGES);
            permit.expect("there is time left").forget();
        });
        thread::until_blocked(timed.thread());
        let overtaken = Arc::new(Mutex::new(false));
        let (waiting, tell) = (Arc::clone(&semaphore), Arc::clone(&overtaken));
        let patient = thread::spawn(move || {
            waiting.acquire().forget();
            *tell.lock().unwrap() = true;
        });
        thread::until_blocked(patient.thread());
        semaphore.release(ONE).unwrap();
        for waiting in [timed.thread(), patient.thread()] {
            thread::until_blocked(waiting);
        }
        assert!(!*overtaken.lock().unwrap(), "who came later was served");
        timed.join().unwrap();
        semaphore.release(ONE).unwrap();
        patient.join().unwrap();
    });
}

/// Nobody overtakes by not waiting: an attempt fails while somebody waits for more than there is.
#[test]
fn an_attempt_does_not_overtake_who_waits() {
    heddle::spec(|| {
        let semaphore = Arc::new(Semaphore::new(1));
        let big = waiter(&semaphore, TWO);
        assert!(semaphore.try_acquire().is_none(), "overtook a waiter");
        let timed = semaphore.acquire_timeout(Duration::ZERO);
        assert!(timed.is_none(), "overtook a waiter");
        let many = semaphore.acquire_many_timeout(ONE, Duration::ZERO);
        assert!(many.is_none(), "overtook a waiter");
        let begun = Instant::now();
        let timed = semaphore.acquire_timeout(MOMENT);
        assert!(timed.is_none(), "overtook a waiter while it waited");
        assert!(begun.elapsed() >= MOMENT, "gave up too early");
        semaphore.release(ONE).unwrap();
        big.join().unwrap();
        assert_eq!(semaphore.available(), 0);
        semaphore.release(ONE).unwrap();
        assert!(semaphore.try_acquire().is_some(), "somebody still waits");
    });
}

/// A big wish that gives up lets in all for whom there is enough, not only the next one.
#[test]
fn a_big_wish_that_gives_up_lets_in_all_who_can_go() {
    heddle::spec(|| {
        behind_a_big_wish(2, |semaphore, big, small| {
            for small in small {
                small.join().unwrap();
            }
            assert!(!big.join().unwrap(), "there were only two");
            assert_eq!(semaphore.available(), 0);
        });
    });
}

/// A big wish that gives up leaves those behind it in the order in which they came.
#[test]
fn who_gives_up_leaves_the_others_in_order() {
    heddle::spec(|| {
        behind_a_big_wish(0, |semaphore, big, [first, second]| {
            assert!(!big.join().unwrap(), "there were none");
            semaphore.release(ONE).unwrap();
            first.join().unwrap();
            thread::until_blocked(second.thread());
            semaphore.release(ONE).unwrap();
            second.join().unwrap();
            assert_eq!(semaphore.available(), 0);
        });
    });
}

/// Runs `claim` with a wish for three that will give up and two for one behind it, in their order.
fn behind_a_big_wish(permits: usize, claim: fn(&Semaphore, JoinHandle<bool>, [JoinHandle<()>; 2])) {
    let mut limit = MOMENT;
    let mut all_waited = false;
    // The big wish may have given up before the others came: again, with more time.
    while !all_waited {
        let semaphore = Arc::new(Semaphore::new(permits));
        let (waiting, begun) = (Arc::clone(&semaphore), Instant::now());
        let big = thread::spawn(move || waiting.acquire_many_timeout(THREE, limit).is_some());
        thread::until_blocked(big.thread());
        let small = [(); 2].map(|()| waiter(&semaphore, ONE));
        all_waited = begun.elapsed() < limit;
        claim(&semaphore, big, small);
        limit *= 2;
    }
}

/// A semaphore without a bound takes more permits than it began with.
#[test]
fn an_extra_release_raises_the_number() {
    heddle::spec(|| {
        let semaphore = Semaphore::new(1);
        assert_eq!(semaphore.release(TWO), Ok(()));
        assert_eq!(semaphore.available(), 3);
        assert_eq!(semaphore.acquire_many(THREE).count(), 3);
    });
}

/// A release that would pass the bound is an error and changes nothing, not even a part of it.
#[test]
fn a_release_beyond_the_bound_changes_nothing() {
    heddle::spec(|| {
        let semaphore = Semaphore::bounded(3);
        assert_eq!(semaphore.release(ONE), Err(OverRelease));
        semaphore.acquire().forget();
        assert_eq!(semaphore.release(TWO), Err(OverRelease));
        assert_eq!(semaphore.available(), 2, "a part was added");
        assert_eq!(semaphore.release(ONE), Ok(()));
        assert_eq!(semaphore.available(), 3);
        assert_eq!(semaphore.release(ONE), Err(OverRelease));
        assert_eq!(semaphore.available(), 3);
    });
}

/// A refused release lets nobody in, and one that takes the place of a forgotten permit does.
#[test]
fn a_refused_release_serves_nobody() {
    heddle::spec(|| {
        let semaphore = Arc::new(Semaphore::bounded(2));
        let [held, forgotten] = [(); 2].map(|()| semaphore.acquire());
        let waiter = waiter(&semaphore, ONE);
        assert_eq!(semaphore.release(ONE), Err(OverRelease));
        thread::until_blocked(waiter.thread());
        assert_eq!(semaphore.available(), 0);
        forgotten.forget();
        assert_eq!(semaphore.release(ONE), Ok(()), "one was forgotten");
        waiter.join().unwrap();
        assert_eq!(semaphore.available(), 0, "there was room for one only");
        drop(held);
    });
}

/// A permit that somebody holds counts against the bound, so giving it back is never too much.
#[test]
fn a_held_permit_counts_against_the_bound() {
    heddle::spec(|| {
        let semaphore = Semaphore::bounded(2);
        let permits = semaphore.acquire_many(TWO);
        assert_eq!(semaphore.release(ONE), Err(OverRelease));
        assert_eq!(semaphore.available(), 0);
        drop(permits);
        assert_eq!(semaphore.available(), 2);
    });
}

/// More permits than can be counted are too many as well.
#[test]
fn a_number_that_overflows_is_refused() {
    heddle::spec(|| {
        let semaphore = Semaphore::new(usize::MAX);
        assert_eq!(semaphore.release(ONE), Err(OverRelease));
        let permit = semaphore.acquire();
        assert_eq!(semaphore.release(ONE), Err(OverRelease), "one is held");
        assert_eq!(semaphore.release(NonZeroUsize::MAX), Err(OverRelease));
        assert_eq!(semaphore.available(), usize::MAX - 1);
        drop(permit);
        assert_eq!(semaphore.available(), usize::MAX);
        semaphore.acquire().forget();
        assert_eq!(semaphore.release(ONE), Ok(()), "one was forgotten");
        let one = Semaphore::new(1);
        assert_eq!(one.release(NonZeroUsize::MAX), Err(OverRelease));
        assert_eq!(one.available(), 1);
    });
}

/// A permit may stand for as many as a number can be.
#[test]
fn a_permit_may_stand_for_any_number() {
    heddle::spec(|| {
        let semaphore = Semaphore::new(usize::MAX);
        // The lower half of its digits is one.
        let many = NonZeroUsize::new(usize::MAX / 2 + 2).unwrap();
        let permit = semaphore.acquire_many(many);
        assert_eq!(permit.count(), many.get());
        permit.forget();
        assert_eq!(semaphore.available(), usize::MAX - many.get());
    });
}

/// A permit that is forgotten does not come back, and a release may take its place.
#[test]
fn a_forgotten_permit_stays_away() {
    heddle::spec(|| {
        let semaphore = Arc::new(Semaphore::bounded(3));
        semaphore.acquire_many(TWO).forget();
        assert_eq!(semaphore.available(), 1);
        let waiter = waiter(&semaphore, THREE);
        assert_eq!(semaphore.release(TWO), Ok(()));
        waiter.join().unwrap();
        assert_eq!(semaphore.available(), 0);
        assert_eq!(semaphore.release(THREE), Ok(()));
        assert_eq!(semaphore.available(), 3);
    });
}

/// A panic gives back the permits that it drops, all of them.
#[test]
fn a_panic_gives_the_permits_back() {
    heddle::spec(|| {
        let semaphore = Semaphore::new(3);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let _one = semaphore.acquire();
            let _two = semaphore.acquire_many(TWO);
            std::panic::resume_unwind(Box::new("the holder fails"));
        }));
        assert!(outcome.is_err());
        assert_eq!(semaphore.available(), 3);
        assert!(semaphore.try_acquire().is_some(), "unusable after a panic");
    });
}

/// A panic of the holder lets waiting threads in, as many as it held permits.
#[test]
fn a_panic_of_the_holder_lets_all_in_who_can_go() {
    heddle::spec(|| {
        let semaphore = Arc::new(Semaphore::new(2));
        let permits = semaphore.acquire_many(TWO);
        let waiters = [(); 2].map(|()| waiter(&semaphore, ONE));
        let outcome = catch_unwind(AssertUnwindSafe(move || {
            let _permits = permits;
            std::panic::resume_unwind(Box::new("the holder fails"));
        }));
        assert!(outcome.is_err());
        for waiter in waiters {
            waiter.join().unwrap();
        }
    });
}

/// A thread that never took a permit may give it back: a permit has no owner.
#[test]
fn another_thread_may_give_the_permit_back() {
    heddle::spec(|| {
        let semaphore = Semaphore::new(1);
        let permit = semaphore.acquire();
        thread::scope(|scope| {
            scope.spawn(move || drop(permit));
        });
        assert_eq!(semaphore.available(), 1);
    });
}

/// Waiting for more than the bound panics instead of waiting for ever, and harms nobody.
#[test]
fn a_wish_that_can_never_be_panics() {
    heddle::spec(|| {
        let semaphore = Semaphore::bounded(2);
        let wish = || drop(semaphore.acquire_many(THREE));
        assert!(catch_unwind(AssertUnwindSafe(wish)).is_err());
        let timed = semaphore.acquire_many_timeout(THREE, MOMENT);
        assert!(timed.is_none(), "with a limit the wait does end");
        assert_eq!(semaphore.available(), 2);
        assert_eq!(semaphore.acquire_many(TWO).count(), 2);
        let none = Semaphore::bounded(0);
        let wish = || drop(none.acquire());
        assert!(catch_unwind(AssertUnwindSafe(wish)).is_err());
        assert!(none.try_acquire().is_none(), "nobody has to wait for that");
    });
}
