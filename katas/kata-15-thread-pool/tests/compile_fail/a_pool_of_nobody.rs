//! A pool without workers, in which every task would wait for ever, cannot be made.
//@ error: E0308

use std::num::NonZeroUsize;

use kata_15_thread_pool::Pool;

fn main() {
    drop(Pool::new(NonZeroUsize::MIN));
    #[cfg(refused)]
    drop(Pool::new(0));
}
