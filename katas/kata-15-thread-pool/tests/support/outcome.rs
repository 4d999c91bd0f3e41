//! What became of a task, and a value that makes trouble when it is dropped.

use std::panic::resume_unwind;

use heddle::thread;
use kata_15_thread_pool::{Future, TaskError};

/// The value of a task that returns one.
pub fn value<T>(future: Future<T>) -> T {
    future.result().expect("the task returns a value")
}

pub fn is_cancelled<T>(outcome: &Result<T, TaskError>) -> bool {
    matches!(outcome, Err(TaskError::Cancelled))
}

/// What a task panicked with, if it was such a payload.
pub fn panicked<T, P: Copy + 'static>(outcome: Result<T, TaskError>) -> Option<P> {
    match outcome {
        Err(TaskError::Panicked(payload)) => payload.downcast_ref().copied(),
        _ => None,
    }
}

/// A task that fails.
pub fn fails() -> u8 {
    resume_unwind(Box::new("words"))
}

/// Panics when it is dropped, unless the thread panics already.
pub struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !thread::panicking() {
            resume_unwind(Box::new("a drop fails"));
        }
    }
}
