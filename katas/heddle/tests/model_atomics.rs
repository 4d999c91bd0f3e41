//! Atomics under the model: what is right is accepted, and what is wrong is shown.

#![cfg(feature = "model")]

mod child;
#[path = "programs/atomics.rs"]
mod programs;

use child::{Child, Claim};
use heddle::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use programs::*;

const RIGHT: &[Claim] = &[
    ("store buffer", || store_buffer([SeqCst; 4])),
    ("store buffer with fences", store_buffer_with_fences),
    ("peterson", || peterson(SeqCst)),
    ("independent reads", independent_reads),
    ("message", || message(Release, Acquire)),
    ("swap lock of two", || swap_lock(1, Acquire, Release)),
    ("swap lock of three", || swap_lock(2, Acquire, Release)),
    ("exchange lock", || exchange_lock(2)),
    ("auto-reset event", auto_reset_event),
    ("load, then spin", load_then_spin),
    ("spin without a hint", spin_without_a_hint),
    ("one yield", one_yield),
    ("narrow types wrap", narrow_types_wrap),
    ("weak exchange in a loop", weak_exchange_in_a_loop),
];

const WRONG: &[(&str, fn(), &str)] = &[
    (
        "first store released",
        || store_buffer([Release, SeqCst, SeqCst, SeqCst]),
        "assertion",
    ),
    (
        "first load acquired",
        || store_buffer([SeqCst, Acquire, SeqCst, SeqCst]),
        "assertion",
    ),
    (
        "second store relaxed",
        || store_buffer([SeqCst, SeqCst, Relaxed, SeqCst]),
        "assertion",
    ),
    (
        "second load relaxed",
        || store_buffer([SeqCst, SeqCst, SeqCst, Relaxed]),
        "assertion",
    ),
    ("all relaxed", || store_buffer([Relaxed; 4]), "assertion"),
    ("release peterson", || peterson(AcqRel), "data-race"),
    ("relaxed message", || message(Relaxed, Acquire), "data-race"),
    ("relaxed receipt", || message(Release, Relaxed), "data-race"),
    (
        "relaxed unlock",
        || swap_lock(1, Acquire, Relaxed),
        "data-race",
    ),
    (
        "relaxed lock",
        || swap_lock(1, Relaxed, Release),
        "data-race",
    ),
    ("load, then store", load_then_store, "assertion"),
    (
        "weak exchange taken for strong",
        weak_exchange_taken_for_strong,
        "assertion",
    ),
    ("spin for ever", spin_for_ever, "livelock"),
    (
        "spin for ever without a hint",
        spin_for_ever_without_a_hint,
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
