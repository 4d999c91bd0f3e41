//! Values, and what threads get from them.

use heddle::sync::Arc;
use heddle::thread;

use kata_20_shared_value::{LockResult, Value};

use super::waiting::Waiter;

/// A value of this process.
pub fn value(first: i64) -> Arc<Value<i64>> {
    Arc::new(Value::create(first).expect("a segment"))
}

/// What a thread of its own gets from an attempt: `None` while the lock is held.
pub fn attempt_of_another(value: &Arc<Value<i64>>) -> Option<Result<i64, i64>> {
    let value = Arc::clone(value);
    let attempt = move || match value.try_lock()? {
        Ok(guard) => Some(Ok(guard.get())),
        Err(died) => Some(Err(died.into_inner().get())),
    };
    thread::spawn(attempt).join().unwrap()
}

/// What is held, which nobody died for.
#[track_caller]
pub fn alive<G>(result: LockResult<G>) -> G {
    match result {
        Ok(held) => held,
        Err(_) => panic!("the owner is said to have died"),
    }
}

/// What is held because its owner died.
#[track_caller]
pub fn dead<G>(result: LockResult<G>) -> G {
    match result {
        Ok(_) => panic!("the owner has died, and nobody says so"),
        Err(died) => died.into_inner(),
    }
}

/// Starts a thread that reads the value, and returns once it waits or is through.
#[track_caller]
pub fn start_reading(value: &Arc<Value<i64>>) -> Waiter<LockResult<i64>> {
    let value = Arc::clone(value);
    Waiter::start(move || value.get())
}

/// Starts a thread that writes a value, and returns once it waits or is through.
#[track_caller]
pub fn start_writing(value: &Arc<Value<i64>>, new: i64) -> Waiter<LockResult<()>> {
    let value = Arc::clone(value);
    Waiter::start(move || value.set(new))
}
