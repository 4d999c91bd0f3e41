//! What holds in one thread, or when every thread is known to be where the claim wants it.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use heddle::sync::{Arc, Mutex};
use heddle::thread::{self, Builder, JoinHandle, until_blocked};
use heddle::time::{Duration, Instant};
use kata_08_condition::{BoundedBuffer, Condition, Locked, Outcome, lock};

/// A number and the condition that goes with it.
struct Place {
    state: Mutex<u32>,
    changed: Condition,
}

impl Place {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(0),
            changed: Condition::new(),
        })
    }

    fn lock(&self) -> Locked<'_, u32> {
        lock(&self.state)
    }

    /// Starts a thread that waits once and then adds one; when this returns, it waits.
    fn waiter(self: &Arc<Self>, name: &str) -> JoinHandle<()> {
        let place = Arc::clone(self);
        let waiter = spawn(name, move || {
            *place.changed.wait(place.lock()) += 1;
        });
        until_blocked(waiter.thread());
        waiter
    }
}

fn spawn<R, F>(name: &str, body: F) -> JoinHandle<R>
where
    R: Send + 'static,
    F: FnOnce() -> R + Send + 'static,
{
    Builder::new().name(name.into()).spawn(body).unwrap()
}

fn room_for(items: usize) -> NonZeroUsize {
    NonZeroUsize::new(items).unwrap()
}

/// While a thread waits, the mutex is free for others.
#[test]
fn a_wait_gives_the_lock_up() {
    heddle::spec(|| {
        let place = Place::new();
        let waiter = place.waiter("waiter");
        *place.lock() = 6;
        assert_eq!(place.changed.notify_one(), 1);
        waiter.join().unwrap();
        assert_eq!(*place.lock(), 7);
    });
}

/// A notify does not hand the mutex over: the woken thread goes on when the notifier has unlocked it.
#[test]
fn a_woken_thread_waits_for_the_lock() {
    heddle::spec(|| {
        let place = Place::new();
        let waiter = place.waiter("waiter");
        let mut locked = place.lock();
        assert_eq!(place.changed.notify_one(), 1);
        until_blocked(waiter.thread());
        assert_eq!(*locked, 0, "the waiter went on although the mutex was held");
        *locked = 6;
        drop(locked);
        waiter.join().unwrap();
        assert_eq!(*place.lock(), 7);
    });
}

/// A notify of two picks two of three waiting threads, and those that came first.
#[test]
fn a_notify_picks_those_who_waited_longest() {
    heddle::spec(|| {
        let place = Place::new();
        let first = place.waiter("first");
        let second = place.waiter("second");
        let third = place.waiter("third");
        assert_eq!(place.changed.notify(2), 2);
        first.join().unwrap();
        second.join().unwrap();
        assert_eq!(*place.lock(), 2, "more were woken than picked");
        assert_eq!(place.changed.notify(2), 1);
        third.join().unwrap();
    });
}

/// A notify of one picks one thread, even if two wait.
#[test]
fn a_notify_of_one_picks_one() {
    heddle::spec(|| {
        let place = Place::new();
        let first = place.waiter("first");
        let second = place.waiter("second");
        assert_eq!(place.changed.notify_one(), 1);
        first.join().unwrap();
        assert_eq!(*place.lock(), 1, "more were woken than picked");
        assert_eq!(place.changed.notify_one(), 1);
        second.join().unwrap();
    });
}

/// A notify of all picks every waiting thread and says how many they were.
#[test]
fn a_notify_of_all_leaves_nobody_behind() {
    heddle::spec(|| {
        let place = Place::new();
        let waiters = ["first", "second", "third"].map(|name| place.waiter(name));
        assert_eq!(place.changed.notify_all(), 3);
        for waiter in waiters {
            waiter.join().unwrap();
        }
        assert_eq!(place.changed.notify_all(), 0);
    });
}

/// A notify of none wakes nobody.
#[test]
fn a_notify_of_none_does_nothing() {
    heddle::spec(|| {
        let place = Place::new();
        let waiter = place.waiter("waiter");
        assert_eq!(place.changed.notify(0), 0);
        until_blocked(waiter.thread());
        assert_eq!(*place.lock(), 0);
        assert_eq!(place.changed.notify(1), 1);
        waiter.join().unwrap();
    });
}

/// A notify for which nobody waits is not kept for the next who comes.
#[test]
fn a_notify_for_nobody_is_lost() {
    heddle::spec(|| {
        let place = Place::new();
        assert_eq!(place.changed.notify_all(), 0);
        assert_eq!(place.changed.notify(2), 0);
        let brief = Duration::from_millis(1);
        let timed = place.changed.wait_timeout(place.lock(), brief);
        assert_eq!(timed.1, Outcome::TimedOut);
    });
}

/// An unpark that was meant for something else does not end a wait.
#[test]
fn a_stray_unpark_does_not_end_a_wait() {
    heddle::spec(|| {
        let place = Place::new();
        let waiter = place.waiter("waiter");
        waiter.thread().unpark();
        until_blocked(waiter.thread());
        assert_eq!(*place.lock(), 0, "the wait ended without a notify");
        assert_eq!(place.changed.notify_one(), 1);
        waiter.join().unwrap();
    });
}

/// A wait with a time limit is not over before its time, not even when there was an unpark already.
#[test]
fn a_timed_wait_lasts_its_time() {
    heddle::spec(|| {
        let place = Place::new();
        let timeout = Duration::from_millis(5);
        thread::current().unpark();
        let begun = Instant::now();
        let (locked, outcome) = place.changed.wait_timeout(place.lock(), timeout);
        assert_eq!(outcome, Outcome::TimedOut);
        assert!(begun.elapsed() >= timeout, "the wait ended too early");
        drop(locked);
    });
}

/// A wait of no time at all returns with the mutex locked.
#[test]
fn a_wait_of_zero_comes_back_with_the_lock() {
    heddle::spec(|| {
        let place = Place::new();
        let (mut locked, outcome) = place.changed.wait_timeout(place.lock(), Duration::ZERO);
        assert_eq!(outcome, Outcome::TimedOut);
        let other = Arc::clone(&place);
        let other = spawn("other", move || *other.lock() += 1);
        until_blocked(other.thread());
        assert_eq!(*locked, 0);
        *locked = 6;
        drop(locked);
        other.join().unwrap();
        assert_eq!(*place.lock(), 7);
    });
}

/// A thread whose time ran out waits no longer: a notify is not spent on it.
#[test]
fn a_thread_that_timed_out_is_not_picked() {
    heddle::spec(|| {
        let place = Place::new();
        let timed = place.changed.wait_timeout(place.lock(), Duration::ZERO);
        assert_eq!(timed.1, Outcome::TimedOut);
        drop(timed);
        let waiter = place.waiter("waiter");
        assert_eq!(place.changed.notify_one(), 1);
        waiter.join().unwrap();
        assert_eq!(place.changed.notify_one(), 0);
    });
}

/// The longest timeout there is does not overflow the clock.
#[test]
fn the_longest_timeout_is_no_timeout() {
    heddle::spec(|| {
        let place = Place::new();
        let waiting = Arc::clone(&place);
        let wait = move || {
            waiting
                .changed
                .wait_timeout(waiting.lock(), Duration::MAX)
                .1
        };
        let waiter = spawn("waiter", wait);
        until_blocked(waiter.thread());
        assert_eq!(place.changed.notify_one(), 1);
        assert_eq!(waiter.join().unwrap(), Outcome::InTime);
    });
}

/// The test of a conditional wait says when to keep waiting: told no, it returns at once.
#[test]
fn a_test_that_says_no_ends_the_wait() {
    heddle::spec(|| {
        let place = Place::new();
        let locked = place.changed.wait_while(place.lock(), |state| *state > 0);
        assert_eq!(*locked, 0);
        let (changed, time) = (&place.changed, Duration::MAX);
        let (locked, outcome) = changed.wait_timeout_while(locked, time, |state| *state > 0);
        assert_eq!((*locked, outcome), (0, Outcome::InTime));
    });
}

/// A woken thread tests again, and goes back to wait when the answer is still yes.
#[test]
fn woken_does_not_mean_true() {
    heddle::spec(|| {
        is_woken_until_two(|place| *place.changed.wait_while(place.lock(), |state| *state < 2));
    });
}

/// A woken thread that has time left tests again as well.
#[test]
fn woken_does_not_mean_in_time() {
    heddle::spec(|| {
        is_woken_until_two(|place| {
            let below_two = |state: &mut u32| *state < 2;
            let (changed, ages) = (&place.changed, Duration::from_hours(24));
            let (state, outcome) = changed.wait_timeout_while(place.lock(), ages, below_two);
            assert_eq!(outcome, Outcome::InTime);
            *state
        });
    });
}

/// Wakes a thread at 0, 1 and 2; only the last is what it waits for.
fn is_woken_until_two(wait: fn(&Place) -> u32) {
    let place = Place::new();
    let waiting = Arc::clone(&place);
    let waiter = spawn("waiter", move || wait(&waiting));
    for state in 0..=2 {
        until_blocked(waiter.thread());
        *place.lock() = state;
        assert_eq!(place.changed.notify_one(), 1);
    }
    assert_eq!(waiter.join().unwrap(), 2);
}

/// A conditional wait tests even if it has no time, and tells what came of it.
#[test]
fn a_wait_without_time_still_tests() {
    heddle::spec(|| {
        let place = Place::new();
        let (changed, zero) = (&place.changed, Duration::ZERO);
        let (locked, outcome) = changed.wait_timeout_while(place.lock(), zero, |_| false);
        assert_eq!(outcome, Outcome::InTime);
        let timed = changed.wait_timeout_while(locked, zero, |_| true);
        assert_eq!(timed.1, Outcome::TimedOut);
    });
}

/// When the time is up the state is tested once more, and that answer counts.
#[test]
fn the_last_test_counts() {
    heddle::spec(|| {
        let place = Place::new();
        let brief = Duration::from_millis(1);
        let first = |tests: &mut u32| {
            *tests += 1;
            *tests == 1
        };
        let (locked, outcome) = place.changed.wait_timeout_while(place.lock(), brief, first);
        assert_eq!((*locked, outcome), (2, Outcome::InTime));
    });
}

/// Waiting at one condition with two mutexes panics, and harms nobody who waits there already.
#[test]
fn two_mutexes_with_one_condition_panic() {
    heddle::spec(|| {
        let place = Place::new();
        let waiter = place.waiter("waiter");
        let (other, third) = (Mutex::new(0), Mutex::new(0));
        let mistake = || drop(place.changed.wait_timeout(lock(&other), Duration::ZERO));
        let caught = catch_unwind(AssertUnwindSafe(mistake));
        assert!(caught.is_err(), "the second mutex was accepted");
        assert_eq!(place.changed.notify_all(), 1);
        waiter.join().unwrap();
        drop(place.changed.wait_timeout(lock(&third), Duration::ZERO));
    });
}

/// A panic in the test leaves nobody in the queue, and tells those who lock the mutex next.
#[test]
fn a_panic_in_the_test_is_passed_on() {
    heddle::spec(|| {
        let place = Place::new();
        let test = |_: &mut u32| panic!("no answer");
        let panics = || drop(place.changed.wait_while(place.lock(), test));
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
        assert_eq!(place.changed.notify_all(), 0);
        let next = catch_unwind(AssertUnwindSafe(|| drop(place.lock())));
        assert!(next.is_err(), "the mutex is not poisoned");
    });
}

/// A wait ends in a panic when another thread has panicked with the mutex held meanwhile.
#[test]
fn a_wait_passes_a_panic_on() {
    heddle::spec(|| {
        let place = Place::new();
        let waiter = place.waiter("waiter");
        let fails = || {
            let _locked = place.lock();
            std::panic::resume_unwind(Box::new("half changed"));
        };
        assert!(catch_unwind(AssertUnwindSafe(fails)).is_err());
        assert_eq!(place.changed.notify_one(), 1);
        assert!(waiter.join().is_err(), "the wait hides the panic");
    });
}

/// What was put in first comes out first.
#[test]
fn a_buffer_keeps_the_order() {
    heddle::spec(|| {
        let buffer = BoundedBuffer::new(room_for(3));
        (1..=3).for_each(|item| buffer.put(item));
        assert_eq!([buffer.get(), buffer.get(), buffer.get()], [1, 2, 3]);
    });
}

/// A producer waits while the buffer is full, and goes on when there is room.
#[test]
fn a_producer_waits_for_room() {
    heddle::spec(|| {
        let buffer = Arc::new(BoundedBuffer::new(room_for(2)));
        let (producing, put) = (Arc::clone(&buffer), Arc::new(Mutex::new(0)));
        let count = Arc::clone(&put);
        let producer = spawn("producer", move || {
            for item in 0..3 {
                producing.put(item);
                *count.lock().unwrap() += 1;
            }
        });
        until_blocked(producer.thread());
        assert_eq!(*put.lock().unwrap(), 2, "there is room for two");
        assert_eq!(buffer.get(), 0);
        producer.join().unwrap();
        assert_eq!([buffer.get(), buffer.get()], [1, 2]);
    });
}

/// A consumer waits while the buffer is empty.
#[test]
fn a_consumer_waits_for_an_item() {
    heddle::spec(|| {
        let buffer = Arc::new(BoundedBuffer::new(room_for(1)));
        let consuming = Arc::clone(&buffer);
        let consumer = spawn("consumer", move || consuming.get());
        until_blocked(consumer.thread());
        buffer.put("item");
        assert_eq!(consumer.join().unwrap(), "item");
    });
}
