//! What holds under every schedule. Long, as a phase is one file of short claims.

use std::num::NonZeroUsize;

use heddle::cell::UnsafeCell;
use heddle::sync::atomic::{AtomicIsize, Ordering};
use heddle::sync::{Arc, Mutex};
use heddle::thread::{Builder, JoinHandle, park_timeout, until_blocked};
use heddle::time::{Duration, Instant};
use kata_08_condition::{BoundedBuffer, Condition, Outcome, lock};

const ONE: NonZeroUsize = NonZeroUsize::MIN;
const TWO: NonZeroUsize = ONE.saturating_add(1);

/// A state and the condition that goes with it.
struct Place<T> {
    state: Mutex<T>,
    changed: Condition,
}

impl<T> Place<T> {
    fn new(state: T) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(state),
            changed: Condition::new(),
        })
    }
}

/// Starts a thread that shares `what`.
fn spawn<S, R>(
    name: &str,
    what: &Arc<S>,
    body: impl FnOnce(&S) -> R + Send + 'static,
) -> JoinHandle<R>
where
    S: Send + Sync + 'static,
    R: Send + 'static,
{
    let what = Arc::clone(what);
    Builder::new()
        .name(name.into())
        .spawn(move || body(&what))
        .unwrap()
}

fn wait_until_ready(place: &Place<bool>) {
    let state = lock(&place.state);
    drop(place.changed.wait_while(state, |ready| !*ready));
}

/// Waits two times, unless it is over.
fn wait_twice(place: &Place<bool>) {
    let mut over = lock(&place.state);
    for _ in 0..2 {
        if !*over {
            over = place.changed.wait(over);
        }
    }
}

/// A notify that comes when the waiter has tested but does not sleep yet is not lost.
#[test]
fn no_notify_slips_through_the_gap() {
    heddle::model(|| {
        let place = Place::new(false);
        let waiter = spawn("waiter", &place, wait_until_ready);
        *lock(&place.state) = true;
        place.changed.notify_one();
        waiter.join().unwrap();
    });
}

/// A thread that was woken tests again: another may have taken what it was woken for.
#[test]
fn what_was_notified_may_be_gone() {
    heddle::model(|| {
        let place = Place::new(0);
        let waiter = spawn("waiter", &place, |place| {
            let tokens = lock(&place.state);
            let mut tokens = place.changed.wait_while(tokens, |it| *it == 0);
            assert_eq!(*tokens, 1, "the wait ended without a token");
            *tokens -= 1;
        });
        let give = || {
            *lock(&place.state) += 1;
            place.changed.notify_one();
        };
        give();
        let taken_back = std::mem::take(&mut *lock(&place.state));
        if taken_back == 1 {
            give();
        }
        waiter.join().unwrap();
    });
}

/// A wait ends because of a notify, not because of an unpark or by itself.
#[test]
fn only_a_notify_ends_a_wait() {
    heddle::model(|| {
        let place = Place::new(false);
        let waiter = spawn("waiter", &place, |place| {
            let mut told = lock(&place.state);
            if !*told {
                told = place.changed.wait(told);
                assert!(*told, "the wait ended before the notify");
            }
        });
        waiter.thread().unpark();
        *lock(&place.state) = true;
        place.changed.notify_one();
        waiter.join().unwrap();
    });
}

/// The waiter sees what the notifier did before the notify, even without the mutex.
#[test]
fn a_notify_publishes_what_came_before_it() {
    struct Letter {
        sent: Mutex<bool>,
        changed: Condition,
        text: UnsafeCell<u32>,
    }
    // SAFETY: `text` is written before the notify, and read only after a wait that this notify ended.
    unsafe impl Sync for Letter {}

    heddle::model(|| {
        let letter = Arc::new(Letter {
            sent: Mutex::new(false),
            changed: Condition::new(),
            text: UnsafeCell::new(0),
        });
        let reader = spawn("reader", &letter, |letter| {
            let sent = lock(&letter.sent);
            if !*sent {
                drop(letter.changed.wait(sent));
                // SAFETY: see `Letter`; the notify has ended the wait.
                assert_eq!(letter.text.with(|text| unsafe { *text }), 7);
            }
        });
        *lock(&letter.sent) = true;
        // SAFETY: see `Letter`; the notify comes later.
        letter.text.with_mut(|text| unsafe { *text = 7 });
        letter.changed.notify_one();
        reader.join().unwrap();
    });
}

/// A thread that is woken and waits again is not picked a second time by the same notify.
#[test]
fn a_notify_picks_only_those_who_wait_already() {
    heddle::model(|| {
        let place = Place::new(false);
        let waiter = spawn("waiter", &place, wait_twice);
        assert!(place.changed.notify(2) <= 1, "one thread was picked twice");
        *lock(&place.state) = true;
        place.changed.notify_all();
        waiter.join().unwrap();
    });
}

/// A notify of all, too, picks nobody who comes to wait while it wakes the others.
#[test]
fn a_notify_of_all_picks_only_those_who_wait_already() {
    heddle::model(|| {
        let place = Place::new(false);
        let waiter = spawn("waiter", &place, wait_twice);
        let picked = place.changed.notify_all();
        assert!(picked <= 1, "one thread was picked twice");
        *lock(&place.state) = true;
        place.changed.notify_all();
        waiter.join().unwrap();
    });
}

/// Two notifies at the same time do not pick the same thread.
#[test]
fn no_thread_is_picked_by_two() {
    heddle::model(|| {
        let place = Place::new(());
        let waiter = spawn("waiter", &place, |place| {
            drop(place.changed.wait(lock(&place.state)));
        });
        until_blocked(waiter.thread());
        let other = spawn("other", &place, |place| place.changed.notify_one());
        let picked = place.changed.notify_one() + other.join().unwrap();
        assert_eq!(picked, 1, "one thread waits");
        waiter.join().unwrap();
    });
}

/// A wait with a time limit is in time exactly if a notify has picked it.
#[test]
fn a_counted_notify_is_never_lost_to_a_timeout() {
    heddle::model(|| {
        let place = Place::new(());
        let waiter = spawn("waiter", &place, |place| {
            let (state, time) = (lock(&place.state), Duration::from_millis(5));
            place.changed.wait_timeout(state, time).1
        });
        let picked = place.changed.notify_one();
        let outcome = waiter.join().unwrap();
        let in_time = outcome == Outcome::InTime;
        assert_eq!(in_time, picked == 1, "{outcome:?}, but {picked} picked");
        let left = place.changed.notify_all();
        assert_eq!(left, 0, "a thread that has gone is still waited for");
    });
}

/// A notify ends a wait with a time limit at once, and not when its time is over.
#[test]
fn a_notify_ends_a_timed_wait_at_once() {
    heddle::model(|| {
        let (begun, place) = (Instant::now(), Place::new(()));
        let waiter = spawn("waiter", &place, move |place| {
            let time = Duration::from_millis(5);
            drop(place.changed.wait_timeout(lock(&place.state), time));
            begun.elapsed()
        });
        let picked = place.changed.notify_one();
        let notified = begun.elapsed();
        let waited = waiter.join().unwrap();
        if picked == 1 && notified.is_zero() {
            assert!(waited.is_zero(), "slept on after the notify");
        }
    });
}

/// A wait without a time limit looks at no clock: it sleeps until it is picked.
#[test]
fn a_wait_without_a_limit_does_not_poll() {
    heddle::model(|| {
        let (begun, place) = (Instant::now(), Place::new(false));
        let waiter = spawn("waiter", &place, wait_until_ready);
        *lock(&place.state) = true;
        place.changed.notify_one();
        waiter.join().unwrap();
        // In a model time passes only while somebody waits for it.
        assert!(begun.elapsed().is_zero(), "asked again after some time");
    });
}

/// A conditional wait with a time limit is in time exactly if the state is the one waited for.
#[test]
fn in_time_means_that_the_state_is_there() {
    heddle::model(|| {
        let place = Place::new(false);
        let waiter = spawn("waiter", &place, |place| {
            let (state, time) = (lock(&place.state), Duration::from_millis(5));
            let (ready, outcome) = place.changed.wait_timeout_while(state, time, |it| !*it);
            assert_eq!(outcome == Outcome::InTime, *ready, "{outcome:?} is wrong");
        });
        place.changed.notify_one();
        *lock(&place.state) = true;
        waiter.join().unwrap();
    });
}

/// A notify of all wakes both waiters.
#[test]
fn a_notify_of_all_wakes_both() {
    heddle::model(|| {
        let place = Place::new(false);
        let waiters = ["first", "second"].map(|name| spawn(name, &place, wait_until_ready));
        *lock(&place.state) = true;
        place.changed.notify_all();
        for waiter in waiters {
            waiter.join().unwrap();
        }
    });
}

/// A conditional wait has one deadline, however long its tests take.
#[test]
fn one_deadline_holds_for_all_waits() {
    heddle::model(|| {
        let place = Place::new(());
        let (timeout, test) = (Duration::from_millis(5), Duration::from_millis(3));
        let begun = Instant::now();
        let not_yet = |_: &mut ()| {
            park_timeout(test);
            true
        };
        let state = lock(&place.state);
        let (_, outcome) = place.changed.wait_timeout_while(state, timeout, not_yet);
        assert_eq!(outcome, Outcome::TimedOut);
        // In a model time passes only while somebody waits for it: this is exact.
        let waited = begun.elapsed();
        assert!(waited <= timeout + test, "the time limit began anew");
    });
}

/// An item that is put while the consumer goes to sleep reaches it.
#[test]
fn an_item_reaches_the_consumer() {
    heddle::model(|| {
        let buffer = Arc::new(BoundedBuffer::new(ONE));
        let producer = spawn("producer", &buffer, |buffer| buffer.put(1));
        assert_eq!(buffer.get(), 1);
        producer.join().unwrap();
    });
}

/// Room that is made while the producer goes to sleep reaches it.
#[test]
fn room_reaches_the_producer() {
    heddle::model(|| {
        let buffer = Arc::new(BoundedBuffer::new(ONE));
        buffer.put(1);
        let producer = spawn("producer", &buffer, |buffer| buffer.put(2));
        assert_eq!(buffer.get(), 1);
        producer.join().unwrap();
        assert_eq!(buffer.get(), 2);
    });
}

/// When two consumers and then the producer wait, a consumer that makes room wakes the producer.
#[test]
fn no_consumer_wakes_in_place_of_the_producer() {
    heddle::model(|| {
        let buffer = Arc::new(BoundedBuffer::new(ONE));
        let consumers = ["first", "second"].map(|name| {
            let consumer = spawn(name, &buffer, BoundedBuffer::get);
            until_blocked(consumer.thread());
            consumer
        });
        buffer.put(1);
        buffer.put(2);
        let got = consumers.map(|consumer| consumer.join().unwrap());
        assert!(got == [1, 2] || got == [2, 1], "{got:?}");
    });
}

/// Each of two items reaches a consumer, even if the one who was woken for the first comes too late.
#[test]
fn the_second_item_wakes_too() {
    heddle::model(|| {
        let buffer = Arc::new(BoundedBuffer::new(TWO));
        let first = spawn("first", &buffer, BoundedBuffer::get);
        until_blocked(first.thread());
        let second = spawn("second", &buffer, BoundedBuffer::get);
        (1..=2).for_each(|item| buffer.put(item));
        let got = [first.join().unwrap(), second.join().unwrap()];
        assert!(got == [1, 2] || got == [2, 1], "{got:?}");
    });
}

/// With two places and two producers, each room that is made wakes its producer.
#[test]
fn the_second_room_wakes_too() {
    heddle::model(|| {
        let buffer = Arc::new(BoundedBuffer::new(TWO));
        buffer.put(1);
        buffer.put(2);
        let put = |buffer: &BoundedBuffer<_>| buffer.put(3);
        let producers = ["first", "second"].map(|name| spawn(name, &buffer, put));
        assert_eq!([buffer.get(), buffer.get()], [1, 2]);
        for producer in producers {
            producer.join().unwrap();
        }
    });
}

/// There are never more items in a buffer than it has room for.
#[test]
fn no_more_is_put_than_there_is_room() {
    struct Counted {
        buffer: BoundedBuffer<u32>,
        /// Puts that are done, less gets that have begun: never more than are inside.
        inside: AtomicIsize,
    }
    impl Counted {
        fn put(&self, item: u32) {
            self.buffer.put(item);
            let inside = self.inside.fetch_add(1, Ordering::Relaxed) + 1;
            assert!(inside <= 1, "there is room for 1, but {inside} are inside");
        }

        fn get(&self) {
            self.inside.fetch_sub(1, Ordering::Relaxed);
            self.buffer.get();
        }
    }
    heddle::model(|| {
        let counted = Arc::new(Counted {
            buffer: BoundedBuffer::new(ONE),
            inside: AtomicIsize::new(0),
        });
        counted.put(0);
        let other = spawn("other", &counted, |counted| {
            counted.get();
            counted.put(1);
            counted.get();
        });
        counted.put(2);
        counted.get();
        other.join().unwrap();
    });
}

/// Who waits with the longest timeout there is never runs out of time.
#[test]
fn the_longest_timeout_never_runs_out() {
    heddle::model(|| {
        let place = Place::new(());
        let wait = |place: &Place<()>| {
            let waited = place
                .changed
                .wait_timeout(lock(&place.state), Duration::MAX);
            waited.1
        };
        let waiter = spawn("waiter", &place, wait);
        until_blocked(waiter.thread());
        place.changed.notify_one();
        assert_eq!(waiter.join().unwrap(), Outcome::InTime);
    });
}

/// Nor does one who tests with the longest timeout, however often it is woken in vain.
#[test]
fn a_test_with_the_longest_timeout_never_runs_out() {
    heddle::model(|| {
        let place = Place::new(0);
        let waiter = spawn("waiter", &place, |place| {
            let (state, time) = (lock(&place.state), Duration::MAX);
            place
                .changed
                .wait_timeout_while(state, time, |it| *it < 2)
                .1
        });
        for _ in 0..2 {
            *lock(&place.state) += 1;
            place.changed.notify_one();
        }
        assert_eq!(waiter.join().unwrap(), Outcome::InTime);
    });
}
