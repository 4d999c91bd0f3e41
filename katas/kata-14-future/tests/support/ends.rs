//! Who waits for an end, and ends that have come.

use heddle::thread::{Builder, JoinHandle, until_blocked};
use kata_14_future::{Future, Outcome, TaskError, promise};

/// Starts a thread that asks for the outcome; when this returns, it waits.
pub fn waiter<T>(future: &Future<T>) -> JoinHandle<Outcome<T>>
where
    T: Send + Sync + 'static,
{
    let future = future.clone();
    let waiter = Builder::new().name("waiter".into());
    let waiter = waiter.spawn(move || future.result()).unwrap();
    until_blocked(waiter.thread());
    waiter
}

pub fn finished(value: u32) -> Future<u32> {
    let (task, future) = promise();
    task.run(|| value);
    future
}

pub fn panicked(text: &str) -> Outcome<u32> {
    Err(TaskError::Panicked(text.into()))
}
