//! Threads, closures that move, and what may cross.

use std::sync::{Arc, Mutex};
use std::thread;

// ANCHOR: spawn
fn spawn() {
    let names = vec!["warp", "weft"];
    let worker = thread::spawn(move || names.len()); // `names` now belongs to the thread
    let length = worker.join().unwrap(); // `join` gives back what the closure returned
    assert_eq!(length, 2);
}
// ANCHOR_END: spawn

// ANCHOR: share
fn share() {
    let total = Arc::new(Mutex::new(0));
    let workers: Vec<_> = (1..=4)
        .map(|number| {
            let total = Arc::clone(&total); // one more owner of the same mutex
            thread::spawn(move || *total.lock().unwrap() += number)
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
    assert_eq!(*total.lock().unwrap(), 10);
}
// ANCHOR_END: share

// ANCHOR: scope
fn scope() {
    let total = Mutex::new(0); // no `Arc`: the scope joins its threads
    thread::scope(|scope| {
        for number in 1..=4 {
            let total = &total;
            scope.spawn(move || *total.lock().unwrap() += number);
        }
    });
    assert_eq!(total.into_inner().unwrap(), 10);
}
// ANCHOR_END: scope

// ANCHOR: panics
fn panics() {
    let worker = thread::spawn(|| -> u32 { std::panic::resume_unwind(Box::new("no")) });
    assert!(worker.join().is_err()); // in Python `join` returns as if all were well
}
// ANCHOR_END: panics

fn main() {
    spawn();
    share();
    scope();
    panics();
}
