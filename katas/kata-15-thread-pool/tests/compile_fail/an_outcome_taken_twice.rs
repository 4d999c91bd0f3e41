//! An outcome has one owner: taking it uses the future up.
//@ error: E0382

use std::num::NonZeroUsize;

use kata_15_thread_pool::Pool;

fn main() {
    let pool = Pool::new(NonZeroUsize::MIN);
    let future = pool.submit(|| 1);
    drop(future.result());
    #[cfg(refused)]
    drop(future.result());
}
