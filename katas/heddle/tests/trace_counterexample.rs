//! A hang on real threads has a record: what each thread did last, and who waits for what.

#![cfg(feature = "trace")]

mod child;
mod told;

use child::{Child, Claim};
use heddle::sync::atomic::AtomicBool;
use heddle::sync::atomic::Ordering::Acquire;
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;
use serde_json::Value;

const CLAIMS: &[Claim] = &[
    ("crosswise", || heddle::spec(crosswise)),
    ("nobody notifies", || heddle::spec(nobody_notifies)),
    ("the other one panics", || {
        heddle::spec(the_other_one_panics)
    }),
    ("spins", || heddle::spec(spins)),
    ("the third case hangs", the_third_case_hangs),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(CLAIMS);
}

#[track_caller]
fn record(claim: &'static str, kind: &str) -> Value {
    let ended = Child::graded(claim).run();
    ended.assert_failed(kind);
    ended.end()["counterexample"].clone()
}

#[cfg(feature = "property")]
#[track_caller]
fn is_told(record: &Value, lines: &str) {
    let expected: Vec<&str> = lines.lines().map(str::trim).collect();
    assert_eq!(told::told(record), expected.join("\n").trim());
}

fn crosswise() {
    let forks = Arc::new([Mutex::new(()), Mutex::new(())]);
    let its_forks = Arc::clone(&forks);
    let main = thread::current();
    let right = forks[1].lock().unwrap();
    let other = thread::Builder::new()
        .name("other".to_owned())
        .spawn(move || {
            let _left = its_forks[0].lock().unwrap();
            main.unpark();
            let _right = its_forks[1].lock().unwrap();
        })
        .unwrap();
    thread::park();
    thread::until_blocked(other.thread());
    let left = forks[0].lock().unwrap();
    drop((left, right));
    other.join().unwrap();
}

/// A circle of locks: who holds what since which step, and who found it held.
#[test]
fn a_deadlock_says_who_holds_what_since_when() {
    let record = record("crosswise", "deadlock");
    let told = told::told(&record);
    let lines: Vec<&str> = told.lines().collect();
    let has = |line: &str| assert!(lines.contains(&line), "{line}\n{told}");
    has("main lock object=forks[1] | let right = forks[1].lock().unwrap();");
    has("main spawn child=other | .spawn(move || {");
    has("other lock object=forks[0] | let _left = its_forks[0].lock().unwrap();");
    has("other unpark target=main | main.unpark();");
    has(
        "other blocks holder=(step=0 thread=main | let right = forks[1].lock().unwrap();) \
         object=forks[1] | let _right = its_forks[1].lock().unwrap();",
    );
    let blocked = record["blocked"].as_array().expect("a list");
    assert_eq!(blocked.len(), 2, "{told}");
    for (index, thread) in blocked.iter().enumerate() {
        assert_eq!(thread["thread"], index);
        assert_eq!(thread["in"], "lock");
        let holder = &thread["holder"];
        assert_eq!(holder["thread"], 1 - index);
        let since = holder["step"].as_u64().expect("a step") as usize;
        let step = &record["steps"][since];
        assert_eq!(step["op"], "lock");
        assert_eq!(step["thread"], holder["thread"]);
        assert_eq!(step["object"], thread["object"]);
        assert_eq!(step["at"], holder["at"]);
    }
    assert!(record["failure"]["thread"].is_null());
    assert!(record["search"].is_null());
}

fn nobody_notifies() {
    let items = Arc::new((Mutex::new(0), Condvar::new()));
    let its_items = Arc::clone(&items);
    let consumer = thread::spawn(move || {
        let mut count = its_items.0.lock().unwrap();
        while *count < 2 {
            count = its_items.1.wait(count).unwrap();
        }
    });
    thread::until_blocked(consumer.thread());
    *items.0.lock().unwrap() += 1;
    items.1.notify_one();
    consumer.join().unwrap();
}

/// A wait after a wake: the notification that woke, and the wait that nobody ends.
#[test]
fn a_wait_that_nobody_ends_follows_a_wake() {
    let record = record("nobody notifies", "deadlock");
    let steps = record["steps"].as_array().expect("steps");
    let wake = steps
        .iter()
        .find(|step| step["op"] == "wake")
        .expect("it wakes");
    let by = &steps[wake["by"].as_u64().expect("a step") as usize];
    assert_eq!(by["op"], "notify");
    assert_eq!(by["woken"][0], wake["thread"]);
    let told = told::told(&record);
    let ending: Vec<&str> = told.lines().rev().take(4).collect();
    assert!(
        ending[3].ends_with(
            "wait lock=items.0 object=items.1 | count = its_items.1.wait(count).unwrap();"
        ),
        "{told}"
    );
    assert!(ending[2].starts_with("in main join "), "{told}");
    assert!(
        ending[1].contains("; nobody is left to notify it object=items.1 |"),
        "{told}"
    );
    let place = &record["failure"]["at"];
    assert_eq!(*place, record["blocked"][1]["at"], "the wait, not the join");
}

fn the_other_one_panics() {
    let ready = Arc::new((Mutex::new(false), Condvar::new()));
    let its_ready = Arc::clone(&ready);
    let other = thread::Builder::new()
        .name("other".to_owned())
        .spawn(move || {
            assert_eq!(1 + 1, 3, "it is wrong");
            its_ready.1.notify_one();
        });
    let mut guard = ready.0.lock().unwrap();
    while !*guard {
        guard = ready.1.wait(guard).unwrap();
    }
    drop(other);
}

/// A thread that has panicked is among the steps, and its message is one line elsewhere.
#[test]
fn a_panic_is_among_the_steps() {
    let ended = Child::graded("the other one panics").run();
    ended.assert_failed("deadlock");
    let record = &ended.end()["counterexample"];
    let told = told::told(record);
    let panic = "other panic message=assertion `left == right` failed: it is wrong\\n  left: 2\\n right: 3 | assert_eq!(1 + 1, 3, \"it is wrong\");";
    assert!(told.lines().any(|line| line == panic), "{told}");
    assert!(told.lines().any(|line| line == "other end"), "{told}");
    let threads = ended.end()["threads"].as_array().expect("threads");
    let other = threads
        .iter()
        .find(|it| it["name"] == "other")
        .expect("it is told");
    assert_eq!(
        other["doing"],
        "panicked: assertion `left == right` failed: it is wrong, left: 2, right: 3"
    );
}

fn spins() {
    let flag = Arc::new(AtomicBool::new(false));
    let its_flag = Arc::clone(&flag);
    let spinner = thread::spawn(move || {
        while !its_flag.load(Acquire) {
            heddle::hint::spin_loop();
        }
    });
    thread::until_blocked(spinner.thread());
}

/// A thread that spins could go on, and its last operations are the loop.
#[test]
fn a_spin_is_told_by_its_last_operations() {
    let record = record("spins", "livelock");
    let told = told::told(&record);
    let load = "call call=load object=flag | while !its_flag.load(Acquire) {";
    assert!(told.lines().any(|line| line.ends_with(load)), "{told}");
    let blocked = record["blocked"].as_array().expect("a list");
    let inside: Vec<&str> = blocked.iter().filter_map(|it| it["in"].as_str()).collect();
    assert_eq!(inside, ["until-blocked", "next"], "{told}");
}

#[cfg(feature = "property")]
fn the_third_case_hangs() {
    let case = std::sync::atomic::AtomicU32::new(0);
    heddle::property(heddle::proptest::bool::ANY, |_| {
        let locks = [Mutex::new(1), Mutex::new(2)];
        let _one = locks[1].lock().unwrap();
        if case.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 2 {
            let _again = locks[1].lock().unwrap();
        }
    });
}

#[cfg(not(feature = "property"))]
fn the_third_case_hangs() {}

/// The record of a case has nothing of the cases before it.
#[cfg(feature = "property")]
#[test]
fn a_case_begins_anew() {
    let record = record("the third case hangs", "deadlock");
    is_told(
        &record,
        &format!(
            "main lock object=locks[1] | let _one = locks[1].lock().unwrap();
             main blocks holder=(step=0 thread=main | let _one = locks[1].lock().unwrap();) object=locks[1] | let _again = locks[1].lock().unwrap();
             in main lock doing={} holder=(step=0 thread=main | let _one = locks[1].lock().unwrap();) object=locks[1] | let _again = locks[1].lock().unwrap();
             fails deadlock message=every thread waits, and nobody is left to wake one of them | let _again = locks[1].lock().unwrap();",
            record["blocked"][0]["doing"].as_str().expect("a text")
        ),
    );
}
