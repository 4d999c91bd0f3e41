//! A callback is called by whoever ends the task, so what it captures must be able to go there.
//@ error: E0277

use std::rc::Rc;

use kata_14_future::promise;

fn main() {
    let (task, future) = promise::<u8>();
    let number = 1;
    future.on_done(move |_| assert_eq!(number, 1));
    let counted = Rc::new(1);
    #[cfg(refused)]
    future.on_done(move |_| assert_eq!(*counted, 1));
    #[cfg(not(refused))]
    assert_eq!(*counted, 1);
    drop(task);
}
