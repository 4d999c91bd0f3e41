//! The stacks of modelled threads, from one schedule to the next.

#![cfg(all(feature = "model", target_os = "linux"))]

mod child;

use std::hint::black_box;
use std::sync::atomic::AtomicU32;

use child::{Child, Claim};
use heddle::sync::Arc;
use heddle::sync::atomic::{AtomicUsize, Ordering};
use heddle::thread;

const CLAIMS: &[Claim] = &[
    ("counts its maps", counts_its_maps),
    ("overflows later", || heddle::model(overflows_later)),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(CLAIMS);
}

/// A search costs the system no new stack for each schedule: that would be three pages at least.
#[test]
fn a_stack_serves_every_schedule() {
    let ended = Child::graded("counts its maps").run();
    ended.assert_passed();
    let schedules = ended.end()["schedules"].as_u64().expect("a number");
    assert!(schedules > 500, "{schedules} schedules show nothing");
    let told = ended
        .stderr
        .lines()
        .find_map(|line| line.strip_prefix("faults: "));
    let faults: u64 = told.and_then(|told| told.parse().ok()).expect("a number");
    assert!(
        faults < 2 * schedules,
        "{faults} page faults in {schedules} schedules"
    );
}

/// A thread that overflows a stack which others had before is told like the first.
#[test]
fn the_guard_of_a_stack_outlives_its_threads() {
    let ended = Child::graded("overflows later").run();
    assert_eq!(ended.events(), ["started"]);
    assert_ne!(ended.status.code(), Some(0));
    assert!(
        ended.stderr.contains("has overflowed its stack"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("schedule 20"), "{}", ended.stderr);
}

fn counts_its_maps() {
    let before = page_faults();
    heddle::model(two_threads_count);
    eprintln!("faults: {}", page_faults() - before);
}

fn two_threads_count() {
    let count = Arc::new(AtomicUsize::new(0));
    let other = thread::spawn({
        let count = Arc::clone(&count);
        move || add_eight(&count)
    });
    add_eight(&count);
    other.join().expect("it does not panic");
    assert_eq!(count.load(Ordering::SeqCst), 16);
}

fn add_eight(count: &AtomicUsize) {
    for _ in 0..8 {
        count.fetch_add(1, Ordering::SeqCst);
    }
}

fn overflows_later() {
    static SCHEDULES: AtomicU32 = AtomicU32::new(0);
    let number = 1 + SCHEDULES.fetch_add(1, Ordering::Relaxed);
    let other = thread::spawn(move || {
        if number == 20 {
            eprintln!("schedule {number}");
            descend(1_000_000);
        }
    });
    two_threads_count();
    other.join().expect("it does not panic");
}

/// Needs a frame for each step down.
fn descend(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    match depth {
        0 => frame[0],
        _ => frame[1] + descend(depth - 1),
    }
}

/// How many pages this process has been given since it began: the tenth field of its state.
fn page_faults() -> u64 {
    let state = std::fs::read_to_string("/proc/self/stat").expect("Linux tells");
    let (_, fields) = state.rsplit_once(')').expect("the name ends");
    let faults = fields.split_whitespace().nth(7).expect("there are more");
    faults.parse().expect("a number")
}
