//! A guard cannot be sent to another thread: no thread releases a lock that another one took.
//@ error: E0277

use kata_04_lock::Lock;

fn main() {
    let lock = Lock::new(1);
    heddle::thread::scope(|scope| {
        let guard = lock.lock();
        #[cfg(refused)]
        scope.spawn(move || drop(guard));
        #[cfg(not(refused))]
        drop(guard);
        scope.spawn(|| lock.is_locked());
    });
}
