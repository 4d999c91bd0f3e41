//! A map that still has inputs to submit does not outlive its pool.
//@ error: E0505

use std::num::NonZeroUsize;

use kata_15_thread_pool::Pool;

fn main() {
    let pool = Pool::new(NonZeroUsize::MIN);
    let map = pool.map(0..9, NonZeroUsize::MIN, |number| number);
    #[cfg(refused)]
    drop(pool);
    drop(map);
}
