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

/// Panics when it is dropped, with a payload that does the same, as often as the number says.
pub struct Bombs(pub u8);

impl Drop for Bombs {
    fn drop(&mut self) {
        match self.0 {
            0 => {}
            _ if thread::panicking() => {}
            number => resume_unwind(Box::new(Self(number - 1))),
        }
    }
}

/// As [`Bombs`], and also when the thread panics already: then the program ends.
pub struct LoudBombs(pub u8);

impl Drop for LoudBombs {
    fn drop(&mut self) {
        if self.0 > 0 {
            resume_unwind(Box::new(Self(self.0 - 1)));
        }
    }
}

/// Calls something when it is dropped.
pub struct OnDrop<F: FnMut()>(pub F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
