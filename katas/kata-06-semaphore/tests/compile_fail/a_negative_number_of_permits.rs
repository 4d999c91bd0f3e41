//! A negative number of permits cannot be written: permits are counted in `usize`.
//@ error: E0600

use kata_06_semaphore::Semaphore;

fn main() {
    drop(Semaphore::new(1));
    #[cfg(refused)]
    drop(Semaphore::new(-1_usize));
}
