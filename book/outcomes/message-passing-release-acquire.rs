//! One thread writes a message and raises a flag, the other looks at the flag: a Release store and an Acquire load.

use heddle::sync::atomic::{
    AtomicBool, AtomicU32,
    Ordering::{Acquire, Relaxed, Release},
};
use heddle::thread;

/// What it might return.
pub const RESULTS: &[&str] = &["nothing yet", "ready: 0", "ready: 42"];

// ANCHOR: program
pub fn program() -> String {
    let message = AtomicU32::new(0);
    let ready = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            message.store(42, Relaxed);
            ready.store(true, Release);
        });
        if ready.load(Acquire) {
            format!("ready: {}", message.load(Relaxed))
        } else {
            "nothing yet".to_owned()
        }
    })
}
// ANCHOR_END: program
