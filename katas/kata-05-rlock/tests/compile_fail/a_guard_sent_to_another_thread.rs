//! A guard cannot be sent to another thread: only the owner releases.
//@ error: E0277

use kata_05_rlock::RLock;

fn main() {
    let lock = RLock::new(1);
    heddle::thread::scope(|scope| {
        let guard = lock.lock();
        #[cfg(refused)]
        scope.spawn(move || drop(guard));
        #[cfg(not(refused))]
        drop(guard);
        scope.spawn(|| lock.depth());
    });
}
