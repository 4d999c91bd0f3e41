//! A promise is one duty and cannot be cloned.
//@ error: E0599

use kata_14_future::promise;

fn main() {
    let (task, future) = promise::<u8>();
    #[cfg(refused)]
    drop(task.clone());
    drop(task);
    drop(future.clone());
}
