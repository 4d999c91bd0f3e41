//! A permit that was forgotten cannot be given back as well: forgetting takes it away.
//@ error: E0382

use kata_06_semaphore::Semaphore;

fn main() {
    let semaphore = Semaphore::new(1);
    let permit = semaphore.acquire();
    permit.forget();
    #[cfg(refused)]
    drop(permit);
}
