//! The value of a task that has not begun cannot be set: a cancel might still come in between.
//@ error: E0599

use kata_14_future::promise;

fn main() {
    let (task, future) = promise::<u8>();
    #[cfg(not(refused))]
    task.start().expect("nobody has cancelled").set(1);
    #[cfg(refused)]
    task.set(1);
    assert!(future.is_done());
}
