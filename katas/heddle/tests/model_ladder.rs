//! What `heddle::model` tells the grader: the rungs of a claim that holds, and why others fail.

#![cfg(feature = "model")]

mod child;

use std::cell::Cell;
use std::sync::Once;
use std::time::Duration;

use child::{Child, Claim};
use heddle::Require;
use heddle::sync::atomic::AtomicUsize;
use heddle::sync::atomic::Ordering::{Relaxed, SeqCst};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;

const CLAIMS: &[Claim] = &[
    ("two threads", || heddle::model(|| increments(1))),
    ("three threads", || heddle::model(|| increments(2))),
    ("three preemptions", || {
        heddle::model_with(Require::new().preemptions(3), || increments(2));
    }),
    ("every schedule", || {
        heddle::model_with(Require::new().exhaustive(), || increments(2));
    }),
    ("a wait", || heddle::model(a_wait)),
    ("lost updates", || heddle::model(lost_updates)),
    ("too large", || heddle::model(too_large)),
    ("six threads", || heddle::model(|| increments(5))),
    ("endless", || heddle::model(endless)),
    ("not written", || heddle::model(|| todo!("the body"))),
    ("not written in a thread", || {
        heddle::model(|| thread::spawn(|| todo!("the work")).join().unwrap());
    }),
    ("a large frame", || heddle::model(a_large_frame)),
    ("a large frame in a thread", || {
        heddle::model(|| thread::spawn(use_stack::<60_000>).join().unwrap());
    }),
    ("never comes back", || heddle::model(never_comes_back)),
    ("is kept from its processor", || is_kept_away(2_500)),
    ("sleeps", || is_kept_away(u64::MAX)),
    ("another course each time", || heddle::model(another_course)),
    ("a destructor that locks", || {
        heddle::model(a_destructor_that_locks)
    }),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(CLAIMS);
}

/// The rungs of a claim, by name; each must be exhausted.
fn rungs(ended: &child::Ended) -> Vec<String> {
    let rungs = ended.end()["rungs"].as_array().expect("there are rungs");
    assert!(
        rungs.iter().all(|rung| rung["exhausted"] == true),
        "{rungs:?}"
    );
    assert!(
        rungs
            .iter()
            .all(|rung| rung["schedules"].as_u64() > Some(0)),
        "{rungs:?}"
    );
    let names = rungs
        .iter()
        .map(|rung| rung["name"].as_str().unwrap().to_owned());
    names.collect()
}

const REQUIRED: [&str; 5] = [
    "sequential-0",
    "sequential-1",
    "sequential-2",
    "orderings-1",
    "orderings-2",
];

/// A claim of two threads climbs the required rungs and every sequential schedule.
#[test]
fn two_threads_are_searched_to_the_end() {
    let ended = Child::graded("two threads").run();
    ended.assert_passed();
    let expected: Vec<&str> = REQUIRED.into_iter().chain(["sequential-full"]).collect();
    assert_eq!(rungs(&ended), expected);
    assert_eq!(ended.end()["threads"], 2);
}

/// A claim of three threads climbs the required rungs.
#[test]
fn three_threads_climb_the_required_rungs() {
    let ended = Child::graded("three threads").run();
    ended.assert_passed();
    assert_eq!(rungs(&ended), REQUIRED);
}

/// A claim may require more rungs, and gets them.
#[test]
fn a_claim_may_require_more() {
    let ended = Child::graded("three preemptions").run();
    ended.assert_passed();
    let names = rungs(&ended);
    assert!(names.contains(&"sequential-3".to_owned()), "{names:?}");
    assert!(names.contains(&"orderings-3".to_owned()), "{names:?}");
    let ended = Child::graded("every schedule").run();
    ended.assert_passed();
    assert!(rungs(&ended).contains(&"orderings-full".to_owned()));
}

/// Each call that could misbehave has a rung of its own.
#[test]
fn each_fault_has_a_rung() {
    let ended = Child::graded("a wait").run();
    ended.assert_passed();
    assert!(rungs(&ended).contains(&"fault:wait:0:1".to_owned()));
}

/// A thorough check runs the full searches.
#[test]
fn a_thorough_check_runs_the_full_searches() {
    let ended = Child::graded("three threads")
        .with("HEDDLE_THOROUGH", "1")
        .run();
    ended.assert_passed();
    let names = rungs(&ended);
    assert!(names.contains(&"sequential-full".to_owned()), "{names:?}");
    assert!(names.contains(&"orderings-full".to_owned()), "{names:?}");
}

/// A search that the budget ends is not a pass, and says which rung it was.
#[test]
fn a_search_that_is_cut_short_is_inconclusive() {
    let ended = Child::graded("too large")
        .with("HEDDLE_BUDGET_MS", "200")
        .run();
    assert_eq!(
        ended.events(),
        ["started", "inconclusive"],
        "{}",
        ended.stderr
    );
    assert_eq!(ended.text("limit"), "budget");
    assert!(ended.end()["schedules"].as_u64() > Some(0));
    let last = ended.end()["rungs"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(last["name"], ended.text("rung"));
    assert_eq!(last["exhausted"], false);
    assert_ne!(ended.status.code(), Some(0));
}

/// loom's own variables change nothing, readable or not.
#[test]
fn the_environment_has_no_say() {
    for (name, value) in [
        ("LOOM_MAX_PREEMPTIONS", "0"),
        ("LOOM_MAX_PERMUTATIONS", "1"),
        ("LOOM_MAX_DURATION", "0"),
        ("LOOM_MAX_BRANCHES", "garbage"),
        ("LOOM_CHECKPOINT_INTERVAL", "1"),
        ("LOOM_CHECKPOINT_FILE", "/nowhere/at/all"),
        ("LOOM_LOG", "trace"),
    ] {
        let ended = Child::graded("lost updates").with(name, value).run();
        ended.assert_failed("assertion");
        assert_eq!(ended.text("rung"), "sequential-1", "{name}");
        Child::graded("two threads")
            .with(name, value)
            .run()
            .assert_passed();
    }
}

/// Without a grader a broken claim still fails its test, with the schedule on the error output.
#[test]
fn a_broken_claim_fails_its_test() {
    let ended = Child::ungraded("lost updates").run();
    assert_eq!(ended.status.code(), Some(101));
    assert!(ended.stderr.contains("lost an update"), "{}", ended.stderr);
    assert!(ended.stderr.contains("thread-1"), "{}", ended.stderr);
}

/// A `todo!()` is unfinished, not wrong, in whichever thread it is reached.
#[test]
fn a_todo_is_unfinished() {
    for claim in ["not written", "not written in a thread"] {
        let ended = Child::graded(claim).run();
        ended.assert_failed("todo");
        assert!(ended.text("message").starts_with("not yet implemented"));
        assert!(ended.end()["place"]["line"].as_u64() > Some(0));
    }
}

/// A sixth thread, and a loop that does work for ever, run into the model's limits.
#[test]
fn limits_are_told_from_mistakes() {
    for (claim, limit) in [("six threads", "threads"), ("endless", "branches")] {
        let ended = Child::graded(claim).run();
        ended.assert_failed("limit");
        assert_eq!(ended.text("limit"), limit);
    }
}

/// A model's own stack is small: its overflow is a crash after `started`, and says what it is.
#[test]
fn a_stack_overflow_can_be_told() {
    let ended = Child::graded("a large frame").run();
    assert_eq!(ended.events(), ["started"]);
    assert_ne!(ended.status.code(), Some(0));
    assert!(
        ended.stderr.contains("has overflowed its stack"),
        "{}",
        ended.stderr
    );
}

/// A spawned thread's stack holds frames that the claim's own would not.
#[test]
fn a_spawned_thread_has_a_larger_stack() {
    Child::graded("a large frame in a thread")
        .run()
        .assert_passed();
}

/// A thread that never comes back to heddle is told by the deadline, with where it was last.
#[test]
fn a_thread_that_never_comes_back_is_a_timeout() {
    let ended = Child::graded("never comes back")
        .with("HEDDLE_DEADLINE_MS", "1500")
        .run();
    ended.assert_failed("timeout");
    let last = &ended.end()["threads"][0];
    assert_eq!(last["name"], "main");
    let file = last["place"]["file"].as_str().unwrap();
    assert!(file.ends_with("model_ladder.rs"), "{last}");
}

/// What the machine does in the meantime is not charged to a search.
#[test]
fn time_without_a_processor_does_not_count() {
    Child::graded("is kept from its processor")
        .with("HEDDLE_BUDGET_MS", "2000")
        .run()
        .assert_passed();
}

/// A search that gets nothing done is ended all the same.
#[test]
fn a_search_that_does_not_go_on_is_ended() {
    let ended = Child::graded("is kept from its processor")
        .with("HEDDLE_BUDGET_MS", "500")
        .run();
    assert_eq!(ended.text("limit"), "budget");
    Child::graded("sleeps")
        .with("HEDDLE_DEADLINE_MS", "100")
        .run()
        .assert_failed("timeout");
}

/// A claim that depends on something besides its threads is told so.
#[test]
fn chance_is_found_out() {
    let ended = Child::graded("another course each time").run();
    ended.assert_failed("assertion");
    assert!(ended.text("message").contains("took another course"));
}

/// A destructor that would lock while a failed schedule unwinds aborts nothing.
#[test]
fn destructors_do_not_hide_a_failure() {
    let ended = Child::graded("a destructor that locks").run();
    ended.assert_failed("assertion");
    assert_eq!(ended.text("message"), "the claim is broken");
}

/// Sleeps for real in its first schedule, as if the machine had been busy.
fn is_kept_away(milliseconds: u64) {
    static ONCE: Once = Once::new();
    heddle::model(move || {
        ONCE.call_once(|| std::thread::sleep(Duration::from_millis(milliseconds)));
        increments(1);
    });
}

fn increments(others: usize) {
    let count = Arc::new(Mutex::new(0));
    let others: Vec<_> = (0..others)
        .map(|_| {
            let count = Arc::clone(&count);
            thread::spawn(move || *count.lock().unwrap() += 1)
        })
        .collect();
    *count.lock().unwrap() += 1;
    let expected = others.len() + 1;
    others.into_iter().for_each(|other| other.join().unwrap());
    assert_eq!(*count.lock().unwrap(), expected);
}

fn a_wait() {
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let shared = Arc::clone(&pair);
    let setter = thread::spawn(move || {
        *shared.0.lock().unwrap() = true;
        shared.1.notify_one();
    });
    drop(
        pair.1
            .wait_while(pair.0.lock().unwrap(), |ready| !*ready)
            .unwrap(),
    );
    setter.join().unwrap();
}

fn lost_updates() {
    let count = Arc::new(AtomicUsize::new(0));
    let shared = Arc::clone(&count);
    let other = thread::spawn(move || shared.store(shared.load(SeqCst) + 1, SeqCst));
    count.store(count.load(SeqCst) + 1, SeqCst);
    other.join().unwrap();
    assert_eq!(count.load(SeqCst), 2, "lost an update");
}

fn too_large() {
    let count = Arc::new(AtomicUsize::new(0));
    let others: Vec<_> = (0..4)
        .map(|_| {
            let count = Arc::clone(&count);
            thread::spawn(move || {
                for _ in 0..20 {
                    count.fetch_add(1, Relaxed);
                }
            })
        })
        .collect();
    others.into_iter().for_each(|other| other.join().unwrap());
}

fn endless() {
    let count = AtomicUsize::new(0);
    while count.fetch_add(1, Relaxed) < usize::MAX - 1 {}
}

fn a_large_frame() {
    use_stack::<200_000>();
}

fn use_stack<const SIZE: usize>() {
    let frame = [1_u8; SIZE];
    assert!(std::hint::black_box(&frame).iter().all(|byte| *byte == 1));
}

thread_local! {
    static RUNS: Cell<u32> = const { Cell::new(0) };
}

/// Counts its runs where no model sees it, and does something else in every second one.
fn another_course() {
    let count = Arc::new(AtomicUsize::new(0));
    let shared = Arc::clone(&count);
    let other = thread::spawn(move || shared.fetch_add(1, Relaxed));
    RUNS.set(RUNS.get() + 1);
    if RUNS.get().is_multiple_of(2) {
        drop(Mutex::new(0).lock().unwrap());
    } else {
        count.load(Relaxed);
    }
    count.fetch_add(1, Relaxed);
    other.join().unwrap();
}

struct LocksInDrop<'a>(&'a Mutex<u32>);

impl Drop for LocksInDrop<'_> {
    fn drop(&mut self) {
        *self.0.lock().unwrap() += 1;
    }
}

fn a_destructor_that_locks() {
    let lock = Mutex::new(0);
    let _second = LocksInDrop(&lock);
    let _held = lock.lock().unwrap();
    panic!("the claim is broken");
}

fn never_comes_back() {
    let count = AtomicUsize::new(0);
    count.fetch_add(1, Relaxed);
    let mut turns = 0_u64;
    while std::hint::black_box(turns) < u64::MAX {
        turns += 1;
    }
}
