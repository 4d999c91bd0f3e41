//! A task is begun once: a second thread has nothing left to begin.
//@ error: E0382

use kata_14_future::promise;

fn main() {
    let (task, future) = promise::<u8>();
    drop(task.start());
    #[cfg(refused)]
    drop(task.start());
    assert!(future.is_done());
}
