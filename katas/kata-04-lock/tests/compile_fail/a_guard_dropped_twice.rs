//! A lock cannot be released twice through one guard: the first release takes the guard away.
//@ error: E0382

use kata_04_lock::Lock;

fn main() {
    let lock = Lock::new(1);
    let guard = lock.lock();
    drop(guard);
    #[cfg(refused)]
    drop(guard);
}
