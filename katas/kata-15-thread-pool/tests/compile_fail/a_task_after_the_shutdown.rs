//! After a shutdown there is no pool to submit to.
//@ error: E0382

use std::num::NonZeroUsize;

use kata_15_thread_pool::{Pending, Pool, Wait};

fn main() {
    let pool = Pool::new(NonZeroUsize::MIN);
    drop(pool.submit(|| 1));
    pool.shutdown(Wait::Workers, Pending::Run);
    #[cfg(refused)]
    drop(pool.submit(|| 2));
}
