//! A value is set once: setting it takes the right to do so away.
//@ error: E0382

use kata_14_future::promise;

fn main() {
    let (task, future) = promise();
    let running = task.start().expect("nobody has cancelled");
    running.set(1);
    #[cfg(refused)]
    running.set(2);
    assert!(future.is_done());
}
