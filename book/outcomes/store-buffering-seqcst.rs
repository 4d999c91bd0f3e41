//! Two threads set a flag each, then look at the other's: SeqCst.

use heddle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use heddle::thread;

/// What it might return.
pub const RESULTS: &[&str] = &["a=0 b=0", "a=0 b=1", "a=1 b=0", "a=1 b=1"];

// ANCHOR: program
pub fn program() -> String {
    let x = AtomicU32::new(0);
    let y = AtomicU32::new(0);
    let (a, b) = thread::scope(|scope| {
        let other = scope.spawn(|| {
            y.store(1, SeqCst);
            x.load(SeqCst)
        });
        x.store(1, SeqCst);
        let a = y.load(SeqCst);
        (a, other.join().unwrap())
    });
    format!("a={a} b={b}")
}
// ANCHOR_END: program
