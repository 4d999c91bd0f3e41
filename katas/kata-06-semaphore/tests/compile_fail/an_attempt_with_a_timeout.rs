//! An attempt that does not wait takes no timeout: Python has to refuse the two together when it runs.
//@ error: E0061

use heddle::time::Duration;
use kata_06_semaphore::Semaphore;

fn main() {
    let semaphore = Semaphore::new(1);
    let limit = Duration::from_millis(1);
    drop(semaphore.acquire_timeout(limit));
    drop(semaphore.try_acquire());
    #[cfg(refused)]
    drop(semaphore.try_acquire(limit));
}
