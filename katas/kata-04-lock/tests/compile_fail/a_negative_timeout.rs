//! A negative timeout cannot be written: the units of a `Duration` are unsigned.
//@ error: E0600

use heddle::time::Duration;
use kata_04_lock::Lock;

fn main() {
    let lock = Lock::new(1);
    drop(lock.lock_timeout(Duration::from_millis(1)));
    #[cfg(refused)]
    drop(lock.lock_timeout(Duration::from_millis(-1_u64)));
}
