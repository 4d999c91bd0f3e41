//! Two transfers between two accounts take the locks in two orders.

use heddle::sync::Mutex;
use heddle::thread;

/// What it might return.
pub const RESULTS: &[&str] = &["110 and 90", "never"];

// ANCHOR: program
pub fn program() -> String {
    let anna = Mutex::new(100);
    let bert = Mutex::new(100);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut from = bert.lock().unwrap();
            let mut to = anna.lock().unwrap();
            *from -= 20;
            *to += 20;
        });
        let mut from = anna.lock().unwrap();
        let mut to = bert.lock().unwrap();
        *from -= 10;
        *to += 10;
    });
    let (anna, bert) = (anna.lock().unwrap(), bert.lock().unwrap());
    format!("{anna} and {bert}")
}
// ANCHOR_END: program
