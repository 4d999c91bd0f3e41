//! A notification without a state that remembers it.

use heddle::sync::{Condvar, Mutex};
use heddle::thread;

/// What it might return.
pub const RESULTS: &[&str] = &["woken", "never"];

// ANCHOR: program
pub fn program() -> String {
    let lock = Mutex::new(());
    let bell = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| bell.notify_one());
        let guard = lock.lock().unwrap();
        drop(bell.wait(guard).unwrap());
    });
    "woken".to_owned()
}
// ANCHOR_END: program
