//! A value belongs to all who ask for it, so nobody may change it.
//@ error: E0594

use kata_14_future::promise;

fn main() {
    let (task, future) = promise();
    task.run(|| 1);
    let value = future.result().expect("the task has run");
    assert_eq!(*value, 1);
    #[cfg(refused)]
    {
        let mut value = value;
        *value = 2;
    }
}
