//! The outcome of a task that another thread runs: to be waited for, called back about, or cancelled.
//!
//! A [`Promise`] is the duty to run the task, and there is one. A [`Future`] is a view of its outcome,
//! and there may be many. Both lead to one state, which goes from pending to running to done.

#![allow(unused, reason = "a stub leaves most unused; delete this when done")]

use std::any::Any;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::{fmt, mem};

use heddle::sync::{Arc, Condvar, Mutex, MutexGuard};
use heddle::time::Duration;

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskError {
    /// The task was cancelled before it began.
    Cancelled,
    /// The task panicked with this text; another payload than a text gives some text of yours.
    Panicked(String),
    /// Whoever was to run the task is gone, and there will be no value.
    Abandoned,
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("the task was cancelled"),
            Self::Panicked(text) => write!(f, "the task panicked: {text}"),
            Self::Abandoned => f.write_str("nobody is left to run the task"),
        }
    }
}

impl Error for TaskError {}

/// How a task ended; its value is shared by all who ask for it.
pub type Outcome<T> = Result<Arc<T>, TaskError>;

/// Makes a promise and a first future that shows what becomes of it.
///
/// # Python
///
/// `Future()` is both, so anybody may set the result, and setting it twice raises `InvalidStateError`.
pub fn promise<T>() -> (Promise<T>, Future<T>) {
    todo!("a pending task, seen from both sides")
}

/// The duty to run a task that has not begun.
///
/// Dropping it abandons the task: [`TaskError::Abandoned`], unless it was cancelled.
pub struct Promise<T> {
    future: Future<T>,
}

impl<T> Promise<T> {
    /// Begins the task, or returns `None` because it was cancelled. From here on it cannot be.
    ///
    /// # Python
    ///
    /// `set_running_or_notify_cancel()`.
    #[must_use = "dropping what it returns abandons the task"]
    pub fn start(self) -> Option<Running<T>> {
        todo!("pending becomes running, unless a cancel was faster")
    }

    /// Begins the task, runs it in this thread, and keeps its value or its panic for the futures.
    ///
    /// A task that was cancelled is dropped and not run. A panic of the task ends here, whatever its
    /// payload does when it is dropped: the caller goes on with its next task.
    pub fn run<F>(self, task: F)
    where
        F: FnOnce() -> T,
    {
        todo!("start, call the task, and set what came of it")
    }
}

/// The duty to set the value of a task that has begun.
///
/// Dropping it instead abandons the task.
pub struct Running<T> {
    future: Future<T>,
}

impl<T> Running<T> {
    /// Ends the task with a value: wakes all who wait, and then calls the callbacks.
    pub fn set(self, value: T) {
        todo!("end the task with the value")
    }
}

/// A view of a task's outcome, which can be cloned and waited for in any number of threads.
///
/// # Python
///
/// `concurrent.futures.Future` as its readers use it.
pub struct Future<T> {
    value: std::marker::PhantomData<Arc<T>>,
}

impl<T> Future<T> {
    /// Waits until the task is done and returns its outcome; every call returns the same one.
    ///
    /// # Errors
    ///
    /// A [`TaskError`] when the task has ended without a value.
    pub fn result(&self) -> Outcome<T> {
        todo!("wait until the outcome is there")
    }

    /// Waits no longer than `limit` for the outcome; `None` says that the task goes on.
    ///
    /// A limit of zero is a look. One that is too long for the clock is none.
    pub fn result_timeout(&self, limit: Duration) -> Option<Outcome<T>> {
        todo!("wait until the outcome is there or the time is over")
    }

    /// Whether the task has ended, with a value or without.
    pub fn is_done(&self) -> bool {
        todo!("look whether the outcome is there")
    }

    /// Cancels a task that has not begun, and says whether the task is cancelled.
    ///
    /// It is true again for a task that was cancelled before, and false for one that has begun or
    /// ended otherwise, to which nothing happens.
    pub fn cancel(&self) -> bool {
        todo!("end a pending task, and no other")
    }

    /// Has `callback` called once when the task is done: at once if it is, else by who ends it.
    ///
    /// Callbacks are called one after the other in the order in which they came, after all who wait
    /// were woken. They may use the future. A panic of one is caught, and the next is called.
    ///
    /// # Python
    ///
    /// `add_done_callback`; an exception in a callback is logged, as the panic hook does it here.
    pub fn on_done<F>(&self, callback: F)
    where
        F: FnOnce(&Future<T>) + Send + 'static,
    {
        todo!("keep the callback, or call it if there is nothing to wait for")
    }
}

impl<T> Clone for Future<T> {
    /// Another view of the same outcome.
    fn clone(&self) -> Self {
        todo!("share the task")
    }
}
