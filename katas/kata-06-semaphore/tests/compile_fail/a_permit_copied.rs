//! A permit cannot be doubled: there is one for each that was taken.
//@ error: E0599

use kata_06_semaphore::Semaphore;

fn main() {
    let semaphore = Semaphore::new(1);
    let permit = semaphore.acquire();
    #[cfg(refused)]
    let permit = permit.clone();
    drop(permit);
}
