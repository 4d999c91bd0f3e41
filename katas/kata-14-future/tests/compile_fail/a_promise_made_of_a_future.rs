//! Who may only look cannot begin the task or set its value.
//@ error: E0599

use kata_14_future::{Future, promise};

fn main() {
    let (task, future): (_, Future<u8>) = promise();
    drop(task);
    assert!(future.is_done());
    #[cfg(refused)]
    drop(future.start());
}
