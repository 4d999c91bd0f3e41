//! A permit cannot be given back twice: the first time takes it away.
//@ error: E0382

use kata_06_semaphore::Semaphore;

fn main() {
    let semaphore = Semaphore::new(1);
    let permit = semaphore.acquire();
    drop(permit);
    #[cfg(refused)]
    drop(permit);
}
