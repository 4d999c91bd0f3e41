//! What the event does in one thread, and in several that shake hands.

use heddle::sync::{Arc, Mutex};
use heddle::thread::{self, JoinHandle, until_blocked};
use heddle::time::{Duration, Instant};
use kata_07_event::Event;
use std::sync::mpsc;
use support::held::Sleeper;

mod support;

const MOMENT: Duration = Duration::from_millis(10);
const AGES: Duration = Duration::from_hours(24);

/// An event, and how many threads have waited for it to the end.
struct Place {
    event: Event,
    released: Mutex<usize>,
}

impl Place {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            event: Event::new(),
            released: Mutex::new(0),
        })
    }

    fn released(&self) -> usize {
        *self.released.lock().unwrap()
    }

    /// Starts a thread that waits once; when this returns, it waits.
    fn waiter(self: &Arc<Self>) -> JoinHandle<()> {
        self.spawn(Event::wait)
    }

    fn timed_waiter(self: &Arc<Self>) -> JoinHandle<()> {
        self.spawn(|event| assert!(event.wait_timeout(AGES), "gave up"))
    }

    fn spawn(self: &Arc<Self>, wait: fn(&Event)) -> JoinHandle<()> {
        let place = Arc::clone(self);
        let waiter = thread::spawn(move || {
            wait(&place.event);
            *place.released.lock().unwrap() += 1;
        });
        until_blocked(waiter.thread());
        waiter
    }
}

/// A new event is clear.
#[test]
fn a_new_event_is_clear() {
    heddle::spec(|| {
        for event in [Event::new(), Event::default()] {
            assert!(!event.is_set());
            assert!(!event.wait_timeout(Duration::ZERO));
        }
    });
}

/// While the event is set nobody waits, any number of times.
#[test]
fn while_it_is_set_nobody_waits() {
    heddle::spec(|| {
        let event = Event::new();
        event.set();
        for limit in [Duration::ZERO, MOMENT, Duration::MAX] {
            assert!(event.is_set());
            event.wait();
            assert!(event.wait_timeout(limit), "{limit:?}");
        }
    });
}

/// A set is not over when those who waited are released: who comes a moment later need not wait.
#[test]
fn who_comes_after_a_set_does_not_wait() {
    heddle::spec(|| {
        let place = Place::new();
        let waiter = place.waiter();
        place.event.set();
        waiter.join().unwrap();
        place.event.wait();
        assert!(place.event.wait_timeout(Duration::ZERO));
    });
}

/// Setting what is set and clearing what is clear changes nothing.
#[test]
fn setting_and_clearing_again_changes_nothing() {
    heddle::spec(|| {
        let event = Event::new();
        for _ in 0..2 {
            event.clear();
            event.clear();
            assert!(!event.is_set(), "cleared twice");
            event.set();
            event.set();
            assert!(event.is_set(), "set twice");
            event.clear();
            assert!(!event.is_set(), "set twice and cleared once");
        }
    });
}

/// Who finds the event clear sleeps instead of spinning, and a set wakes it.
#[test]
fn a_waiter_sleeps_until_the_set() {
    heddle::spec(|| {
        let place = Place::new();
        let waiter = place.waiter();
        assert_eq!(place.released(), 0, "it did not wait");
        place.event.set();
        waiter.join().unwrap();
        assert!(place.event.is_set(), "a wait uses nothing up");
    });
}

/// A set wakes everybody who waits, however many they are, with a limit or without.
#[test]
fn a_set_wakes_everybody() {
    heddle::spec(|| {
        let place = Place::new();
        let waiters = [(); 12].map(|()| [place.waiter(), place.timed_waiter()]);
        place.event.set();
        for waiter in waiters.into_iter().flatten() {
            waiter.join().unwrap();
        }
    });
}

/// Who comes after the clear is not released by the set before it.
#[test]
fn who_comes_after_the_clear_waits() {
    heddle::spec(|| {
        let place = Place::new();
        place.event.set();
        place.event.clear();
        assert!(!place.event.wait_timeout(Duration::ZERO));
        assert!(!place.event.wait_timeout(MOMENT));
        let late = place.waiter();
        assert_eq!(place.released(), 0, "released by a set that is over");
        place.event.set();
        late.join().unwrap();
    });
}

/// A clear releases nobody, whether the event was set before or not.
#[test]
fn a_clear_releases_nobody() {
    heddle::spec(|| {
        let place = Place::new();
        let first = place.waiter();
        place.event.clear();
        until_blocked(first.thread());
        assert_eq!(place.released(), 0, "released by a clear");
        place.event.set();
        first.join().unwrap();
        place.event.clear();
        let second = place.waiter();
        place.event.clear();
        until_blocked(second.thread());
        assert_eq!(place.released(), 1, "released by a clear");
        place.event.set();
        second.join().unwrap();
    });
}

/// A set releases who waits, however often the event changes before that thread comes to look.
#[test]
fn a_set_is_remembered_through_thousands() {
    fn change(event: &Event, bits: u32) {
        // A number of so many bits, or of one more, that counts this begins again.
        for _ in 0..1 << bits {
            event.set();
            event.clear();
        }
    }
    heddle::spec(|| {
        let event = Arc::new(Event::new());
        change(&event, 8);
        let (tell, told) = mpsc::channel();
        let waiter = thread::spawn({
            let event = Arc::clone(&event);
            move || {
                tell.send(Sleeper::here()).unwrap();
                event.wait();
            }
        });
        let sleeper = told.recv().unwrap();
        until_blocked(waiter.thread());
        sleeper.held_while(|| {
            change(&event, 15);
        });
        waiter.join().unwrap();
    });
}

/// The event works again and again, and each round releases its own waiters.
#[test]
fn each_round_releases_its_own_waiters() {
    heddle::spec(|| {
        let place = Place::new();
        for round in 0..3 {
            let waiters = [(); 2].map(|()| place.waiter());
            assert_eq!(place.released(), 2 * round, "released by an earlier round");
            place.event.set();
            for waiter in waiters {
                waiter.join().unwrap();
            }
            place.event.clear();
        }
    });
}

/// A wait whose time runs out has waited all its time, and says so.
#[test]
fn a_timed_wait_lasts_its_time() {
    heddle::spec(|| {
        let event = Event::new();
        thread::current().unpark();
        let begun = Instant::now();
        assert!(!event.wait_timeout(MOMENT));
        assert!(begun.elapsed() >= MOMENT, "gave up too early");
        assert!(!event.is_set());
    });
}

/// A set ends a wait with a time limit, and the answer is yes.
#[test]
fn a_timed_waiter_is_released_by_a_set() {
    heddle::spec(|| {
        let place = Place::new();
        for limit in [AGES, Duration::MAX] {
            place.event.clear();
            let waiting = Arc::clone(&place);
            let waiter = thread::spawn(move || waiting.event.wait_timeout(limit));
            until_blocked(waiter.thread());
            place.event.set();
            assert!(waiter.join().unwrap(), "{limit:?}");
        }
    });
}

/// Who gave up is forgotten, and nobody with it: set and clear work as if it had never waited.
#[test]
fn who_gave_up_is_forgotten() {
    heddle::spec(|| {
        let place = Place::new();
        assert!(!place.event.wait_timeout(MOMENT));
        let waiter = place.waiter();
        for limit in [Duration::ZERO, MOMENT] {
            assert!(!place.event.wait_timeout(limit));
        }
        place.event.set();
        waiter.join().unwrap();
        place.event.clear();
        assert!(!place.event.wait_timeout(Duration::ZERO));
    });
}

/// An unpark that was meant for something else does not end a wait.
#[test]
fn a_stray_unpark_does_not_end_a_wait() {
    heddle::spec(|| {
        let place = Place::new();
        let waiter = place.waiter();
        waiter.thread().unpark();
        until_blocked(waiter.thread());
        assert_eq!(place.released(), 0, "the wait ended without a set");
        place.event.set();
        waiter.join().unwrap();
    });
}
