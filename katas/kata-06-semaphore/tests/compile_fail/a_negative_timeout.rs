//! A negative timeout cannot be written: the units of a `Duration` are unsigned.
//@ error: E0600

use heddle::time::Duration;
use kata_06_semaphore::Semaphore;

fn main() {
    let semaphore = Semaphore::new(1);
    drop(semaphore.acquire_timeout(Duration::from_millis(1)));
    #[cfg(refused)]
    drop(semaphore.acquire_timeout(Duration::from_millis(-1_u64)));
}
