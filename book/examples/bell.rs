//! Parking: a thread goes to sleep, and another one wakes that very thread.

use std::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Release},
};
use std::thread;

fn main() {
    let rung = AtomicBool::new(false);
    thread::scope(|scope| {
        // ANCHOR: bell
        let sleeper = scope.spawn(|| {
            while !rung.load(Acquire) {
                thread::park(); // may return for no reason: look again
            }
        });
        rung.store(true, Release); // first the news,
        sleeper.thread().unpark(); // then the wake-up
        // ANCHOR_END: bell
    });
}
