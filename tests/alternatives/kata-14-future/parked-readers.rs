//! Readers park, and the state has a list of them beside the list of callbacks.

use std::error::Error;
use std::fmt;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use heddle::sync::{Arc, Mutex, MutexGuard, PoisonError};
use heddle::thread::{self, Thread};
use heddle::time::{Duration, Instant};

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskError {
    /// The task was cancelled before it began.
    Cancelled,
    /// The task panicked with this text.
    Panicked(String),
    /// Whoever was to run the task is gone.
    Abandoned,
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no value: {self:?}")
    }
}

impl Error for TaskError {}

/// How a task ended.
pub type Outcome<T> = Result<Arc<T>, TaskError>;

type Callback<T> = Box<dyn FnOnce(&Future<T>) + Send>;

enum State<T> {
    Open {
        begun: bool,
        readers: Vec<Thread>,
        callbacks: Vec<Callback<T>>,
    },
    Closed(Outcome<T>),
}

/// A view of the outcome.
pub struct Future<T>(Arc<Mutex<State<T>>>);

/// The duty to run a task; empty once it was handed on.
pub struct Promise<T>(Option<Future<T>>);

/// The duty to set the value of a task that has begun; empty once it was set.
pub struct Running<T>(Option<Future<T>>);

/// Makes both ends of a task.
pub fn promise<T>() -> (Promise<T>, Future<T>) {
    let future = Future(Arc::new(Mutex::new(State::Open {
        begun: false,
        readers: Vec::new(),
        callbacks: Vec::new(),
    })));
    (Promise(Some(future.clone())), future)
}

impl<T> Promise<T> {
    /// Begins the task unless it was cancelled.
    pub fn start(mut self) -> Option<Running<T>> {
        let future = self.0.take()?;
        match &mut *future.lock() {
            State::Open { begun, .. } => *begun = true,
            State::Closed(_) => return None,
        }
        Some(Running(Some(future)))
    }

    /// Begins the task and runs it.
    pub fn run<F>(self, task: F)
    where
        F: FnOnce() -> T,
    {
        let Some(mut running) = self.start() else {
            return;
        };
        let caught = catch_unwind(AssertUnwindSafe(task));
        let outcome = caught.map(Arc::new).map_err(|payload| {
            let text = match payload.downcast::<String>() {
                Ok(text) => *text,
                Err(other) => match other.downcast::<&'static str>() {
                    Ok(text) => (*text).to_owned(),
                    Err(other) => {
                        mem::forget(other);
                        String::new()
                    }
                },
            };
            TaskError::Panicked(text)
        });
        if let Some(future) = running.0.take() {
            future.close(outcome, true);
        }
    }
}

impl<T> Running<T> {
    /// Ends the task with a value.
    pub fn set(mut self, value: T) {
        if let Some(future) = self.0.take() {
            future.close(Ok(Arc::new(value)), true);
        }
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        if let Some(future) = self.0.take() {
            future.close(Err(TaskError::Abandoned), false);
        }
    }
}

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        if let Some(future) = self.0.take() {
            future.close(Err(TaskError::Abandoned), true);
        }
    }
}

impl<T> Future<T> {
    /// Waits for the outcome.
    pub fn result(&self) -> Outcome<T> {
        self.read(None).expect("only a time limit ends it before")
    }

    /// Waits for the outcome no longer than `limit`.
    pub fn result_timeout(&self, limit: Duration) -> Option<Outcome<T>> {
        match Instant::now().checked_add(limit) {
            Some(deadline) => self.read(Some(deadline)),
            None => Some(self.result()),
        }
    }

    /// Whether there is an outcome.
    pub fn is_done(&self) -> bool {
        matches!(*self.lock(), State::Closed(_))
    }

    /// Cancels a task that has not begun.
    pub fn cancel(&self) -> bool {
        self.close(Err(TaskError::Cancelled), false)
    }

    /// Has the callback called when there is an outcome.
    pub fn on_done<F>(&self, callback: F)
    where
        F: FnOnce(&Future<T>) + Send + 'static,
    {
        let late = match &mut *self.lock() {
            State::Open { callbacks, .. } => {
                callbacks.push(Box::new(callback));
                None
            }
            State::Closed(_) => Some(callback),
        };
        if let Some(callback) = late {
            self.call(callback);
        }
    }

    /// Puts this thread on the list, looks, and sleeps until the next look.
    fn read(&self, deadline: Option<Instant>) -> Option<Outcome<T>> {
        let me = thread::current();
        if let State::Open { readers, .. } = &mut *self.lock() {
            readers.push(me.clone());
        }
        loop {
            match (&mut *self.lock(), deadline) {
                (State::Closed(outcome), _) => return Some(outcome.clone()),
                (State::Open { readers, .. }, Some(deadline)) if deadline <= Instant::now() => {
                    // One entry of this thread, of however many it has: it can be in here once only.
                    readers.retain(|reader| reader.id() != me.id());
                    return None;
                }
                _ => {}
            }
            match deadline {
                None => thread::park(),
                Some(deadline) => {
                    thread::park_timeout(deadline.saturating_duration_since(Instant::now()));
                }
            }
        }
    }

    /// Closes the state for one that has begun or for one that has not; says if the outcome is in it.
    fn close(&self, outcome: Outcome<T>, of_begun: bool) -> bool {
        let mut state = self.lock();
        match &*state {
            State::Open { begun, .. } if *begun == of_begun => {}
            State::Open { .. } => return false,
            State::Closed(Err(there)) => return outcome.err().as_ref() == Some(there),
            State::Closed(Ok(_)) => return false,
        }
        let before = mem::replace(&mut *state, State::Closed(outcome));
        drop(state);
        if let State::Open {
            readers, callbacks, ..
        } = before
        {
            readers.iter().for_each(Thread::unpark);
            for callback in callbacks {
                self.call(callback);
            }
        }
        true
    }

    fn call(&self, callback: impl FnOnce(&Self)) {
        // Nobody reads what it panics with, and a drop of that might panic.
        mem::forget(catch_unwind(AssertUnwindSafe(|| callback(self))));
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Future<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
