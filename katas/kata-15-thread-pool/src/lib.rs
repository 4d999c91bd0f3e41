//! A fixed number of threads that run any number of tasks, and the futures of what they return.
//!
//! A task and its [`Future`] share a slot, in which the outcome is left: a value, a panic, or a cancel.

#![allow(unused, reason = "a stub leaves most unused; delete this when done")]

use std::any::Any;
use std::collections::VecDeque;
use std::mem;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use heddle::sync::{Arc, Condvar, Mutex, MutexGuard};
use heddle::thread::{self, Builder, JoinHandle};

/// Why a task has no value.
#[derive(Debug)]
pub enum TaskError {
    /// It was cancelled before it began.
    Cancelled,
    /// It panicked with this payload, which `std::panic::resume_unwind` can carry on.
    Panicked(Box<dyn Any + Send>),
}

/// What a shutdown does with the tasks that have not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// They are run.
    Run,
    /// They are cancelled.
    Cancel,
}

/// What a shutdown waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Until the last task has ended, and the workers with it.
    Workers,
    /// For nothing: the workers go on and end when nothing is left to do.
    Nothing,
}

/// A number of threads that run tasks.
///
/// Dropping it is a shutdown that runs what is pending and waits for the workers.
///
/// # Python
///
/// `ThreadPoolExecutor`, and its `with` block is the scope of the pool.
pub struct Pool {}

impl Pool {
    /// A pool of that many workers.
    ///
    /// # Panics
    ///
    /// When the system cannot make another thread.
    pub fn new(workers: NonZeroUsize) -> Self {
        todo!("start the workers, each of which takes jobs until there will be no more")
    }

    /// Has a worker run `task`, after those that were submitted before, and returns at once.
    ///
    /// A panic of the task is caught and kept for the future. What it captured is dropped before it is done.
    pub fn submit<F, T>(&self, task: F) -> Future<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        todo!("put the task into the queue with one end of a slot, and return the other end")
    }

    /// Has the workers call `task` with every input, and gives the outcomes in the inputs' order.
    ///
    /// Inputs are taken when there is room for them: `ahead` of them are taken and submitted now, and
    /// one more whenever an outcome is given. What is left when the map is dropped is cancelled.
    ///
    /// # Python
    ///
    /// `map(task, inputs, buffersize=ahead)`. There an exception ends the map and here it is an
    /// outcome; collecting into a `Result` ends at the first one, and so drops the map.
    pub fn map<'p, I, F, T>(&'p self, inputs: I, ahead: NonZeroUsize, task: F) -> Map<'p, T>
    where
        I: IntoIterator<Item: Send + 'static, IntoIter: 'p>,
        F: Fn(I::Item) -> T + Send + Sync + 'static,
        T: Send + 'static,
    {
        todo!("submit the first inputs, as many as may be ahead")
    }

    /// Ends the pool; tasks that run are never interrupted.
    pub fn shutdown(mut self, wait: Wait, pending: Pending) {
        todo!("empty the queue or leave it, join the workers or forget them")
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        todo!("say that nothing more will come, and wait for the workers")
    }
}

/// The outcome of a task, for one reader.
pub struct Future<T> {
    value: std::marker::PhantomData<fn() -> T>,
}

impl<T> Future<T> {
    /// Waits until the task has ended and takes its outcome.
    ///
    /// # Errors
    ///
    /// A [`TaskError`] when the task has ended without a value.
    pub fn result(self) -> Result<T, TaskError> {
        todo!("wait for the outcome and take it")
    }

    /// Whether the task has ended, with a value or without.
    pub fn is_done(&self) -> bool {
        todo!("look whether the outcome is there")
    }

    /// Cancels a task that has not begun, and says whether the task is cancelled.
    ///
    /// It is true again for one that was cancelled before, and false for one that has begun.
    pub fn cancel(&self) -> bool {
        todo!("leave an outcome if the task has not begun")
    }
}

/// The outcomes of one task for many inputs; see [`Pool::map`].
pub struct Map<'p, T> {
    pool: &'p Pool,
    /// The futures of the inputs that were taken, the oldest first.
    submitted: VecDeque<Future<T>>,
}

impl<T> Iterator for Map<'_, T> {
    type Item = Result<T, TaskError>;

    /// Waits for the outcome of the next input.
    fn next(&mut self) -> Option<Self::Item> {
        todo!("wait for the oldest future, and let another input take its place")
    }
}

impl<T> Drop for Map<'_, T> {
    fn drop(&mut self) {
        todo!("cancel what has not begun")
    }
}

/// The outcomes of several tasks in the order in which they end; see [`as_completed`].
pub struct AsCompleted<T> {
    futures: Vec<Future<T>>,
}

/// Gives the outcomes of the futures as they come, each with the place of its future in `futures`.
///
/// Those that are done already come first. Dropping what this returns leaves the tasks alone.
pub fn as_completed<I, T>(futures: I) -> AsCompleted<T>
where
    I: IntoIterator<Item = Future<T>>,
{
    todo!("have each future announce its end")
}

impl<T> Iterator for AsCompleted<T> {
    type Item = (usize, Result<T, TaskError>);

    /// Waits for the next task that ends.
    fn next(&mut self) -> Option<Self::Item> {
        todo!("wait for the next announcement, unless all have been given")
    }
}
