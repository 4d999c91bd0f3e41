//! After the first schedule that fails: a shorter one is looked for, and nothing can undo the failure.

#![cfg(feature = "model")]

mod child;
#[path = "programs/shortest.rs"]
mod programs;

use child::{Child, Claim, Ended};
use programs::*;
use serde_json::Value;

const CLAIMS: &[Claim] = &[
    ("first long, then short", || heddle::model(long_then_short)),
    ("another order", || heddle::model(another_order)),
    ("many schedules", || heddle::model(many_schedules)),
    ("another kind", || heddle::model(another_kind)),
    ("a second panic", || {
        heddle::model(|| broken_with(PanicsInDrop))
    }),
    ("an abort", || heddle::model(|| broken_with(AbortsInDrop))),
    ("a good end", || heddle::model(|| broken_with(ExitsInDrop))),
    ("no end", || heddle::model(|| broken_with(NeverEndsInDrop))),
    ("waits in drop", || {
        heddle::model(|| broken_with(WaitsInDrop::new()))
    }),
    ("joins in drop", || heddle::model(a_pool_is_dropped)),
    ("a scope", || heddle::model(a_scope_is_left)),
    ("a join in a scope", || {
        heddle::model(a_join_in_a_scope_is_left)
    }),
    ("catches", || heddle::model(a_panic_is_caught)),
    ("several wait", || heddle::model(several_wait_for_a_lock)),
    ("a local", || heddle::model(a_local_is_destroyed)),
    ("a lost wakeup", || heddle::model(a_lost_wakeup)),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(CLAIMS);
}

/// What is known of the search that followed a failure.
fn shortening(ended: &Ended) -> &Value {
    &ended.end()["counterexample"]["search"]["shortening"]
}

/// How long the schedule of a record is: switches, then steps.
fn length(record: &Value) -> (u64, u64) {
    let kept = record["kept"].as_str().expect("a schedule is named");
    let turns = kept.rsplit(' ').next().expect("its turns come last");
    let steps = turns
        .split(',')
        .map(|turn| turn.split_once('x').expect("thread x steps").1);
    let steps = steps
        .map(|steps| steps.parse::<u64>().expect("a number"))
        .sum();
    (
        record["counterexample"]["search"]["switches"]
            .as_u64()
            .expect("they are counted"),
        steps,
    )
}

/// The first failure is told at once, and once more when a shorter schedule was found.
#[test]
fn a_shorter_schedule_is_found() {
    let ended = Child::graded("first long, then short").run();
    ended.assert_failed("deadlock");
    let [_, first, last] = &ended.records[..] else {
        panic!("{:?}", ended.records)
    };
    assert_eq!(first["provisional"], true);
    assert!(
        length(last) < length(first),
        "{:?} {:?}",
        length(last),
        length(first)
    );
    assert_eq!(first["rung"], last["rung"]);
    // How long it took until the first one stays as it was.
    assert_eq!(
        first["counterexample"]["search"]["schedules"],
        last["counterexample"]["search"]["schedules"]
    );
    assert_eq!(first["schedules"], last["schedules"]);
}

/// What two threads do to each other can be done in several orders, of which a search tries one:
/// the one with fewest switches is shown.
#[test]
fn a_shorter_order_is_found() {
    let ended = Child::graded("a local").run();
    ended.assert_failed("assertion");
    // Without preemptions there is one schedule to search, if no thread has to be woken.
    assert_eq!(ended.text("rung"), "sequential-0");
    let first = length(&ended.records[1]);
    assert!(
        length(ended.end()) < first,
        "{:?} {first:?}",
        length(ended.end())
    );
    let ended = Child::graded("another order").run();
    let first = length(&ended.records[1]);
    assert!(
        length(ended.end()) < first,
        "{:?} {first:?}",
        length(ended.end())
    );
}

/// The record says that a search was finished, and only then.
#[test]
fn a_finished_search_says_so() {
    let ended = Child::graded("first long, then short").run();
    assert_eq!(shortening(&ended)["exhausted"], true);
    assert!(shortening(&ended)["schedules"].as_u64() > Some(0));
    let ended = Child::graded("many schedules").run();
    ended.assert_failed("assertion");
    assert_eq!(shortening(&ended)["exhausted"], false);
    let tried = shortening(&ended)["schedules"]
        .as_u64()
        .expect("they are counted");
    assert!((1_000..=1_200).contains(&tried), "{tried}");
}

/// The same schedules are tried each time, and the same one is shown.
#[test]
fn the_choice_is_always_the_same() {
    for claim in ["first long, then short", "many schedules", "a lost wakeup"] {
        let (one, other) = (Child::graded(claim).run(), Child::graded(claim).run());
        assert_eq!(one.end(), other.end(), "{claim}");
    }
}

/// A shorter schedule that breaks the claim in another way is another failure.
#[test]
fn the_kind_of_the_first_failure_stays() {
    let ended = Child::graded("another kind").run();
    let first = ended.records[1]["kind"].clone();
    assert_eq!(ended.end()["kind"], first);
    assert!(
        shortening(&ended)["failures"].as_u64() > Some(0),
        "{}",
        ended.end()
    );
}

/// Whatever becomes of the process afterwards: what has failed is on record.
#[test]
fn the_first_failure_survives_every_end() {
    for claim in ["a second panic", "an abort", "a good end"] {
        let ended = Child::graded(claim).run();
        assert_eq!(
            ended.events().last(),
            Some(&"failed"),
            "{claim}: {:?}",
            ended.records
        );
        assert_eq!(ended.text("message"), "the claim is broken", "{claim}");
        assert_eq!(ended.text("kind"), "assertion", "{claim}");
        assert!(
            ended
                .records
                .iter()
                .all(|record| record["event"] != "passed")
        );
    }
}

/// A destructor that never comes back is ended by the watchdog; it does not make a time-out of it.
#[test]
fn the_first_failure_survives_the_deadline() {
    let ended = Child::graded("no end")
        .with("HEDDLE_DEADLINE_MS", "1000")
        .run();
    ended.assert_failed("assertion");
    assert_eq!(ended.end()["provisional"], true);
}

/// A schedule can be left in the middle of everything, and the search goes on.
#[test]
fn a_schedule_is_left_cleanly() {
    for (claim, kind) in [
        ("joins in drop", "assertion"),
        ("a scope", "assertion"),
        ("a join in a scope", "assertion"),
        ("catches", "assertion"),
        ("several wait", "assertion"),
        ("a local", "assertion"),
        ("a lost wakeup", "deadlock"),
    ] {
        let ended = Child::graded(claim).run();
        ended.assert_failed(kind);
        assert_eq!(
            shortening(&ended)["exhausted"],
            true,
            "{claim}: {}",
            ended.end()
        );
        assert_eq!(ended.end()["provisional"], Value::Null, "{claim}");
    }
}

/// A destructor that waits for what cannot come ends the search, not the failure.
#[test]
fn a_destructor_that_waits_is_given_up() {
    let ended = Child::graded("waits in drop").run();
    ended.assert_failed("assertion");
    assert_eq!(ended.end()["provisional"], Value::Null);
    assert_eq!(ended.text("message"), "the claim is broken");
}
