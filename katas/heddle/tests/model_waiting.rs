//! Waiting under the model: condition variables, park, time, scopes and joins.

#![cfg(feature = "model")]

mod child;
#[path = "programs/waiting.rs"]
mod programs;
#[path = "programs/spinning.rs"]
mod spinning;

use std::time::Duration;

use child::{Child, Claim};
use heddle::thread;
use programs::*;
use spinning::*;

const RIGHT: &[Claim] = &[
    ("wait in a loop", || consumer(true)),
    ("park in a loop", || parker(true)),
    ("a token during a join", a_token_during_a_join),
    ("a token while waiting", a_token_while_waiting),
    (
        "a timed wait that nobody ends",
        a_timed_wait_that_nobody_ends,
    ),
    ("a deadline", a_deadline),
    ("poll with a timed park", poll_with_a_timed_park),
    ("sleep in a loop", sleep_in_a_loop),
    ("a scope that borrows", a_scope_that_borrows),
    ("thread-local values", thread_local_values),
    ("until blocked", until_blocked),
    ("until blocked after three yields", || {
        until_blocked_after_looks(1, 3, thread::yield_now);
    }),
    ("until blocked after a hundred spins", || {
        until_blocked_after_looks(1, 100, heddle::hint::spin_loop);
    }),
    ("until two are blocked after a hundred spins", || {
        until_blocked_after_looks(2, 100, heddle::hint::spin_loop);
    }),
    ("until blocked after a hundred looks without a hint", || {
        until_blocked_after_looks(1, 100, || {});
    }),
    ("spin until another has spun", || {
        spins_until_another_has_spun(150);
    }),
    (
        "until blocked in a timed wait",
        until_blocked_in_a_timed_wait,
    ),
];

const WRONG: &[(&str, fn(), &str)] = &[
    ("wait without a loop", || consumer(false), "assertion"),
    ("park without a loop", || parker(false), "assertion"),
    ("notify nobody", notify_nobody, "deadlock"),
    ("notify the wrong one", notify_the_wrong_one, "deadlock"),
    ("two lock orders", two_lock_orders, "deadlock"),
    ("a lock taken twice", a_lock_taken_twice, "deadlock"),
    ("a result ignored", a_result_ignored, "assertion"),
    ("never times out", never_times_out, "assertion"),
    ("poll for ever", poll_for_ever, "livelock"),
    (
        "look at the clock beside a timed wait",
        || looks_at_the_clock_beside(waits_in_vain),
        "assertion",
    ),
    (
        "look at the clock beside a timed park",
        || looks_at_the_clock_beside(parks_in_vain),
        "assertion",
    ),
    (
        "look at the clock beside a sleep",
        || looks_at_the_clock_beside(|| thread::sleep(Duration::from_secs(1))),
        "assertion",
    ),
    (
        "until blocked by who spins for ever",
        || until_blocked_after_looks(1, u32::MAX, heddle::hint::spin_loop),
        "livelock",
    ),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    let wrong = WRONG.iter().map(|&(name, claim, _)| (name, claim));
    let all: Vec<Claim> = RIGHT.iter().copied().chain(wrong).collect();
    child::dispatch(&all);
}

/// Every right program passes.
#[test]
fn right_programs_are_accepted() {
    for (name, _) in RIGHT {
        let ended = Child::graded(name).run();
        assert_eq!(
            ended.events(),
            ["started", "passed"],
            "{name}: {}",
            ended.stderr
        );
    }
}

/// Every wrong program is rejected for what is wrong with it.
#[test]
fn wrong_programs_are_rejected() {
    for (name, _, kind) in WRONG {
        let ended = Child::graded(name).run();
        assert_eq!(
            ended.events(),
            ["started", "failed"],
            "{name}: {}",
            ended.stderr
        );
        assert_eq!(ended.text("kind"), *kind, "{name}: {}", ended.stderr);
    }
}

/// A deadlock says which thread waits for which lock, and who holds it.
#[test]
fn a_deadlock_names_threads_and_locks() {
    let ended = Child::graded("two lock orders").run();
    let threads = ended.end()["threads"].to_string();
    assert!(
        threads.contains("waits for the lock left held by other"),
        "{threads}"
    );
    assert!(
        threads.contains("waits for the lock right held by main"),
        "{threads}"
    );
    assert_eq!(ended.text("rung"), "sequential-1");
}

/// A wakeup that nobody asked for is named in the schedule, and the rung says whose wait it was.
#[test]
fn a_spurious_wakeup_is_named() {
    let ended = Child::graded("wait without a loop").run();
    assert_eq!(ended.text("rung"), "fault:wait:0:1");
    let steps = ended.end()["counterexample"]["steps"]
        .as_array()
        .expect("steps");
    let wake = steps
        .iter()
        .find(|step| step["op"] == "wake")
        .expect("it wakes");
    assert_eq!(wake["why"], "spurious", "{wake}");
    assert!(wake["by"].is_null(), "{wake}");
}

/// A wait that nobody ends says so, with the name of the condition.
#[test]
fn a_lost_wait_is_named() {
    let ended = Child::graded("notify nobody").run();
    let threads = ended.end()["threads"].to_string();
    assert!(
        threads.contains("waits on changed; nobody is left to notify it"),
        "{threads}"
    );
}
