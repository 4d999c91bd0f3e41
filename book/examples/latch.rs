//! A latch: threads wait until a number of things is done. A mutex and a condition variable.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

// ANCHOR: latch
/// Opens when a number of things is done, and stays open.
pub struct Latch {
    left: Mutex<u32>,
    changed: Condvar,
}

impl Latch {
    pub fn new(things: u32) -> Self {
        Self {
            left: Mutex::new(things),
            changed: Condvar::new(),
        }
    }

    /// One thing is done.
    pub fn count_down(&self) {
        let mut left = self.left();
        *left = left.saturating_sub(1);
        self.changed.notify_all();
    } // `left` is dropped here, and with it the mutex is unlocked

    /// Waits until everything is done.
    pub fn wait(&self) {
        let mut left = self.left();
        while *left > 0 {
            left = self.changed.wait(left).unwrap(); // unlocks, sleeps, locks
        }
    }

    fn left(&self) -> MutexGuard<'_, u32> {
        self.left.lock().unwrap()
    }
}
// ANCHOR_END: latch

// ANCHOR: timed
impl Latch {
    /// Waits no longer than `limit` in all, and says whether everything is done.
    pub fn wait_timeout(&self, limit: Duration) -> bool {
        let waiting = |left: &mut u32| *left > 0; // says when to go on waiting
        let (left, _) = self
            .changed
            .wait_timeout_while(self.left(), limit, waiting)
            .unwrap();
        *left == 0 // not the clock decides but the number
    }
}
// ANCHOR_END: timed

fn main() {
    let latch = Latch::new(2);
    assert!(!latch.wait_timeout(Duration::from_millis(1)));
    thread::scope(|scope| {
        scope.spawn(|| latch.wait());
        scope.spawn(|| latch.count_down());
        latch.count_down();
    });
    assert!(latch.wait_timeout(Duration::ZERO));
}
