//! What the semaphore promises under every schedule. Long, as a phase is one file of short claims.

use std::num::NonZeroUsize;

use heddle::cell::UnsafeCell;
use heddle::sync::Arc;
use heddle::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use heddle::thread::{self, JoinHandle};
use heddle::time::{Duration, Instant};
use kata_06_semaphore::{Permit, Semaphore};

const LIMIT: Duration = Duration::from_secs(1);
const MOMENT: Duration = Duration::from_millis(1);
const ONE: NonZeroUsize = NonZeroUsize::MIN;
const TWO: NonZeroUsize = ONE.saturating_add(1);

/// A semaphore, and a number that the threads that it lets in share.
struct Place {
    semaphore: Semaphore,
    /// The model refuses two accesses to it that nothing orders.
    number: UnsafeCell<u32>,
}

// SAFETY: not safe in general; the claim is that the semaphore under test makes it so.
unsafe impl Sync for Place {}

impl Place {
    fn new(semaphore: Semaphore) -> Arc<Self> {
        let number = UnsafeCell::new(0);
        Arc::new(Self { semaphore, number })
    }

    fn add_one(&self) {
        // SAFETY: the caller has what it takes; if that fails, the model says so first.
        self.number.with_mut(|number| unsafe { *number += 1 });
    }

    fn number(&self) -> u32 {
        // SAFETY: as in `add_one`.
        self.number.with(|number| unsafe { *number })
    }
}

/// Starts a thread that shares `what`.
fn spawn<S, R>(what: &Arc<S>, body: impl FnOnce(&S) -> R + Send + 'static) -> JoinHandle<R>
where
    S: Send + Sync + 'static,
    R: Send + 'static,
{
    let what = Arc::clone(what);
    thread::spawn(move || body(&what))
}

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
        for other in others {
            other.join().unwrap();
        }
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
        for waiter in waiters {
            waiter.join().unwrap();
        }
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
        for waiter in waiters {
            waiter.join().unwrap();
        }
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
        for waiter in waiters {
            waiter.join().unwrap();
        }
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
        for holder in holders {
            holder.join().unwrap();
        }
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
        let [first, second] = [0, 1].map(|before| {
            let waiter = spawn(&place, move |place| {
                let _permit = place.semaphore.acquire();
                assert_eq!(place.number(), before, "served out of turn");
                place.add_one();
            });
            thread::until_blocked(waiter.thread());
            waiter
        });
        place.semaphore.release(ONE).unwrap();
        first.join().unwrap();
        second.join().unwrap();
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

/// A big wish that gives up lets those go on who waited behind it for less.
#[test]
fn a_big_wish_that_gives_up_stands_in_nobodys_way() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::new(1));
        let small = spawn(&semaphore, |semaphore| visit(semaphore.acquire()));
        let big = semaphore.acquire_many_timeout(TWO, LIMIT);
        assert!(big.is_none(), "there is only one");
        small.join().unwrap();
        assert_eq!(semaphore.available(), 1);
    });
}

/// A release wakes a waiter with a time limit at once, and not when its time is over.
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
    // Otherwise the time was over before the release.
    if released.is_zero() {
        assert!(entered, "gave up");
        assert!(waited.is_zero(), "slept on after the release");
    }
}

/// A release of too little changes nothing for a timed acquire, and nor does a stray unpark.
#[test]
fn a_wake_up_does_not_change_a_time_limit() {
    heddle::model(|| {
        let begun = Instant::now();
        let semaphore = Arc::new(Semaphore::new(0));
        let waiter = spawn(&semaphore, move |semaphore| {
            let permits = semaphore.acquire_many_timeout(TWO, LIMIT);
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
        assert!(!in_time || waited < LIMIT + MOMENT, "waited too long");
        assert_eq!(semaphore.available(), 1);
    });
}

/// A waiter without a time limit looks at no clock: it sleeps until a permit comes.
#[test]
fn a_waiter_without_a_limit_does_not_poll() {
    heddle::model(|| {
        let begun = Instant::now();
        let semaphore = Arc::new(Semaphore::new(0));
        let waiter = spawn(&semaphore, |semaphore| visit(semaphore.acquire()));
        semaphore.release(ONE).unwrap();
        waiter.join().unwrap();
        // In a model time passes only while somebody waits for it.
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
        assert!(begun.elapsed() < MOMENT, "waited for a permit");
    });
}

/// A timeout past the end of the clock is no timeout: it waits until a permit comes.
#[test]
fn the_longest_timeout_waits_for_the_release() {
    heddle::model(|| {
        let semaphore = Arc::new(Semaphore::new(0));
        let waiter = spawn(&semaphore, |semaphore| {
            let one = semaphore.acquire_timeout(Duration::MAX);
            let two = semaphore.acquire_many_timeout(TWO, Duration::MAX);
            one.is_some() && two.is_some()
        });
        semaphore.release(ONE).unwrap();
        semaphore.release(TWO).unwrap();
        assert!(waiter.join().unwrap(), "gave up");
    });
}
