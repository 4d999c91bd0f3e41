//! A value comes back from another thread, so it must be able to come.
//@ error: E0277

use std::num::NonZeroUsize;
use std::rc::Rc;

use kata_15_thread_pool::Pool;

fn main() {
    let pool = Pool::new(NonZeroUsize::MIN);
    drop(pool.submit(|| *Rc::new(1)));
    #[cfg(refused)]
    drop(pool.submit(|| Rc::new(1)));
}
