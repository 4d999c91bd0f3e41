//! What the semaphore promises under every schedule. Long, as a phase is one file of short claims.

use std::num::NonZeroUsize;

use heddle::sync::Arc;
use heddle::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use heddle::thread;
use heddle::time::{Duration, Instant};
use kata_06_semaphore::{Permit, Semaphore};
use support::limit::{LIMIT, MOMENT, TICK, is};
use support::place::{Place, join_all, spawn, waiter_after};

mod support;

const ONE: NonZeroUsize = NonZeroUsize::MIN;
const TWO: NonZeroUsize = ONE.saturating_add(1);
const THREE: NonZeroUsize = ONE.saturating_add(2);
/// A number of which the lower half of the digits is one.
const MANY: NonZeroUsize = TWO.saturating_add(usize::MAX / 2);

/// Takes permits and gives them back.
fn visit(permit: Permit<'_>) {
    drop(permit);
}

/// With one permit the semaphore is a lock, however its permit is taken.
#[test]
fn one_permit_lets_one_in() {
    heddle::model(|| {
        let place = Place::new(Semaphore::new(1));
        let other = spawn(&place, |place| {
            let _permit = place.semaphore.acquire();
            place.add_one();
        });
        let permit = place.semaphore.acquire_timeout(LIMIT);
        if permit.is_some() {
            place.add_one();
        }
        let entered = u32::from(permit.is_some());
        drop(permit);
        other.join().unwrap();
        let _permit = place.semaphore.try_acquire().expect("everybody has left");
        assert_eq!(place.number(), 1 + entered);
    });
}

/// Of three threads that want one of two permits, no more than two are inside at once.
#[test]
fn never_more_are_inside_than_there_are_permits() {
    heddle::model(|| {
        let shared = Arc::new((Semaphore::bounded(2), AtomicUsize::new(0)));
        let enter = |(semaphore, inside): &(Semaphore, AtomicUsize)| {
            let _permit = semaphore.acquire();
            assert!(inside.fetch_add(1, Relaxed) < 2, "three are inside");
            inside.fetch_sub(1, Relaxed);
        };
        let others = [(); 2].map(|()| spawn(&shared, enter));
        enter(&shared);
        join_all(others);
        assert_eq!(shared.0.available(), 2);
    });
}

/// A release that comes when a thread has looked but does not sleep yet is not lost.
#[test]
fn no_release_slips_through_the_gap() {
    heddle::model(|| {
        let place = Place::new(Semaphore::new(0));
        let waiter = spawn(&place, |place| {
            let _permit = place.semaphore.acquire();
            assert_eq!(place.number(), 1);
        });
        place.add_one();
        place.semaphore.release(ONE).unwrap();
        waiter.join().unwrap();
    });
}

/// Two threads that wait for the same permit both get it, one after the other.
#[test]
fn every_waiter_gets_its_turn() {
    heddle::model(|| {
        let place = Place::new(Semaphore::new(1));
        let permit = place.semaphore.acquire();
        let waiters = [(); 2].map(|()| {
            spawn(&place, |place| {
                let _permit = place.semaphore.acquire();
                place.add_one();
            })
        });
        drop(permit);
        join_all(waiters);
        assert_eq!(place.number(), 2);
    });
}

/// One release of two wakes two threads.
#[test]
fn a_release_of_two_wakes_two() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::new(0));
        let waiters = [(); 2].map(|()| spawn(&semaphore, |it| it.acquire().forget()));
        semaphore.release(TWO).unwrap();
        join_all(waiters);
        assert_eq!(semaphore.available(), 0);
    });
}

/// Two releases of one wake two threads, even if the first who was woken comes late.
#[test]
fn two_releases_of_one_wake_two() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::new(0));
        let waiters = [(); 2].map(|()| spawn(&semaphore, |it| it.acquire().forget()));
        semaphore.release(ONE).unwrap();
        semaphore.release(ONE).unwrap();
        join_all(waiters);
        assert_eq!(semaphore.available(), 0);
    });
}

/// Two threads that want both permits never hold one each.
#[test]
fn nobody_holds_half_of_what_it_wants() {
    heddle::model(|| {
        let place = Place::new(Semaphore::bounded(2));
        let enter = |place: &Place| {
            let _permits = place.semaphore.acquire_many(TWO);
            place.add_one();
        };
        let other = spawn(&place, enter);
        enter(&place);
        other.join().unwrap();
        assert_eq!(place.semaphore.acquire_many(TWO).count(), 2);
        assert_eq!(place.number(), 2);
    });
}

/// Whoever takes two permits sees what both threads did that gave them back.
#[test]
fn all_who_gave_back_are_seen() {
    heddle::model(|| {
        let place = Arc::new([Place::new(Semaphore::new(0)), Place::new(Semaphore::new(0))]);
        let semaphore = Arc::new(Semaphore::new(2));
        let holders = [0, 1].map(|index| {
            let (place, semaphore) = (Arc::clone(&place), Arc::clone(&semaphore));
            thread::spawn(move || {
                if let Some(permit) = semaphore.try_acquire() {
                    place[index].add_one();
                    drop(permit);
                }
            })
        });
        let permits = semaphore.acquire_many_timeout(TWO, Duration::ZERO);
        if permits.is_some() {
            assert!(place.iter().all(|place| place.number() < 2));
        }
        drop(permits);
        join_all(holders);
    });
}

/// An attempt that succeeds without waiting sees what came before the release.
#[test]
fn a_successful_attempt_sees_what_came_before_the_release() {
    heddle::model(|| {
        let place = Place::new(Semaphore::new(0));
        let other = spawn(&place, |place| {
            place.add_one();
            place.semaphore.release(ONE).unwrap();
        });
        if place.semaphore.try_acquire().is_some() {
            assert_eq!(place.number(), 1);
        }
        other.join().unwrap();
    });
}

/// One permit is taken by one of two who try at once.
#[test]
fn one_permit_is_taken_by_one() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::new(1));
        let take = |semaphore: &Semaphore| semaphore.try_acquire().map(Permit::forget).is_some();
        let other = spawn(&semaphore, take);
        let mine = take(&semaphore);
        assert!(mine != other.join().unwrap(), "one permit for two, or none");
        assert_eq!(semaphore.available(), 0);
    });
}

/// Where there is enough for all who try at once, all succeed, whoever tries in vain for more.
#[test]
fn attempts_do_not_disturb_each_other() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::new(2));
        let take = |semaphore: &Semaphore| semaphore.try_acquire().map(Permit::forget).is_some();
        let other = spawn(&semaphore, move |semaphore| {
            let three = semaphore.acquire_many_timeout(THREE, Duration::ZERO);
            assert!(three.is_none(), "there are only two");
            take(semaphore)
        });
        let mine = take(&semaphore);
        assert!(mine && other.join().unwrap(), "failed beside a permit");
        assert_eq!(semaphore.available(), 0);
    });
}

/// A release that is refused changes nothing, not even for a moment.
#[test]
fn a_refused_release_is_seen_by_nobody() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::bounded(2));
        let held = semaphore.acquire();
        semaphore.acquire().forget();
        let other = spawn(&semaphore, |semaphore| semaphore.release(TWO).is_err());
        assert!(semaphore.try_acquire().is_none(), "none is available");
        assert!(semaphore.release(ONE).is_ok(), "there was room for one");
        assert!(other.join().unwrap(), "there was no room for two");
        assert_eq!(semaphore.available(), 1);
        drop(held);
    });
}

/// Room for one more permit is filled by one of two who release at once.
#[test]
fn room_for_one_is_filled_once() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::bounded(1));
        semaphore.acquire().forget();
        let release = |semaphore: &Semaphore| semaphore.release(ONE).is_ok();
        let other = spawn(&semaphore, release);
        let mine = release(&semaphore);
        assert!(mine != other.join().unwrap(), "two were accepted, or none");
        assert_eq!(semaphore.available(), 1);
    });
}

/// A full semaphore has no room for a release, while its permits come and go.
#[test]
fn a_permit_on_its_way_counts_against_the_bound() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::bounded(1));
        let other = spawn(&semaphore, |semaphore| visit(semaphore.acquire()));
        assert!(semaphore.release(ONE).is_err(), "there was no room");
        other.join().unwrap();
        assert_eq!(semaphore.available(), 1);
    });
}

/// What two threads forget at once may be released again, and no more than that.
#[test]
fn what_two_forget_at_once_is_counted() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::bounded(2));
        let other = spawn(&semaphore, |semaphore| semaphore.acquire().forget());
        semaphore.acquire().forget();
        other.join().unwrap();
        assert!(semaphore.release(TWO).is_ok(), "two were forgotten");
        assert!(semaphore.release(ONE).is_err(), "there was no room");
    });
}

/// A permit that comes back is the waiter's, even before the waiter runs: nobody overtakes it.
#[test]
fn a_permit_that_comes_back_is_the_waiters() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::new(1));
        let permit = semaphore.acquire();
        let waiter = spawn(&semaphore, |semaphore| semaphore.acquire().forget());
        thread::until_blocked(waiter.thread());
        drop(permit);
        assert!(semaphore.try_acquire().is_none(), "overtook the waiter");
        waiter.join().unwrap();
    });
}

/// Of two who wait, the first is served first, whoever runs first.
#[test]
fn who_came_first_is_served_first() {
    heddle::model(|| {
        let place = Place::new(Semaphore::new(0));
        let waiters = [0, 1].map(|before| waiter_after(&place, before));
        place.semaphore.release(ONE).unwrap();
        join_all(waiters);
    });
}

/// When the time ends just as a permit comes, the permit is taken or stays, and never both.
#[test]
fn no_permit_is_lost_to_a_timeout() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::new(0));
        let waiter = spawn(&semaphore, |semaphore| {
            semaphore
                .acquire_timeout(LIMIT)
                .map_or(0, |permit| permit.count())
        });
        semaphore.release(ONE).unwrap();
        // Who was served in time may wake up when its time is long over.
        thread::sleep(LIMIT * 2);
        assert!(waiter.join().unwrap() <= 1);
        assert_eq!(semaphore.available(), 1);
        assert!(semaphore.try_acquire().is_some(), "somebody still waits");
    });
}

/// A waiter that gives up while a permit comes leaves it to the next one.
#[test]
fn a_waiter_that_gives_up_takes_no_permit_with_it() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::new(0));
        let timed = spawn(&semaphore, |it| {
            it.acquire_timeout(LIMIT).map(visit);
        });
        let patient = spawn(&semaphore, |it| visit(it.acquire()));
        semaphore.release(ONE).unwrap();
        timed.join().unwrap();
        patient.join().unwrap();
        assert_eq!(semaphore.available(), 1);
    });
}

/// A big wish that gives up lets those go on who waited behind it for less, all of them.
#[test]
fn a_big_wish_that_gives_up_stands_in_nobodys_way() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::new(2));
        let small = [(); 2].map(|()| spawn(&semaphore, |it| visit(it.acquire())));
        let big = semaphore.acquire_many_timeout(THREE, LIMIT);
        assert!(big.is_none(), "there are only two");
        join_all(small);
        assert_eq!(semaphore.available(), 2);
    });
}

/// A release wakes a waiter with a time limit at once; nothing else does before its time is over.
#[test]
fn a_release_wakes_a_timed_waiter() {
    heddle::model(|| wakes_at_once(ONE, |it| it.acquire_timeout(LIMIT).is_some()));
}

/// A release of many, too, wakes at once who waits for many with a time limit.
#[test]
fn a_release_wakes_a_timed_waiter_for_many() {
    heddle::model(|| wakes_at_once(TWO, |it| it.acquire_many_timeout(TWO, LIMIT).is_some()));
}

fn wakes_at_once(count: NonZeroUsize, take: fn(&Semaphore) -> bool) {
    let begun = Instant::now();
    let semaphore = Arc::new(Semaphore::new(0));
    let waiter = spawn(&semaphore, move |it| (take(it), begun.elapsed()));
    semaphore.release(count).unwrap();
    let released = begun.elapsed();
    let (entered, waited) = waiter.join().unwrap();
    if released.is_zero() {
        assert!(entered, "gave up");
        assert!(waited.is_zero(), "slept on after the release");
    } else {
        // In a model time passes only while somebody waits for it.
        assert!(released >= LIMIT, "asked again after a part of the time");
    }
    assert_eq!(semaphore.available(), count.get());
}

/// A release of too little changes nothing for a timed acquire, and nor does a stray unpark.
#[test]
fn a_wake_up_does_not_change_a_time_limit() {
    heddle::model(|| {
        let begun = Instant::now();
        let semaphore = Arc::new(Semaphore::new(0));
        let waiter = spawn(&semaphore, move |semaphore| {
            let permits = semaphore.acquire_many_timeout(MANY, LIMIT);
            assert!(permits.is_none(), "there was only one");
            begun.elapsed()
        });
        thread::until_blocked(waiter.thread());
        thread::sleep(MOMENT);
        // Otherwise its time was over before this wake-up.
        let in_time = begun.elapsed() == MOMENT;
        semaphore.release(ONE).unwrap();
        waiter.thread().unpark();
        assert_eq!(semaphore.available(), 1, "a part was taken");
        let waited = waiter.join().unwrap();
        assert!(waited >= LIMIT, "gave up too early");
        assert!(!in_time || is(waited, LIMIT), "waited too long");
        assert_eq!(semaphore.available(), 1);
    });
}

/// A time limit counts from the call: the time in line behind others is a part of it.
#[test]
fn the_time_in_line_is_a_part_of_the_limit() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::new(0));
        let first = spawn(&semaphore, |it| it.acquire_many(TWO).forget());
        thread::until_blocked(first.thread());
        let timed = spawn(&semaphore, |semaphore| {
            let begun = Instant::now();
            assert!(semaphore.acquire_timeout(LIMIT).is_none(), "overtook");
            begun.elapsed()
        });
        // One may wait for the other's look at the state; the second time both are asleep.
        for waiter in [first.thread(), timed.thread()].repeat(2) {
            thread::until_blocked(waiter);
        }
        thread::sleep(MOMENT);
        semaphore.release(TWO).unwrap();
        first.join().unwrap();
        let waited = timed.join().unwrap();
        assert!(is(waited, LIMIT), "waited {waited:?} instead of {LIMIT:?}");
    });
}

/// A time limit is kept exactly, be it no round number, next to nothing or a thousand years.
#[test]
fn a_timed_acquire_is_as_long_as_its_limit() {
    heddle::model(|| {
        let semaphore = Semaphore::new(0);
        let years = Duration::from_hours(24 * 365 * 1_000);
        for limit in [TICK * 5, LIMIT, years] {
            let begun = Instant::now();
            assert!(semaphore.acquire_timeout(limit).is_none());
            let waited = begun.elapsed();
            assert!(is(waited, limit), "waited {waited:?} instead of {limit:?}");
            assert!(semaphore.acquire_many_timeout(TWO, limit).is_none());
            let waited = begun.elapsed() - waited;
            assert!(is(waited, limit), "waited {waited:?} instead of {limit:?}");
        }
    });
}

/// A waiter without a time limit looks at no clock: it sleeps until its permits come.
#[test]
fn a_waiter_without_a_limit_does_not_poll() {
    heddle::model(|| {
        let begun = Instant::now();
        let [there, back] = [(); 2].map(|()| Arc::new(Semaphore::new(0)));
        let answer = Arc::clone(&back);
        let waiter = spawn(&there, move |there| {
            there.acquire().forget();
            answer.release(TWO).unwrap();
        });
        there.release(ONE).unwrap();
        back.acquire_many(TWO).forget();
        waiter.join().unwrap();
        assert!(begun.elapsed().is_zero(), "asked again after some time");
    });
}

/// An attempt that may not wait takes no time, not even a moment.
#[test]
fn an_attempt_does_not_wait() {
    heddle::model(|| {
        let (semaphore, begun) = (Semaphore::new(1), Instant::now());
        let permit = semaphore.try_acquire();
        assert!(semaphore.try_acquire().is_none());
        assert!(semaphore.acquire_timeout(Duration::ZERO).is_none());
        drop(permit);
        let two = semaphore.acquire_many_timeout(TWO, Duration::ZERO);
        assert!(two.is_none(), "there is only one");
        assert!(begun.elapsed() < TICK, "waited for a permit");
    });
}

/// A timeout past the end of the clock is no timeout: it waits until a permit comes.
#[test]
fn the_longest_timeout_waits_for_the_release() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::new(0));
        let waiter = spawn(&semaphore, |semaphore| {
            let one = semaphore.acquire_timeout(Duration::MAX);
            // Not the longest one, but past the end of the clock as well.
            let two = semaphore.acquire_many_timeout(TWO, Duration::MAX / 2);
            one.is_some() && two.is_some()
        });
        semaphore.release(ONE).unwrap();
        semaphore.release(TWO).unwrap();
        assert!(waiter.join().unwrap(), "gave up");
    });
}
