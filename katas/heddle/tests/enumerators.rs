//! The brute-force enumerators of the engine check, on programs whose outcomes the literature knows.

#[expect(
    dead_code,
    reason = "the generators are for the engine check, which shares these modules"
)]
#[path = "engine/mod.rs"]
mod engine;

use engine::program::{Op, Op::*, Outcome};
use engine::{sequential, weak};
use heddle::sync::atomic::Ordering::*;

const X: usize = 0;
const Y: usize = 1;

/// Whether C11 allows `program` to read `values`, whatever the variables end with.
fn allowed(program: &[&[Op]], values: &[usize]) -> bool {
    let program: Vec<Vec<Op>> = program.iter().map(|t| t.to_vec()).collect();
    let sequential: Vec<Outcome> = sequential::explore(&program)
        .outcomes
        .into_iter()
        .map(|o| o[..o.len() - 1].to_vec())
        .collect();
    let weak = weak::explore(&program);
    assert!(
        sequential.iter().all(|o| weak.contains(o)),
        "an interleaving is always allowed"
    );
    weak.iter().any(|o| o.starts_with(values))
}

/// Store buffering: both threads may miss the other's store, unless all is `SeqCst`.
#[test]
fn store_buffering_needs_seqcst() {
    let with = |s, l| {
        allowed(
            &[&[Store(X, 1, s), Load(Y, l)], &[Store(Y, 2, s), Load(X, l)]],
            &[0, 0],
        )
    };
    assert!(with(Relaxed, Relaxed));
    assert!(with(Release, Acquire));
    assert!(!with(SeqCst, SeqCst));
}

/// Store buffering with a `SeqCst` fence between the store and the load is forbidden.
#[test]
fn fences_forbid_store_buffering() {
    let with = |f| {
        let t = |mine, v, other| [Store(mine, v, Relaxed), Fence(f), Load(other, Relaxed)];
        allowed(&[&t(X, 1, Y), &t(Y, 2, X)], &[0, 0])
    };
    assert!(with(AcqRel));
    assert!(!with(SeqCst));
}

/// Message passing: a reader that saw the flag sees the message, given release and acquire.
#[test]
fn message_passing_needs_release_and_acquire() {
    let with = |s, l| {
        allowed(
            &[
                &[Store(X, 1, Relaxed), Store(Y, 2, s)],
                &[Load(Y, l), Load(X, Relaxed)],
            ],
            &[2, 0],
        )
    };
    assert!(with(Relaxed, Acquire));
    assert!(with(Release, Relaxed));
    assert!(!with(Release, Acquire));
}

/// Message passing through a release fence and an acquire fence.
#[test]
fn fences_pass_messages() {
    let program: [&[Op]; 2] = [
        &[Store(X, 1, Relaxed), Fence(Release), Store(Y, 2, Relaxed)],
        &[Load(Y, Relaxed), Fence(Acquire), Load(X, Relaxed)],
    ];
    assert!(!allowed(&program, &[2, 0]));
}

/// A release sequence goes on through a relaxed read-modify-write of another thread.
#[test]
fn a_release_sequence_goes_through_read_modify_writes() {
    let program: [&[Op]; 3] = [
        &[Store(X, 1, Relaxed), Store(Y, 2, Release)],
        &[Add(Y, 1000, Relaxed)],
        &[Load(Y, Acquire), Load(X, Relaxed)],
    ];
    assert!(!allowed(&program, &[2, 1002, 0]));
    assert!(allowed(&program, &[0, 1000, 0]));
}

/// Coherence: two reads of one variable never see its writes in opposite orders.
#[test]
fn reads_of_one_variable_are_coherent() {
    let program: [&[Op]; 2] = [
        &[Store(X, 1, Relaxed), Store(X, 2, Relaxed)],
        &[Load(X, Relaxed), Load(X, Relaxed)],
    ];
    assert!(allowed(&program, &[1, 2]));
    assert!(!allowed(&program, &[2, 1]));
}

/// Two increments never read the same value.
#[test]
fn increments_are_atomic() {
    let program: [&[Op]; 2] = [&[Add(X, 1000, Relaxed)], &[Add(X, 1000, Relaxed)]];
    assert!(!allowed(&program, &[0, 0]));
}

/// Independent readers may disagree on the order of independent writes, unless all is `SeqCst`.
#[test]
fn independent_reads_of_independent_writes() {
    let with = |s, l| {
        let program: [&[Op]; 4] = [
            &[Store(X, 1, s)],
            &[Store(Y, 2, s)],
            &[Load(X, l), Load(Y, l)],
            &[Load(Y, l), Load(X, l)],
        ];
        allowed(&program, &[1, 0, 2, 0])
    };
    assert!(with(Release, Acquire));
    assert!(!with(SeqCst, SeqCst));
}

/// Load buffering: the model leaves it out, as RC11 does.
#[test]
fn load_buffering_is_left_out() {
    let program: [&[Op]; 2] = [
        &[Load(X, Relaxed), Store(Y, 1, Relaxed)],
        &[Load(Y, Relaxed), Store(X, 2, Relaxed)],
    ];
    assert!(!allowed(&program, &[2, 1]));
}

/// A waiter that nobody notifies afterwards is a deadlock; one that is notified under the lock is not always.
#[test]
fn a_lost_notification_is_a_deadlock() {
    let waiter = vec![Lock, Wait, Unlock];
    let found = sequential::explore(&vec![waiter.clone(), vec![NotifyOne]]);
    assert!(found.deadlocks && !found.outcomes.is_empty());
    assert!(
        sequential::explore(&vec![waiter, vec![]])
            .outcomes
            .is_empty()
    );
}

/// A park token that is there before `park` is kept.
#[test]
fn a_park_token_is_kept() {
    assert!(!sequential::explore(&vec![vec![Park], vec![Unpark(0)]]).deadlocks);
    assert!(sequential::explore(&vec![vec![Park, Park], vec![Unpark(0), Unpark(0)]]).deadlocks);
}
