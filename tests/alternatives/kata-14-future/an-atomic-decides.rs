//! One atomic decides who may do what; the outcome and the callbacks have a lock each.

use std::error::Error;
use std::fmt;
use std::mem::forget;
use std::panic::{AssertUnwindSafe, catch_unwind};

use heddle::sync::atomic::{AtomicU8, Ordering};
use heddle::sync::{Arc, Condvar, Mutex};
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

const PENDING: u8 = 0;
const RUNNING: u8 = 1;
/// Somebody has won the right to store the outcome, and nobody else will.
const ENDING: u8 = 2;

type Callbacks<T> = Vec<Box<dyn FnOnce(&Future<T>) + Send>>;

struct Core<T> {
    stage: AtomicU8,
    outcome: Mutex<Option<Outcome<T>>>,
    there: Condvar,
    /// `None` from the moment in which they are called.
    callbacks: Mutex<Option<Callbacks<T>>>,
}

/// A view of the outcome.
pub struct Future<T>(Arc<Core<T>>);

/// The duty to run a task.
pub struct Promise<T>(Guard<T>);

/// The duty to set the value of a task.
pub struct Running<T>(Guard<T>);

struct Guard<T> {
    future: Future<T>,
    stage: u8,
}

impl<T> Drop for Guard<T> {
    fn drop(&mut self) {
        self.future.end(self.stage, Err(TaskError::Abandoned));
    }
}

/// Makes both ends of a task.
pub fn promise<T>() -> (Promise<T>, Future<T>) {
    let future = Future(Arc::new(Core {
        stage: AtomicU8::new(PENDING),
        outcome: Mutex::new(None),
        there: Condvar::new(),
        callbacks: Mutex::new(Some(Vec::new())),
    }));
    let guard = Guard {
        future: future.clone(),
        stage: PENDING,
    };
    (Promise(guard), future)
}

impl<T> Promise<T> {
    /// Begins the task unless it was cancelled.
    pub fn start(mut self) -> Option<Running<T>> {
        let begun = self.0.future.step(PENDING, RUNNING);
        self.0.stage = RUNNING;
        begun.then_some(Running(self.0))
    }

    /// Begins the task and runs it.
    pub fn run<F>(self, task: F)
    where
        F: FnOnce() -> T,
    {
        let Some(Running(guard)) = self.start() else {
            return;
        };
        let outcome = catch_unwind(AssertUnwindSafe(task)).map(Arc::new);
        let outcome = outcome.map_err(|payload| {
            let literal = payload
                .downcast_ref::<&'static str>()
                .map(|it| (*it).into());
            let text = literal.or_else(|| payload.downcast_ref::<String>().cloned());
            forget(payload);
            TaskError::Panicked(text.unwrap_or_default())
        });
        guard.future.end(RUNNING, outcome);
    }
}

impl<T> Running<T> {
    /// Ends the task with a value.
    pub fn set(self, value: T) {
        self.0.future.end(RUNNING, Ok(Arc::new(value)));
    }
}

impl<T> Future<T> {
    /// Waits for the outcome.
    pub fn result(&self) -> Outcome<T> {
        let mut outcome = self.0.outcome.lock().expect("never poisoned");
        loop {
            match &*outcome {
                Some(outcome) => return outcome.clone(),
                None => outcome = self.0.there.wait(outcome).expect("never poisoned"),
            }
        }
    }

    /// Waits for the outcome no longer than `limit`.
    pub fn result_timeout(&self, limit: Duration) -> Option<Outcome<T>> {
        let Some(deadline) = Instant::now().checked_add(limit) else {
            return Some(self.result());
        };
        let mut outcome = self.0.outcome.lock().expect("never poisoned");
        while outcome.is_none() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let waited = self.0.there.wait_timeout(outcome, left);
            outcome = waited.expect("never poisoned").0;
        }
        outcome.clone()
    }

    /// Whether there is an outcome.
    pub fn is_done(&self) -> bool {
        self.0.outcome.lock().expect("never poisoned").is_some()
    }

    /// Cancels a task that has not begun.
    pub fn cancel(&self) -> bool {
        // A loser waits for what the winner is about to store, unless the task runs.
        self.end(PENDING, Err(TaskError::Cancelled))
            || self.0.stage.load(Ordering::Relaxed) == ENDING
                && self.result().err() == Some(TaskError::Cancelled)
    }

    /// Has the callback called when there is an outcome.
    pub fn on_done<F>(&self, callback: F)
    where
        F: FnOnce(&Future<T>) + Send + 'static,
    {
        let mut callbacks = self.0.callbacks.lock().expect("never poisoned");
        match &mut *callbacks {
            Some(callbacks) => callbacks.push(Box::new(callback)),
            None => {
                drop(callbacks);
                let _ = catch_unwind(AssertUnwindSafe(|| callback(self))).map_err(forget);
            }
        }
    }

    fn step(&self, from: u8, to: u8) -> bool {
        // ORDERING: Relaxed: it only decides who goes on. What they leave is read under the locks.
        let (won, lost) = (Ordering::Relaxed, Ordering::Relaxed);
        self.0.stage.compare_exchange(from, to, won, lost).is_ok()
    }

    fn end(&self, from: u8, outcome: Outcome<T>) -> bool {
        let won = self.step(from, ENDING);
        if won {
            *self.0.outcome.lock().expect("never poisoned") = Some(outcome);
            self.0.there.notify_all();
            let callbacks = self.0.callbacks.lock().expect("never poisoned").take();
            for callback in callbacks.into_iter().flatten() {
                let _ = catch_unwind(AssertUnwindSafe(|| callback(self))).map_err(forget);
            }
        }
        won
    }
}

impl<T> Clone for Future<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
