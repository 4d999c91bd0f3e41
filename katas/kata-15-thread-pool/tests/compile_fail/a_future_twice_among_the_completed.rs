//! A future that is moved among those that are waited for cannot be there twice.
//@ error: E0382

use std::num::NonZeroUsize;

use kata_15_thread_pool::{Pool, as_completed};

fn main() {
    let pool = Pool::new(NonZeroUsize::MIN);
    let future = pool.submit(|| 1);
    #[cfg(refused)]
    drop(as_completed([future, future]));
    #[cfg(not(refused))]
    drop(as_completed([future]));
}
