//! What the event promises under every schedule. Long, as a phase is one file of short claims.

use heddle::cell::UnsafeCell;
use heddle::sync::Arc;
use heddle::sync::atomic::AtomicBool;
use heddle::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use heddle::thread::{self, JoinHandle, until_blocked};
use heddle::time::{Duration, Instant};
use kata_07_event::Event;

const LIMIT: Duration = Duration::from_secs(1);
const MOMENT: Duration = Duration::from_millis(1);

/// An event, and something that is written before it is set.
struct Letter {
    sent: Event,
    text: UnsafeCell<u32>,
}

// SAFETY: not safe in general; the claim is that who sees the event set sees the text too.
unsafe impl Sync for Letter {}

impl Letter {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            sent: Event::new(),
            text: UnsafeCell::new(0),
        })
    }

    fn write(&self) {
        // SAFETY: as for `Sync`; the event is set afterwards.
        self.text.with_mut(|text| unsafe { *text = 7 });
        self.sent.set();
    }

    fn read(&self) -> u32 {
        // SAFETY: as for `Sync`; the caller has seen the event set. If not, the model says so.
        self.text.with(|text| unsafe { *text })
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

/// Starts a thread that waits for the event; when this returns, it waits.
fn waiting<R: Send + 'static>(
    event: &Arc<Event>,
    wait: impl FnOnce(&Event) -> R + Send + 'static,
) -> JoinHandle<R> {
    let waiter = spawn(event, wait);
    until_blocked(waiter.thread());
    waiter
}

/// A set that comes when a thread has looked but does not sleep yet is not lost.
#[test]
fn no_set_slips_through_the_gap() {
    heddle::model(|| {
        let event = Arc::new(Event::new());
        let waiter = spawn(&event, |event| {
            event.wait();
            assert!(event.is_set(), "released before the event was set");
        });
        event.set();
        waiter.join().unwrap();
    });
}

/// A set wakes both of two threads that wait.
#[test]
fn a_set_wakes_both() {
    heddle::model(|| {
        let event = Arc::new(Event::new());
        let waiters = [(); 2].map(|()| spawn(&event, Event::wait));
        event.set();
        for waiter in waiters {
            waiter.join().unwrap();
        }
    });
}

/// A set that is cleared at once releases both who were waiting.
#[test]
fn a_set_that_is_cleared_at_once_releases_both() {
    heddle::model(|| {
        let event = Arc::new(Event::new());
        let waiters = [(); 2].map(|()| waiting(&event, Event::wait));
        event.set();
        event.clear();
        for waiter in waiters {
            waiter.join().unwrap();
        }
        assert!(!event.is_set());
    });
}

/// Changes two events, each in front of a thread that waits for it and does not come to look yet.
fn change_twice(used: bool, wait: fn(&Event)) {
    let rounds = [[true, false, true, false], [true, true, false, false]].map(|sets| {
        let event = Arc::new(Event::new());
        if used {
            event.set();
            event.clear();
        }
        (waiting(&event, wait), event, sets)
    });
    for (waiter, event, sets) in rounds {
        for sets in sets {
            let change = if sets { Event::set } else { Event::clear };
            change(&event);
        }
        waiter.join().unwrap();
    }
}

/// Two sets in a row release as one does, whether or not there is a clear between them.
#[test]
fn two_sets_in_a_row_release_who_waits() {
    heddle::model(|| change_twice(false, Event::wait));
}

/// Two sets in a row count for who waits with a limit as well, on an event that was set before.
#[test]
fn two_sets_in_a_row_count_for_a_timed_waiter() {
    heddle::model(|| change_twice(true, |event| assert!(event.wait_timeout(Duration::MAX))));
}

/// A thread that wakes up late takes nothing from one that waits for the next set by then.
#[test]
fn a_late_riser_takes_nobodys_place() {
    heddle::model(|| {
        let event = Arc::new(Event::new());
        let early = waiting(&event, Event::wait);
        event.set();
        event.clear();
        let late = waiting(&event, Event::wait);
        early.join().unwrap();
        event.set();
        late.join().unwrap();
    });
}

/// A set that was seen and then cleared is over: it releases nobody who comes later.
#[test]
fn a_set_that_was_seen_and_cleared_is_over() {
    heddle::model(|| {
        let event = Arc::new(Event::new());
        let setter = spawn(&event, Event::set);
        if event.is_set() {
            event.clear();
            assert!(!event.wait_timeout(LIMIT), "the set was over");
        }
        setter.join().unwrap();
    });
}

/// A clear that another thread makes at the same time strands nobody.
#[test]
fn a_clear_at_the_same_time_strands_nobody() {
    heddle::model(|| {
        let event = Arc::new(Event::new());
        let waiter = waiting(&event, Event::wait);
        let other = spawn(&event, Event::clear);
        event.set();
        waiter.join().unwrap();
        other.join().unwrap();
    });
}

/// Two threads that clear the event at the same time strand nobody who comes after one of them.
#[test]
fn two_clears_at_the_same_time_strand_nobody() {
    heddle::model(|| {
        let event = Arc::new(Event::new());
        event.set();
        let other = spawn(&event, Event::clear);
        let waiter = spawn(&event, |event| {
            event.clear();
            event.wait();
        });
        other.join().unwrap();
        until_blocked(waiter.thread());
        assert!(!event.is_set());
        event.set();
        waiter.join().unwrap();
    });
}

/// A set that another thread makes at the same time takes nothing away from this one.
#[test]
fn two_sets_at_the_same_time_are_a_set() {
    heddle::model(|| {
        let event = Arc::new(Event::new());
        let waiter = spawn(&event, Event::wait);
        let other = spawn(&event, Event::set);
        event.set();
        assert!(event.is_set());
        waiter.join().unwrap();
        other.join().unwrap();
        assert!(event.is_set());
    });
}

/// A wait ends because of a set, not because of a clear or an unpark or by itself.
#[test]
fn only_a_set_ends_a_wait() {
    heddle::model(|| {
        let letter = Letter::new();
        let reader = spawn(&letter, |letter| {
            letter.sent.wait();
            assert_eq!(letter.read(), 7, "the wait ended before the set");
        });
        letter.sent.clear();
        reader.thread().unpark();
        letter.write();
        reader.join().unwrap();
    });
}

/// Who waits with a limit and is told yes sees what came before the set.
#[test]
fn a_timed_wait_that_says_yes_has_seen_the_set() {
    heddle::model(|| {
        let letter = Letter::new();
        let reader = spawn(&letter, |letter| {
            if letter.sent.wait_timeout(LIMIT) {
                assert_eq!(letter.read(), 7, "the wait ended before the set");
            }
        });
        letter.sent.clear();
        reader.thread().unpark();
        letter.write();
        reader.join().unwrap();
    });
}

/// Who only looks and finds the event set sees what came before the set.
#[test]
fn who_sees_it_set_sees_what_came_before() {
    heddle::model(|| {
        let letter = Letter::new();
        let writer = spawn(&letter, Letter::write);
        if letter.sent.is_set() {
            assert_eq!(letter.read(), 7);
        }
        if letter.sent.wait_timeout(Duration::ZERO) {
            assert_eq!(letter.read(), 7);
        }
        writer.join().unwrap();
    });
}

/// Who clears the event, then looks for what it announces, and then waits, misses nothing.
#[test]
fn who_clears_then_looks_then_waits_misses_nothing() {
    heddle::model(|| {
        let shared = Arc::new((Event::new(), AtomicBool::new(false)));
        let (event, item) = &*shared;
        event.set();
        let producer = spawn(&shared, |(event, item)| {
            item.store(true, Relaxed);
            event.set();
        });
        event.clear();
        while !item.load(Relaxed) {
            event.wait();
            event.clear();
        }
        producer.join().unwrap();
    });
}

/// A set and a clear have an order, even if the clear changes nothing: one sees what was before the
/// other.
#[test]
fn a_set_and_a_clear_have_an_order() {
    heddle::model(|| {
        let shared = Arc::new((Event::new(), AtomicBool::new(false), AtomicBool::new(false)));
        let setter = spawn(&shared, |(event, sets, clears)| {
            sets.store(true, Relaxed);
            event.set();
            clears.load(Relaxed)
        });
        let (event, sets, clears) = &*shared;
        clears.store(true, Relaxed);
        event.clear();
        let cleared_later = sets.load(Relaxed);
        assert!(setter.join().unwrap() || cleared_later, "neither is first");
    });
}

/// A thread that waits again after the clear waits for the next set.
#[test]
fn who_waits_again_waits_for_the_next_set() {
    #[derive(Default)]
    struct Rounds {
        event: Event,
        cleared: AtomicBool,
        again: AtomicBool,
    }
    heddle::model(|| {
        let rounds = Arc::new(Rounds::default());
        let waiter = spawn(&rounds, |rounds| {
            rounds.event.wait();
            // Otherwise the event may still be set, and who waits need not wait.
            if rounds.cleared.load(Acquire) {
                rounds.event.wait();
                assert!(rounds.again.load(Acquire), "released twice by one set");
            }
        });
        until_blocked(waiter.thread());
        rounds.event.set();
        rounds.event.clear();
        rounds.cleared.store(true, Release);
        until_blocked(waiter.thread());
        rounds.again.store(true, Release);
        rounds.event.set();
        waiter.join().unwrap();
    });
}

/// A thread that is released and waits again takes nobody else's release.
#[test]
fn who_waits_again_takes_nobodys_release() {
    heddle::model(|| {
        let event = Arc::new(Event::new());
        let twice = waiting(&event, |event| {
            event.wait();
            event.wait_timeout(Duration::ZERO)
        });
        let once = waiting(&event, Event::wait);
        event.set();
        event.clear();
        once.join().unwrap();
        twice.join().unwrap();
    });
}

/// A set wakes a waiter with a time limit at once, and not when its time is over.
#[test]
fn a_set_wakes_a_timed_waiter() {
    heddle::model(|| {
        let begun = Instant::now();
        let event = Arc::new(Event::new());
        let waiter = spawn(&event, move |event| {
            let answer = event.wait_timeout(LIMIT);
            assert!(!answer || event.is_set(), "told yes too early");
            (answer, begun.elapsed())
        });
        event.set();
        let was_set = begun.elapsed();
        let (answer, waited) = waiter.join().unwrap();
        // Otherwise the time was over before the set.
        if was_set.is_zero() {
            assert!(answer, "gave up");
            assert!(waited.is_zero(), "slept on after the set");
        }
    });
}

/// A set in time counts for who waits with a limit, even if cleared at once and noticed late.
#[test]
fn a_cleared_set_counts_for_a_timed_waiter() {
    heddle::model(|| {
        let begun = Instant::now();
        let event = Arc::new(Event::new());
        let waiter = waiting(&event, |event| event.wait_timeout(LIMIT));
        event.set();
        // Otherwise its time may have been over before the set.
        let in_time = begun.elapsed().is_zero();
        event.clear();
        thread::sleep(LIMIT);
        let answer = waiter.join().unwrap();
        assert!(answer || !in_time, "the set was forgotten");
    });
}

/// Who gives up takes nobody along: those who wait on are woken by the set.
#[test]
fn who_gives_up_takes_nobody_along() {
    heddle::model(|| {
        let event = Arc::new(Event::new());
        let timed = waiting(&event, |event| event.wait_timeout(LIMIT));
        let waiter = waiting(&event, Event::wait);
        assert!(!timed.join().unwrap(), "nobody has set it");
        event.set();
        waiter.join().unwrap();
    });
}

/// A wait says no only when its time is over.
#[test]
fn no_means_that_the_time_is_over() {
    heddle::model(|| {
        let begun = Instant::now();
        let event = Arc::new(Event::new());
        let waiter = spawn(&event, move |event| {
            let answer = event.wait_timeout(LIMIT);
            assert!(answer || begun.elapsed() >= LIMIT, "gave up too early");
        });
        event.set();
        event.clear();
        waiter.join().unwrap();
    });
}

/// A clear or a stray unpark makes a timed wait neither longer nor shorter.
#[test]
fn a_wake_up_does_not_change_a_time_limit() {
    heddle::model(|| {
        let begun = Instant::now();
        let event = Arc::new(Event::new());
        let waiter = waiting(&event, move |event| {
            assert!(!event.wait_timeout(LIMIT), "nobody has set it");
            begun.elapsed()
        });
        thread::sleep(MOMENT);
        // Otherwise its time was over before this wake-up.
        let in_time = begun.elapsed() == MOMENT;
        event.clear();
        waiter.thread().unpark();
        let waited = waiter.join().unwrap();
        assert!(waited >= LIMIT, "gave up too early");
        assert!(!in_time || waited < LIMIT + MOMENT, "waited too long");
    });
}

/// A limit of any length is neither rounded nor cut.
#[test]
fn a_limit_is_neither_rounded_nor_cut() {
    heddle::model(|| {
        let event = Event::new();
        for (secs, nanos) in [(0, 1), (0, 1_500_001), (100_000, 3_000_001), (1 << 35, 0)] {
            let (limit, begun) = (Duration::new(secs, nanos), Instant::now());
            assert!(!event.wait_timeout(limit), "nobody has set it");
            let waited = begun.elapsed();
            assert!(waited >= limit, "gave up too early");
            assert!(waited < limit + MOMENT, "waited too long");
        }
    });
}

/// A wait without a time limit looks at no clock: it sleeps until the set.
#[test]
fn a_wait_without_a_limit_does_not_poll() {
    heddle::model(|| {
        let begun = Instant::now();
        let event = Arc::new(Event::new());
        let waiter = spawn(&event, Event::wait);
        event.set();
        waiter.join().unwrap();
        // In a model time passes only while somebody waits for it.
        assert!(begun.elapsed().is_zero(), "asked again after some time");
    });
}

/// A wait of no time takes no time, not even a moment.
#[test]
fn a_wait_of_no_time_does_not_wait() {
    heddle::model(|| {
        let (event, begun) = (Event::new(), Instant::now());
        assert!(!event.wait_timeout(Duration::ZERO));
        assert!(
            begun.elapsed() < Duration::from_micros(1),
            "waited for the event"
        );
    });
}

/// A timeout past the end of the clock is no timeout: it waits until the set.
#[test]
fn the_longest_timeout_waits_for_the_set() {
    heddle::model(|| {
        let event = Arc::new(Event::new());
        let waiter = spawn(&event, |event| event.wait_timeout(Duration::MAX));
        event.set();
        assert!(waiter.join().unwrap(), "gave up");
    });
}
