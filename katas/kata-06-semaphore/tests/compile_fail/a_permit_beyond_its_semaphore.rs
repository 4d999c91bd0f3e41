//! A permit cannot outlive the semaphore that it goes back to.
//@ error: E0505

use kata_06_semaphore::Semaphore;

fn main() {
    let semaphore = Semaphore::new(1);
    let permit = semaphore.acquire();
    #[cfg(refused)]
    drop(semaphore);
    drop(permit);
}
