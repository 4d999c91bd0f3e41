//! A schedule that broke a claim is tried first, and never makes a right claim fail.

#![cfg(feature = "model")]

mod child;

use std::time::Duration;

use child::{Child, Claim, Ended};
use heddle::hint;
use heddle::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use heddle::sync::atomic::{AtomicBool, AtomicUsize};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;

const CLAIMS: &[Claim] = &[
    ("stolen", || heddle::model(|| queue(false))),
    ("not stolen", || heddle::model(|| queue(true))),
    ("unpublished", || heddle::model(|| message(Relaxed))),
    ("published", || heddle::model(|| message(Release))),
    ("woken by itself", || heddle::model(|| wait(false))),
    ("not woken by itself", || heddle::model(|| wait(true))),
    ("something else", || heddle::model(something_else)),
    ("a spin lock", || heddle::model(a_spin_lock)),
    ("a park", || heddle::model(a_park)),
    ("a timed wait", || heddle::model(a_timed_wait)),
];

/// Claims that fail, each with what it is when it is mended.
const MENDED: [(&str, &str, &str); 3] = [
    ("stolen", "not stolen", "sequential-"),
    ("unpublished", "published", "orderings-"),
    ("woken by itself", "not woken by itself", "fault:wait:"),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(CLAIMS);
}

fn with(claim: &'static str, schedule: &str) -> Ended {
    Child::graded(claim).with("HEDDLE_SCHEDULE", schedule).run()
}

/// What a claim's failure says that is to be saved.
fn saved(claim: &'static str) -> (String, Ended) {
    let ended = Child::graded(claim).run();
    (ended.text("kept").to_owned(), ended)
}

/// What was saved breaks the claim again, in the first schedule that is tried; where old values are
/// seen, in the first search.
#[test]
fn a_saved_schedule_breaks_the_claim_at_once() {
    for (broken, _, rung) in MENDED {
        let (line, first) = saved(broken);
        let again = with(broken, &line);
        again.assert_failed(first.text("kind"));
        assert!(again.text("rung").starts_with(rung), "{}", again.end());
        assert_eq!(again.text("kept"), line, "{broken}: another schedule");
        assert_eq!(again.text("message"), first.text("message"));
        let schedules =
            |ended: &Ended| ended.records[1]["counterexample"]["search"]["schedules"].as_u64();
        assert!(schedules(&again) < schedules(&first), "{broken}");
        if !rung.starts_with("orderings") {
            assert_eq!(schedules(&again), Some(1), "{broken}");
        }
    }
}

/// A claim that was mended is searched as if nothing had been saved, and the record says that it was.
#[test]
fn a_fix_is_confirmed_and_proven() {
    for (broken, mended, _) in MENDED {
        let (line, _) = saved(broken);
        let ended = with(mended, &line);
        assert_eq!(
            ended.events(),
            ["started", "saved", "passed"],
            "{}",
            ended.stderr
        );
        assert_eq!(ended.status.code(), Some(0));
        assert_eq!(ended.end(), Child::graded(mended).run().end());
    }
}

/// Where the code goes another way, that is said.
#[test]
fn a_schedule_of_other_code_is_told() {
    let (line, _) = saved("stolen");
    let ended = with("something else", &line);
    assert_eq!(
        ended.events(),
        ["started", "saved", "passed"],
        "{}",
        ended.stderr
    );
    assert_eq!(ended.records[1]["outcome"], "diverged");
    assert_eq!(ended.end(), Child::graded("something else").run().end());
    let ended = with("something else", "1 sequential-2 - 0x1");
    assert_eq!(ended.records[1]["outcome"], "held");
}

/// What is no schedule changes nothing.
#[test]
fn a_line_that_is_no_schedule_changes_nothing() {
    let plain = Child::graded("not stolen").run();
    for line in [
        "",
        "rubbish",
        "1 sequential-2 - 0x0",
        "1 sequential-x - 0x1",
        "1 fault:sleep:0:1 - 0x1",
        "1 fault:wait:0 - 0x1",
        "1 orderings - 0x1",
        "7 sequential-2 - 0x1",
    ] {
        let ended = with("not stolen", line);
        assert_eq!(
            ended.events(),
            ["started", "saved", "passed"],
            "{line}: {}",
            ended.stderr
        );
        assert_eq!(ended.records[1]["outcome"], "unusable", "{line}");
        assert_eq!(ended.end(), plain.end());
    }
}

/// However a right claim is led, it holds.
#[test]
fn no_schedule_breaks_a_right_claim() {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |most: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % most
    };
    for claim in [
        "not stolen",
        "published",
        "a spin lock",
        "a park",
        "a timed wait",
    ] {
        for rung in [
            "sequential-2",
            "orderings-1",
            "fault:wait:1:1",
            "fault:park:0:1",
        ] {
            for _ in 0..6 {
                let turns: Vec<String> = (0..1 + below(24))
                    .map(|_| format!("{}x{}", below(4), 1 + below(3)))
                    .collect();
                let line = format!("1 {rung} - {}", turns.join(","));
                let ended = with(claim, &line);
                let events = ["started", "saved", "passed"];
                assert_eq!(ended.events(), events, "{claim} {line}: {}", ended.stderr);
            }
        }
    }
}

/// Two consumers and a queue; with `careful`, each looks again when it wakes.
fn queue(careful: bool) {
    let queue = Arc::new((Mutex::new(0_u32), Condvar::new()));
    let consumers: Vec<_> = (0..2)
        .map(|_| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || {
                let mut items = queue.0.lock().unwrap();
                while *items == 0 {
                    items = queue.1.wait(items).unwrap();
                    if !careful {
                        break;
                    }
                }
                *items = items.checked_sub(1).expect("woke up to an empty queue");
            })
        })
        .collect();
    for _ in 0..2 {
        *queue.0.lock().unwrap() += 1;
        queue.1.notify_one();
    }
    consumers
        .into_iter()
        .for_each(|consumer| consumer.join().unwrap());
}

fn message(order: heddle::sync::atomic::Ordering) {
    let shared = Arc::new((AtomicUsize::new(0), AtomicBool::new(false)));
    let sender = Arc::clone(&shared);
    let other = thread::spawn(move || {
        sender.0.store(7, Relaxed);
        sender.1.store(true, order);
    });
    if shared.1.load(Acquire) {
        assert_eq!(shared.0.load(Relaxed), 7, "the message was not there");
    }
    other.join().unwrap();
}

fn wait(careful: bool) {
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let shared = Arc::clone(&pair);
    let setter = thread::spawn(move || {
        *shared.0.lock().unwrap() = true;
        shared.1.notify_one();
    });
    let mut ready = pair.0.lock().unwrap();
    while !*ready {
        ready = pair.1.wait(ready).unwrap();
        if !careful {
            break;
        }
    }
    assert!(*ready, "woke up too early");
    drop(ready);
    setter.join().unwrap();
}

fn something_else() {
    let count = Arc::new(AtomicUsize::new(0));
    let shared = Arc::clone(&count);
    let other = thread::spawn(move || shared.fetch_add(1, SeqCst));
    count.fetch_add(1, SeqCst);
    other.join().unwrap();
    assert_eq!(count.load(SeqCst), 2);
}

fn a_spin_lock() {
    let shared = Arc::new((AtomicBool::new(false), AtomicUsize::new(0)));
    let work = |shared: &(AtomicBool, AtomicUsize)| {
        while shared
            .0
            .compare_exchange(false, true, Acquire, Relaxed)
            .is_err()
        {
            hint::spin_loop();
        }
        shared.1.store(shared.1.load(Relaxed) + 1, Relaxed);
        shared.0.store(false, Release);
    };
    let others: Vec<_> = (0..2)
        .map(|_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || work(&shared))
        })
        .collect();
    work(&shared);
    others.into_iter().for_each(|other| other.join().unwrap());
    assert_eq!(shared.1.load(Relaxed), 3);
}

fn a_park() {
    let flag = Arc::new(AtomicBool::new(false));
    let shared = Arc::clone(&flag);
    let main = thread::current();
    let other = thread::spawn(move || {
        shared.store(true, Release);
        main.unpark();
    });
    while !flag.load(Acquire) {
        thread::park();
    }
    let parked = thread::spawn(thread::park);
    thread::until_blocked(parked.thread());
    parked.thread().unpark();
    parked.join().unwrap();
    other.join().unwrap();
}

fn a_timed_wait() {
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let shared = Arc::clone(&pair);
    let setter = thread::spawn(move || {
        *shared.0.lock().unwrap() = true;
        shared.1.notify_one();
    });
    let limit = Duration::from_millis(5);
    let guard = pair.0.lock().unwrap();
    let (ready, timeout) = pair
        .1
        .wait_timeout_while(guard, limit, |ready| !*ready)
        .unwrap();
    assert!(*ready || timeout.timed_out());
    drop(ready);
    setter.join().unwrap();
}
