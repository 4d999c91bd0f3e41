//! Two buyers look at the stock, then take from it, and lock it for each of the two.

use heddle::sync::Mutex;
use heddle::thread;

/// What it might return.
pub const RESULTS: &[&str] = &["1 sold, 0 left", "2 sold, 0 left", "2 sold, -1 left"];

// ANCHOR: program
pub fn program() -> String {
    let stock = Mutex::new(1);
    let buy = || {
        let is_there = *stock.lock().unwrap() > 0;
        if is_there {
            *stock.lock().unwrap() -= 1;
        }
        u32::from(is_there)
    };
    let sold = thread::scope(|scope| {
        let other = scope.spawn(buy);
        buy() + other.join().unwrap()
    });
    let left = stock.lock().unwrap();
    format!("{sold} sold, {left} left")
}
// ANCHOR_END: program
