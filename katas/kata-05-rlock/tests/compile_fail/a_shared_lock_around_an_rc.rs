//! A lock cannot be shared when its value cannot be sent: an `Rc` would reach two threads.
//@ error: E0277

use kata_05_rlock::RLock;
use std::rc::Rc;

fn main() {
    let lock = RLock::new(Rc::new(1));
    heddle::thread::scope(|scope| {
        let guard = lock.lock();
        #[cfg(refused)]
        scope.spawn(|| drop(lock.lock().clone()));
        scope.spawn(|| ());
        drop(guard.clone());
    });
}
