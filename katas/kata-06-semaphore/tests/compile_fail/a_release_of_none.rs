//! A release of no permits cannot be written, nor an acquire: zero is not a `NonZeroUsize`.
//@ error: E0308

use kata_06_semaphore::Semaphore;
use std::num::NonZeroUsize;

fn main() {
    let semaphore = Semaphore::new(1);
    assert!(semaphore.release(NonZeroUsize::MIN).is_ok());
    #[cfg(refused)]
    assert!(semaphore.release(0).is_ok());
}
