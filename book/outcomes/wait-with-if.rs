//! A wait whose condition is tested once.

use heddle::sync::{Condvar, Mutex};
use heddle::thread;

/// What it might return.
pub const RESULTS: &[&str] = &["ready: true", "ready: false", "never"];

// ANCHOR: program
pub fn program() -> String {
    let ready = Mutex::new(false);
    let bell = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            *ready.lock().unwrap() = true;
            bell.notify_one();
        });
        let mut guard = ready.lock().unwrap();
        if !*guard {
            guard = bell.wait(guard).unwrap();
        }
        format!("ready: {guard}")
    })
}
// ANCHOR_END: program
