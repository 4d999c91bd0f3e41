//! Two threads add one to a counter, each with one operation.

use heddle::sync::atomic::{AtomicU32, Ordering::Relaxed};
use heddle::thread;

/// What it might return.
pub const RESULTS: &[&str] = &["0", "1", "2"];

// ANCHOR: program
pub fn program() -> String {
    let counter = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| counter.fetch_add(1, Relaxed));
        counter.fetch_add(1, Relaxed);
    });
    format!("{}", counter.load(Relaxed))
}
// ANCHOR_END: program
