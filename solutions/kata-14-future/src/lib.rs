//! The outcome of a task that another thread runs: to be waited for, called back about, or cancelled.
//!
//! A [`Promise`] is the duty to run the task, and there is one. A [`Future`] is a view of its outcome,
//! and there may be many. Both lead to one state, which goes from pending to running to done.

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
    // stub: todo "a pending task, seen from both sides"
    let state = State {
        stage: Stage::Pending,
        callbacks: Vec::new(),
    };
    let future = Future {
        task: Arc::new(Task {
            state: Mutex::new(state),
            done: Condvar::new(),
        }),
    };
    let duty = Duty(future.clone());
    (Promise { duty }, future)
}

/// The duty to run a task that has not begun.
///
/// Dropping it abandons the task: [`TaskError::Abandoned`], unless it was cancelled.
pub struct Promise<T> {
    // stub: insert future: Future<T>,
    // stub: omit
    duty: Duty<T>,
}

impl<T> Promise<T> {
    /// Begins the task, or returns `None` because it was cancelled. From here on it cannot be.
    ///
    /// # Python
    ///
    /// `set_running_or_notify_cancel()`.
    #[must_use = "dropping what it returns abandons the task"]
    pub fn start(self) -> Option<Running<T>> {
        // stub: todo "pending becomes running, unless a cancel was faster"
        let Self { duty } = self;
        duty.begin().then_some(Running { duty })
    }

    /// Begins the task, runs it in this thread, and keeps its value or its panic for the futures.
    ///
    /// A task that was cancelled is dropped and not run. A panic of the task ends here, whatever its
    /// payload does when it is dropped: the caller goes on with its next task.
    pub fn run<F>(self, task: F)
    where
        F: FnOnce() -> T,
    {
        // stub: todo "start, call the task, and set what came of it"
        let Some(running) = self.start() else {
            return;
        };
        // UNWIND SAFETY: what the task left half done is its own; here it is only dropped.
        match catch_unwind(AssertUnwindSafe(task)) {
            Ok(value) => running.set(value),
            Err(payload) => {
                running.duty.end(Err(TaskError::Panicked(text(&*payload))));
                discard(payload);
            }
        }
    }
}

/// The duty to set the value of a task that has begun.
///
/// Dropping it instead abandons the task.
pub struct Running<T> {
    // stub: insert future: Future<T>,
    // stub: omit
    duty: Duty<T>,
}

impl<T> Running<T> {
    /// Ends the task with a value: wakes all who wait, and then calls the callbacks.
    pub fn set(self, value: T) {
        // stub: todo "end the task with the value"
        self.duty.end(Ok(Arc::new(value)));
    }
}

// stub: omit
/// What a promise and a running task have in common: one that is dropped ends the task.
struct Duty<T>(Future<T>);

// stub: omit
impl<T> Duty<T> {
    /// Makes a pending task a running one, and says whether it was pending.
    fn begin(&self) -> bool {
        let mut state = self.0.lock();
        let pending = matches!(state.stage, Stage::Pending);
        if pending {
            state.stage = Stage::Running;
        }
        pending
    }

    /// Ends the task unless it has ended.
    fn end(&self, outcome: Outcome<T>) {
        let state = self.0.lock();
        if state.outcome().is_none() {
            self.0.end_locked(state, outcome);
        }
    }
}

// stub: omit
impl<T> Drop for Duty<T> {
    fn drop(&mut self) {
        self.end(Err(TaskError::Abandoned));
    }
}

/// A view of a task's outcome, which can be cloned and waited for in any number of threads.
///
/// # Python
///
/// `concurrent.futures.Future` as its readers use it.
pub struct Future<T> {
    // stub: insert value: std::marker::PhantomData<Arc<T>>,
    // stub: omit
    task: Arc<Task<T>>,
}

// stub: omit
struct Task<T> {
    state: Mutex<State<T>>,
    /// Waited for by all who ask for the outcome, notified when it is there.
    done: Condvar,
}

// stub: omit
struct State<T> {
    stage: Stage<T>,
    /// In the order in which they came; empty when the task is done.
    callbacks: Vec<Callback<T>>,
}

// stub: omit
/// | stage     | `start`   | `cancel`         | `end`  |
/// | --------- | --------- | ---------------- | ------ |
/// | `Pending` | `Running` | `Done`, and true | `Done` |
/// | `Running` | cannot be | false            | `Done` |
/// | `Done`    | refuses   | if cancelled     | stays  |
enum Stage<T> {
    Pending,
    Running,
    Done(Outcome<T>),
}

// stub: omit
type Callback<T> = Box<dyn FnOnce(&Future<T>) + Send>;

// stub: omit
impl<T> State<T> {
    fn outcome(&self) -> Option<&Outcome<T>> {
        match &self.stage {
            Stage::Done(outcome) => Some(outcome),
            Stage::Pending | Stage::Running => None,
        }
    }
}

impl<T> Future<T> {
    /// Waits until the task is done and returns its outcome; every call returns the same one.
    ///
    /// # Errors
    ///
    /// A [`TaskError`] when the task has ended without a value.
    pub fn result(&self) -> Outcome<T> {
        // stub: todo "wait until the outcome is there"
        let done = &self.task.done;
        let state = done.wait_while(self.lock(), |state| state.outcome().is_none());
        let state = state.expect(NO_PANIC);
        state
            .outcome()
            .cloned()
            .expect("the wait ends when it is done")
    }

    /// Waits no longer than `limit` for the outcome; `None` says that the task goes on.
    ///
    /// A limit of zero is a look. One that is too long for the clock is none.
    pub fn result_timeout(&self, limit: Duration) -> Option<Outcome<T>> {
        // stub: todo "wait until the outcome is there or the time is over"
        let pending = |state: &mut State<T>| state.outcome().is_none();
        let ended = self
            .task
            .done
            .wait_timeout_while(self.lock(), limit, pending);
        let (state, _) = ended.expect(NO_PANIC);
        state.outcome().cloned()
    }

    /// Whether the task has ended, with a value or without.
    pub fn is_done(&self) -> bool {
        // stub: todo "look whether the outcome is there"
        self.lock().outcome().is_some()
    }

    /// Cancels a task that has not begun, and says whether the task is cancelled.
    ///
    /// It is true again for a task that was cancelled before, and false for one that has begun or
    /// ended otherwise, to which nothing happens.
    pub fn cancel(&self) -> bool {
        // stub: todo "end a pending task, and no other"
        let state = self.lock();
        match &state.stage {
            Stage::Pending => self.end_locked(state, Err(TaskError::Cancelled)),
            Stage::Running => return false,
            Stage::Done(outcome) => return matches!(outcome, Err(TaskError::Cancelled)),
        }
        true
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
        // stub: todo "keep the callback, or call it if there is nothing to wait for"
        let mut state = self.lock();
        if state.outcome().is_none() {
            state.callbacks.push(Box::new(callback));
        } else {
            drop(state);
            self.call(callback);
        }
    }

    // stub: omit
    /// Ends a task that has not ended; the state is unlocked before anybody else's code runs.
    fn end_locked(&self, mut state: MutexGuard<'_, State<T>>, outcome: Outcome<T>) {
        // In one step: whoever comes now either is in this list or finds the outcome.
        state.stage = Stage::Done(outcome);
        let callbacks = mem::take(&mut state.callbacks);
        drop(state);
        self.task.done.notify_all();
        for callback in callbacks {
            self.call(callback);
        }
    }

    // stub: omit
    fn call(&self, callback: impl FnOnce(&Self)) {
        // UNWIND SAFETY: the state is not locked, so nothing of the future can be half done. The panic
        // hook has told of the panic, and there is nobody else to tell.
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| callback(self))) {
            discard(payload);
        }
    }

    // stub: omit
    #[track_caller] // A schedule then shows where the lock was taken, and not this line.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.task.state.lock().expect(NO_PANIC)
    }
}

// stub: omit
const NO_PANIC: &str = "nothing panics while it holds the state";

impl<T> Clone for Future<T> {
    /// Another view of the same outcome.
    fn clone(&self) -> Self {
        // stub: todo "share the task"
        Self {
            task: Arc::clone(&self.task),
        }
    }
}

// stub: omit
/// The text of a panic: `panic!("words")` carries a `&str`, one with arguments a `String`.
fn text(payload: &(dyn Any + Send)) -> String {
    let words = payload.downcast_ref::<&str>().copied();
    let text = words.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a payload that is no text").to_owned()
}

// stub: omit
/// Drops what somebody else's code has panicked with, which is their code as well and may panic.
fn discard(payload: Box<dyn Any + Send>) {
    // The payload of that panic might panic in its turn, and so on: this one is never dropped.
    mem::forget(catch_unwind(AssertUnwindSafe(|| drop(payload))));
}
