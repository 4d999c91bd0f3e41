//! Callbacks are all there is: a reader adds one of its own, which rings a bell that is the reader's alone.

use std::any::Any;
use std::collections::VecDeque;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::{fmt, mem};

use heddle::sync::{Arc, Condvar, Mutex};
use heddle::time::Duration;

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

/// What one reader waits at.
struct Bell<T> {
    outcome: Mutex<Option<Outcome<T>>>,
    rung: Condvar,
}

impl<T> Bell<T> {
    fn ring(&self, outcome: Outcome<T>) {
        *self.outcome.lock().expect("a bell is never poisoned") = Some(outcome);
        self.rung.notify_one();
    }
}

type Callback<T> = Box<dyn FnOnce(&Future<T>) + Send>;

/// Who is to hear of the end: readers first, as they come to the front.
struct Listeners<T> {
    bells: Vec<Arc<Bell<T>>>,
    callbacks: VecDeque<Callback<T>>,
    begun: bool,
}

/// Listeners until there is an outcome, and never again.
struct Shared<T> {
    open: Mutex<Result<Outcome<T>, Listeners<T>>>,
}

/// A view of the outcome.
pub struct Future<T> {
    shared: Arc<Shared<T>>,
}

/// The duty to run a task.
pub struct Promise<T> {
    running: Running<T>,
}

/// The duty to set the value of a task.
pub struct Running<T> {
    future: Future<T>,
}

/// Makes both ends of a task.
pub fn promise<T>() -> (Promise<T>, Future<T>) {
    let listeners = Listeners {
        bells: Vec::new(),
        callbacks: VecDeque::new(),
        begun: false,
    };
    let future = Future {
        shared: Arc::new(Shared {
            open: Mutex::new(Err(listeners)),
        }),
    };
    let running = Running {
        future: future.clone(),
    };
    (Promise { running }, future)
}

impl<T> Promise<T> {
    /// Begins the task unless it was cancelled.
    pub fn start(self) -> Option<Running<T>> {
        let begun = self.running.future.with(|open| match open {
            Ok(_) => false,
            Err(listeners) => {
                listeners.begun = true;
                true
            }
        });
        begun.then_some(self.running)
    }

    /// Begins the task and runs it.
    pub fn run<F>(self, task: F)
    where
        F: FnOnce() -> T,
    {
        if let Some(running) = self.start() {
            let mut text = None;
            let outcome = contain(
                || Arc::new(task()),
                |payload| {
                    text = match (
                        payload.downcast_ref::<&'static str>(),
                        payload.downcast_ref::<String>(),
                    ) {
                        (Some(text), _) => Some((*text).to_owned()),
                        (None, text) => text.cloned(),
                    };
                },
            );
            let outcome = outcome.ok_or_else(|| {
                let text = text.unwrap_or_else(|| "something else than a text".to_owned());
                TaskError::Panicked(text)
            });
            running.future.end(outcome, |_| true);
        }
    }
}

impl<T> Running<T> {
    /// Ends the task with a value.
    pub fn set(self, value: T) {
        self.future.end(Ok(Arc::new(value)), |_| true);
    }
}

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        self.future.end(Err(TaskError::Abandoned), |_| true);
    }
}

impl<T> Future<T> {
    /// Waits for the outcome.
    pub fn result(&self) -> Outcome<T> {
        self.result_timeout(Duration::MAX)
            .expect("nobody lives that long")
    }

    /// Waits for the outcome no longer than `limit`.
    pub fn result_timeout(&self, limit: Duration) -> Option<Outcome<T>> {
        let bell = Arc::new(Bell {
            outcome: Mutex::new(None),
            rung: Condvar::new(),
        });
        let there = self.with(|open| match open {
            Ok(outcome) => Some(outcome.clone()),
            Err(listeners) => {
                listeners.bells.push(Arc::clone(&bell));
                None
            }
        });
        if there.is_some() {
            return there;
        }
        let outcome = bell.outcome.lock().expect("a bell is never poisoned");
        let outcome = match limit {
            Duration::MAX => bell.rung.wait_while(outcome, |outcome| outcome.is_none()),
            limit => bell
                .rung
                .wait_timeout_while(outcome, limit, |outcome| outcome.is_none())
                .map(|waited| waited.0)
                .map_err(|_| unreachable!("a bell is never poisoned")),
        };
        let outcome = outcome.expect("a bell is never poisoned").clone();
        if outcome.is_none() {
            self.with(|open| {
                if let Err(listeners) = open {
                    listeners.bells.retain(|other| !Arc::ptr_eq(other, &bell));
                }
            });
        }
        outcome
    }

    /// Whether there is an outcome.
    pub fn is_done(&self) -> bool {
        self.with(|open| open.is_ok())
    }

    /// Cancels a task that has not begun.
    pub fn cancel(&self) -> bool {
        self.end(Err(TaskError::Cancelled), |listeners| !listeners.begun)
            || self.with(|open| matches!(open, Ok(Err(TaskError::Cancelled))))
    }

    /// Has the callback called when there is an outcome.
    pub fn on_done<F>(&self, callback: F)
    where
        F: FnOnce(&Future<T>) + Send + 'static,
    {
        let callback = self.with(|open| match open {
            Ok(_) => Some(callback),
            Err(listeners) => {
                listeners.callbacks.push_back(Box::new(callback));
                None
            }
        });
        if let Some(callback) = callback {
            contain(|| callback(self), |_| {});
        }
    }

    fn end(&self, outcome: Outcome<T>, may_end: fn(&Listeners<T>) -> bool) -> bool {
        let listeners = self.with(|open| match open {
            Err(listeners) if may_end(listeners) => {
                std::mem::replace(open, Ok(outcome.clone())).err()
            }
            _ => None,
        });
        let Some(mut listeners) = listeners else {
            return false;
        };
        for bell in &listeners.bells {
            bell.ring(outcome.clone());
        }
        while let Some(callback) = listeners.callbacks.pop_front() {
            contain(|| callback(self), |_| {});
        }
        true
    }

    fn with<R>(&self, look: impl FnOnce(&mut Result<Outcome<T>, Listeners<T>>) -> R) -> R {
        look(&mut self.shared.open.lock().expect("no look panics"))
    }
}

impl<T> Clone for Future<T> {
    fn clone(&self) -> Self {
        let shared = Arc::clone(&self.shared);
        Self { shared }
    }
}

/// Runs somebody else's code, and shows what it panics with before it is let go.
fn contain<R>(foreign: impl FnOnce() -> R, shown: impl FnOnce(&(dyn Any + Send))) -> Option<R> {
    let mut payload = match catch_unwind(AssertUnwindSafe(foreign)) {
        Ok(value) => return Some(value),
        Err(payload) => payload,
    };
    shown(&*payload);
    // As long as what is dropped panics in its turn; who never comes to an end is left where it is.
    for _ in 0..8 {
        match catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            Ok(()) => return None,
            Err(next) => payload = next,
        }
    }
    mem::forget(payload);
    None
}
