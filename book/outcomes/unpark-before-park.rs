//! A wake-up that is remembered: the token of `unpark`.

use heddle::thread;

/// What it might return.
pub const RESULTS: &[&str] = &["on its way", "never"];

// ANCHOR: program
pub fn program() -> String {
    let sleeper = thread::current();
    thread::scope(|scope| {
        scope.spawn(|| sleeper.unpark());
        thread::park();
    });
    "on its way".to_owned()
}
// ANCHOR_END: program
