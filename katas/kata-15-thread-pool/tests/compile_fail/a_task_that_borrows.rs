//! A task may run when the caller has long gone, so it borrows nothing of the caller's.
//@ error: E0597

use std::num::NonZeroUsize;

use kata_15_thread_pool::Pool;

fn main() {
    let pool = Pool::new(NonZeroUsize::MIN);
    {
        let text = String::from("local");
        let borrowed = &text;
        assert_eq!(borrowed.len(), 5);
        #[cfg(refused)]
        drop(pool.submit(move || borrowed.len()));
    }
    drop(pool);
}
