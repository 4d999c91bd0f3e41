//! The counter of the tutorial, with its read and its write as two steps.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

const ROUNDS: u32 = 100_000;

// ANCHOR: add
fn add(counter: &AtomicU32) {
    for _ in 0..ROUNDS {
        let seen = counter.load(Relaxed);
        counter.store(seen + 1, Relaxed);
    }
}
// ANCHOR_END: add

// ANCHOR: fetch
fn add_in_one_step(counter: &AtomicU32) {
    for _ in 0..ROUNDS {
        counter.fetch_add(1, Relaxed);
    }
}
// ANCHOR_END: fetch

fn main() {
    let (two_steps, one_step) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                add(&two_steps);
                add_in_one_step(&one_step);
            });
        }
    });
    // How much is lost differs from run to run. That nothing is lost is promised for one of them only.
    assert!(two_steps.into_inner() <= 2 * ROUNDS);
    assert_eq!(one_step.into_inner(), 2 * ROUNDS);
}
