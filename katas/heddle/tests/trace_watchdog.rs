//! What the grader is told of a claim whose threads can never go on.

#![cfg(feature = "trace")]

mod child;

use child::{Child, Claim, Ended};
use heddle::sync::atomic::{AtomicBool, Ordering};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;
use heddle::time::Duration;

const CLAIMS: &[Claim] = &[
    ("nobody notifies", || heddle::spec(nobody_notifies)),
    ("locks twice", || {
        heddle::spec(|| {
            let items = Mutex::new(0);
            let _first = items.lock();
            let _second = items.lock();
        });
    }),
    ("locks crosswise", || heddle::spec(locks_crosswise)),
    ("nobody unparks", || heddle::spec(|| thread::park())),
    ("waits with a limit", || heddle::spec(waits_with_a_limit)),
    ("waits for a day", || heddle::spec(waits_for_a_day)),
    ("waits for a child process", || {
        heddle::spec(waits_for_a_child_process);
    }),
    ("spins", || heddle::spec(spins)),
    ("spins before the claim", || {
        heddle::spec(spins_before_the_claim);
    }),
    ("yields before the claim", || {
        heddle::spec(yields_before_the_claim);
    }),
    ("yields beside a wait of a day", || {
        heddle::spec(yields_beside_a_wait_of_a_day);
    }),
    ("is released late", || heddle::spec(is_released_late)),
    ("hangs on some inputs", hangs_on_some_inputs),
    ("parks behind a todo", || {
        heddle::spec(|| {
            let main = thread::current();
            let unwritten = thread::spawn(move || {
                if main.name().is_none() {
                    main.unpark();
                }
                todo!("the unpark")
            });
            thread::park();
            drop(unwritten);
        });
    }),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(CLAIMS);
}

/// The state of the thread with this name in the last record.
#[track_caller]
fn doing<'a>(ended: &'a Ended, name: &str) -> &'a str {
    let threads = ended.end()["threads"].as_array();
    let mut threads = threads.into_iter().flatten();
    let thread = threads.find(|thread| thread["name"] == name);
    let doing = thread.and_then(|thread| thread["doing"].as_str());
    doing.unwrap_or_else(|| panic!("no thread `{name}` in {}", ended.end()))
}

/// A lost wake-up is told with who waits where, long before the deadline.
#[test]
fn a_wait_without_a_notification_is_a_deadlock() {
    let ended = Child::graded("nobody notifies").run();
    ended.assert_failed("deadlock");
    assert_eq!(
        doing(&ended, "consumer"),
        "has been in Condvar::wait on `not_empty`; nobody is left to notify it"
    );
    assert_eq!(doing(&ended, "main"), "waits for `consumer` to end");
    let line = line_of("drop(shared.1.wait(items));");
    assert_eq!(ended.end()["place"]["line"], line);
    assert_eq!(ended.end()["threads"][0]["place"]["line"], line);
}

fn nobody_notifies() {
    let not_empty = Condvar::new();
    let shared = Arc::new((Mutex::new(0), not_empty));
    let consumer = thread::Builder::new().name("consumer".to_owned());
    let consumer = consumer.spawn(move || {
        let items = shared.0.lock().unwrap();
        drop(shared.1.wait(items));
    });
    consumer.expect("a thread can be started").join().unwrap();
}

/// A thread that locks what it holds is told that it waits for itself.
#[test]
fn a_second_lock_by_its_owner_is_a_deadlock() {
    let ended = Child::graded("locks twice").run();
    ended.assert_failed("deadlock");
    let waits = "waits for the lock `items`, which it holds itself since";
    assert!(doing(&ended, "main").starts_with(waits), "{}", ended.end());
}

/// Two locks taken in different orders are told with who holds which.
#[test]
fn a_circle_of_locks_is_a_deadlock() {
    let ended = Child::graded("locks crosswise").run();
    ended.assert_failed("deadlock");
    assert!(doing(&ended, "one").contains("held by `other` since"));
    assert!(doing(&ended, "other").contains("held by `one` since"));
}

fn locks_crosswise() {
    let left = Arc::new(Mutex::new(()));
    let right = Arc::new(Mutex::new(()));
    let both_hold = Arc::new(std::sync::Barrier::new(2));
    let crossing = |name: &str, first: &Arc<Mutex<()>>, then: &Arc<Mutex<()>>| {
        let (first, then) = (Arc::clone(first), Arc::clone(then));
        let both_hold = Arc::clone(&both_hold);
        let body = move || {
            let _first = first.lock();
            both_hold.wait();
            let _then = then.lock();
        };
        let builder = thread::Builder::new().name(name.to_owned());
        builder.spawn(body).expect("a thread can be started")
    };
    let threads = [
        crossing("one", &left, &right),
        crossing("other", &right, &left),
    ];
    for thread in threads {
        thread.join().unwrap();
    }
}

/// A park that nobody can end is a deadlock.
#[test]
fn a_park_without_a_token_is_a_deadlock() {
    let ended = Child::graded("nobody unparks").run();
    ended.assert_failed("deadlock");
    let waits = "is parked; nobody is left to unpark it";
    assert_eq!(doing(&ended, "main"), waits);
}

/// A wait with a limit goes on by itself, so it is none.
#[test]
fn a_wait_with_a_limit_is_no_deadlock() {
    Child::graded("waits with a limit").run().assert_passed();
}

fn waits_with_a_limit() {
    let (lock, condition) = (Mutex::new(()), Condvar::new());
    let guard = lock.lock().unwrap();
    let limit = Duration::from_millis(200);
    let (_guard, result) = condition.wait_timeout(guard, limit).unwrap();
    assert!(result.timed_out());
    thread::park_timeout(limit);
    thread::sleep(limit);
}

/// A wait with a limit that the claim does not live to see does not go on by itself.
#[test]
fn a_wait_beyond_the_end_of_the_claim_is_a_deadlock() {
    let ended = Child::graded("waits for a day").run();
    ended.assert_failed("deadlock");
    let waits = "has been in Condvar::wait_timeout on `condition`; nobody is left to notify it";
    assert_eq!(doing(&ended, "sleeper"), waits);
    let parked = "is parked; nobody is left to unpark it";
    assert_eq!(doing(&ended, "main"), parked);
}

fn waits_for_a_day() {
    let day = Duration::from_hours(24);
    let sleeper = thread::Builder::new().name("sleeper".to_owned());
    let sleeper = sleeper.spawn(move || {
        let (lock, condition) = (Mutex::new(()), Condvar::new());
        drop(condition.wait_timeout(lock.lock().unwrap(), day));
    });
    thread::park_timeout(day);
    drop(sleeper);
}

/// A claim that waits outside heddle may still wake its threads.
#[test]
fn a_wait_for_a_child_process_is_no_deadlock() {
    let ended = Child::graded("waits for a child process").run();
    ended.assert_passed();
}

fn waits_for_a_child_process() {
    let sleeper = thread::spawn(thread::park);
    thread::until_blocked(sleeper.thread());
    let status = std::process::Command::new("/bin/sleep").arg("0.3").status();
    assert!(status.expect("sleep can be run").success());
    sleeper.thread().unpark();
    sleeper.join().unwrap();
}

/// A thread that spins is not blocked: the deadline tells where it was.
#[test]
fn a_spin_is_told_at_the_deadline() {
    let ended = Child::graded("spins")
        .with("HEDDLE_DEADLINE_MS", "500")
        .run();
    ended.assert_failed("timeout");
    let running = "is running; its last operations: load at";
    let told = doing(&ended, "main");
    assert!(told.starts_with(running), "{told}");
    let line = line_of("while flag.load(Ordering::Relaxed)");
    assert_eq!(ended.end()["place"]["line"], line);
}

fn spins() {
    let flag = AtomicBool::new(true);
    while flag.load(Ordering::Relaxed) {}
}

/// A thread that spins where the claim wants to see it blocked is told long before the deadline.
#[test]
fn a_spin_that_a_claim_waits_for_is_a_livelock() {
    let ended = Child::graded("spins before the claim").run();
    ended.assert_failed("livelock");
    assert!(doing(&ended, "spinner").starts_with("is running; its last operations: "));
    assert_eq!(doing(&ended, "main"), "waits until `spinner` is blocked");
    let line = line_of("while go.load(Ordering::Relaxed)");
    assert_eq!(ended.end()["place"]["line"], line);
}

fn spins_before_the_claim() {
    let flag = Arc::new(AtomicBool::new(true));
    let go = Arc::clone(&flag);
    let spin = move || {
        let go = &go;
        while go.load(Ordering::Relaxed) {}
    };
    let spinner = thread::Builder::new().name("spinner".to_owned());
    let spinner = spinner.spawn(spin).expect("a thread can be started");
    thread::until_blocked(spinner.thread());
    flag.store(false, Ordering::Relaxed);
    spinner.join().unwrap();
}

/// One that yields at every turn is told as soon.
#[test]
fn yields_that_a_claim_waits_for_are_a_livelock() {
    let ended = Child::graded("yields before the claim").run();
    ended.assert_failed("livelock");
    assert!(doing(&ended, "yielder").contains("yield_now"));
}

fn yields_before_the_claim() {
    let yielder = thread::Builder::new().name("yielder".to_owned());
    let yielder = yielder.spawn(|| {
        loop {
            thread::yield_now()
        }
    });
    thread::until_blocked(yielder.expect("a thread can be started").thread());
}

/// Nor can anything change while everybody else waits for longer than the claim may take.
#[test]
fn yields_beside_a_long_wait_are_a_livelock() {
    let ended = Child::graded("yields beside a wait of a day").run();
    ended.assert_failed("livelock");
}

fn yields_beside_a_wait_of_a_day() {
    let sleeper = thread::spawn(|| thread::park_timeout(Duration::from_hours(24)));
    thread::until_blocked(sleeper.thread());
    yields_before_the_claim();
}

/// A thread that is let wait for a while and then released is no deadlock.
#[test]
fn a_late_release_is_no_deadlock() {
    Child::graded("is released late").run().assert_passed();
}

fn is_released_late() {
    let lock = Arc::new(Mutex::new(()));
    let held = lock.lock().unwrap();
    let waiting = thread::spawn({
        let lock = Arc::clone(&lock);
        move || drop(lock.lock())
    });
    thread::until_blocked(waiting.thread());
    thread::sleep(Duration::from_millis(200));
    drop(held);
    waiting.join().unwrap();
}

/// A property that hangs names the input that it hangs on.
#[test]
#[cfg(feature = "property")]
fn a_deadlock_names_its_input() {
    let ended = Child::graded("hangs on some inputs").run();
    ended.assert_failed("deadlock");
    let minimal = ended.text("minimal").parse::<u8>();
    assert!(minimal.is_ok_and(|number| number >= 100));
    assert!(ended.end()["kept"].is_string());
}

#[cfg(feature = "property")]
fn hangs_on_some_inputs() {
    heddle::property(heddle::proptest::prelude::any::<u8>(), |number| {
        if number >= 100 {
            thread::park();
        }
    });
}

#[cfg(not(feature = "property"))]
fn hangs_on_some_inputs() {}

/// Threads that wait for one that is not written are not to blame.
#[test]
fn a_deadlock_behind_a_todo_is_a_todo() {
    let ended = Child::graded("parks behind a todo").run();
    ended.assert_failed("todo");
    assert_eq!(ended.end()["place"]["line"], line_of("todo!(\"the unpark"));
}

/// The line of this file that begins with `text`.
fn line_of(text: &str) -> usize {
    let lines = include_str!("trace_watchdog.rs").lines();
    let before = lines.take_while(|line| !line.trim_start().starts_with(text));
    before.count() + 1
}
