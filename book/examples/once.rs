//! An event that is set once and brings a value along.

use std::sync::OnceLock;
use std::thread;

fn main() {
    // ANCHOR: once
    let settings: OnceLock<&str> = OnceLock::new();
    thread::scope(|scope| {
        let worker = scope.spawn(|| settings.wait().len()); // sleeps until it is set
        settings.set("ready").unwrap(); // a second `set` would be refused
        assert_eq!(worker.join().unwrap(), 5);
    });
    // ANCHOR_END: once
}
