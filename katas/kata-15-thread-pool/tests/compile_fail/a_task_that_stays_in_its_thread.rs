//! A task is run by another thread, so what it captures must be able to go there.
//@ error: E0277

use std::num::NonZeroUsize;
use std::rc::Rc;

use kata_15_thread_pool::Pool;

fn main() {
    let pool = Pool::new(NonZeroUsize::MIN);
    let number = 1;
    drop(pool.submit(move || assert_eq!(number, 1)));
    let counted = Rc::new(1);
    #[cfg(refused)]
    drop(pool.submit(move || assert_eq!(*counted, 1)));
    #[cfg(not(refused))]
    drop(counted);
}
