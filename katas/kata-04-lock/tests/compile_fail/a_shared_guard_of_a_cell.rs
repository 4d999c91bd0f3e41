//! A guard does not make a value shareable that is not: two threads would write one `Cell`.
//@ error: E0277

use kata_04_lock::Lock;
use std::cell::Cell;

fn main() {
    let lock = Lock::new(Cell::new(1));
    let guard = lock.lock();
    heddle::thread::scope(|scope| {
        #[cfg(refused)]
        scope.spawn(|| guard.set(2));
        scope.spawn(|| lock.is_locked());
        guard.set(3);
    });
}
