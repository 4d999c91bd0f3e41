//! Programs that look again and again before they sleep, or for ever.

use heddle::sync::atomic::AtomicBool;
use heddle::sync::atomic::Ordering::{Acquire, Release};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;

pub fn until_blocked_after_looks(waiters: usize, looks: u32, look: fn()) {
    heddle::model(move || {
        let shared = Arc::new((AtomicBool::new(false), Mutex::new(()), Condvar::new()));
        let waiter = || {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let (ready, lock, changed) = &*shared;
                let mut looked = 0;
                while looked < looks && !ready.load(Acquire) {
                    look();
                    looked = (looked + 1).min(u32::MAX - 1);
                }
                let waited = changed.wait_while(lock.lock().unwrap(), |()| !ready.load(Acquire));
                drop(waited.unwrap());
            })
        };
        let waiters: Vec<_> = (0..waiters).map(|_| waiter()).collect();
        for waiter in &waiters {
            thread::until_blocked(waiter.thread());
        }
        let (ready, lock, changed) = &*shared;
        let locked = lock.lock().unwrap();
        ready.store(true, Release);
        drop(locked);
        changed.notify_all();
        for waiter in waiters {
            waiter.join().unwrap();
        }
    });
}

/// A thread spins until another has stopped, which only its own count ends.
pub fn spins_until_another_has_spun(spins: u32) {
    heddle::model(move || {
        let has_spun = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&has_spun);
        let other = thread::spawn(move || {
            for _ in 0..spins {
                heddle::hint::spin_loop();
            }
            shared.store(true, Release);
        });
        while !has_spun.load(Acquire) {
            heddle::hint::spin_loop();
        }
        other.join().unwrap();
    });
}
