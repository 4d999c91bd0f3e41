//! Two threads add one to a counter, each with a load and a store.

use heddle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use heddle::thread;

/// What it might return.
pub const RESULTS: &[&str] = &["0", "1", "2"];

// ANCHOR: program
pub fn program() -> String {
    let counter = AtomicU32::new(0);
    thread::scope(|scope| {
        let adder = || {
            let seen = counter.load(SeqCst);
            counter.store(seen + 1, SeqCst);
        };
        scope.spawn(adder);
        adder();
    });
    format!("{}", counter.load(SeqCst))
}
// ANCHOR_END: program
