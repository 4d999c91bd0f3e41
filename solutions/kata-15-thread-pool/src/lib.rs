//! A fixed number of threads that run any number of tasks, and the futures of what they return.
//!
//! A task and its [`Future`] share a slot, in which the outcome is left: a value, a panic, or a cancel.

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
pub struct Pool {
    // stub: omit
    jobs: Arc<Queue<Job>>,
    // stub: omit
    workers: Vec<JoinHandle<()>>,
}

// stub: omit
/// A task with its duty to leave an outcome: to be called, or to be dropped.
type Job = Box<dyn FnOnce() + Send>;

impl Pool {
    /// A pool of that many workers.
    ///
    /// # Panics
    ///
    /// When the system cannot make another thread.
    pub fn new(workers: NonZeroUsize) -> Self {
        // stub: todo "start the workers, each of which takes jobs until there will be no more"
        let (jobs, most) = (Arc::new(Queue::new()), workers.get());
        let workers = Vec::new();
        let mut pool = Self { jobs, workers };
        for number in 0..most {
            let (jobs, name) = (Arc::clone(&pool.jobs), format!("worker-{number}"));
            let worker = Builder::new().name(name).spawn(move || work(&jobs));
            pool.workers.push(worker.expect("no thread to be had"));
        }
        pool
    }

    /// Has a worker run `task`, after those that were submitted before, and returns at once.
    ///
    /// A panic of the task is caught and kept for the future. What it captured is dropped before it is done.
    pub fn submit<F, T>(&self, task: F) -> Future<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        // stub: todo "put the task into the queue with one end of a slot, and return the other end"
        let state = State {
            pending: true,
            outcome: None,
            watcher: None,
        };
        let (state, done) = (Mutex::new(state), Condvar::new());
        let slot = Arc::new(Slot { state, done });
        let duty = Duty(Arc::clone(&slot));
        self.jobs.push(Box::new(move || duty.0.run(task)));
        Future { slot }
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
        // stub: todo "submit the first inputs, as many as may be ahead"
        let task = Arc::new(task);
        let submit = move |input| {
            let task = Arc::clone(&task);
            self.submit(move || task(input))
        };
        let mut futures = inputs.into_iter().map(submit).fuse();
        Map {
            submitted: futures.by_ref().take(ahead.get()).collect(),
            futures: Box::new(futures),
        }
    }

    /// Ends the pool; tasks that run are never interrupted.
    pub fn shutdown(mut self, wait: Wait, pending: Pending) {
        // stub: todo "empty the queue or leave it, join the workers or forget them"
        if pending == Pending::Cancel {
            let pending = mem::take(&mut lock(&self.jobs.items).waiting);
            // Somebody else's code: it runs with nothing locked, and each by itself.
            pending.into_iter().for_each(|job| contain(|| drop(job)));
        }
        if wait == Wait::Nothing {
            self.workers.clear();
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // stub: todo "say that nothing more will come, and wait for the workers"
        self.jobs.close();
        for worker in self.workers.drain(..) {
            // The last owner of a pool may be one of its tasks, and no thread can wait for itself.
            if worker.thread().id() != thread::current().id() {
                let _ = worker.join();
            }
        }
    }
}

// stub: omit
fn work(jobs: &Queue<Job>) {
    while let Some(job) = jobs.take() {
        contain(job);
    }
}

// stub: omit
/// Runs or drops a job. A panic of the task is in its slot; any other is of something that was dropped.
fn contain(job: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(job)) {
        // That has a drop as well, and so has what it panics with: this one is never dropped.
        mem::forget(catch_unwind(AssertUnwindSafe(|| drop(payload))));
    }
}

/// The outcome of a task, for one reader.
pub struct Future<T> {
    // stub: insert value: std::marker::PhantomData<fn() -> T>,
    // stub: omit
    slot: Arc<Slot<T>>,
}

impl<T> Future<T> {
    /// Waits until the task has ended and takes its outcome.
    ///
    /// # Errors
    ///
    /// A [`TaskError`] when the task has ended without a value.
    pub fn result(self) -> Result<T, TaskError> {
        // stub: todo "wait for the outcome and take it"
        let done = &self.slot.done;
        let state = done.wait_while(lock(&self.slot.state), |state| state.outcome.is_none());
        let outcome = state.expect(NO_PANIC).outcome.take();
        outcome.expect("the wait ends with an outcome")
    }

    /// Whether the task has ended, with a value or without.
    pub fn is_done(&self) -> bool {
        // stub: todo "look whether the outcome is there"
        lock(&self.slot.state).outcome.is_some()
    }

    /// Cancels a task that has not begun, and says whether the task is cancelled.
    ///
    /// It is true again for one that was cancelled before, and false for one that has begun.
    pub fn cancel(&self) -> bool {
        // stub: todo "leave an outcome if the task has not begun"
        self.slot.cancel()
    }
}

// stub: omit
/// Where a task leaves its outcome.
struct Slot<T> {
    state: Mutex<State<T>>,
    done: Condvar,
}

// stub: omit
struct State<T> {
    /// Whether it is still to be decided if the task is run; who makes it false has decided.
    pending: bool,
    outcome: Option<Result<T, TaskError>>,
    /// Where to announce the outcome, and as which one.
    watcher: Option<(Arc<Queue<usize>>, usize)>,
}

// stub: omit
impl<T> Slot<T> {
    /// Runs the task if it is pending.
    fn run(&self, task: impl FnOnce() -> T) {
        if mem::take(&mut lock(&self.state).pending) {
            // UNWIND SAFETY: nobody looks at the task again; what it shares is its own business.
            let outcome = catch_unwind(AssertUnwindSafe(task)).map_err(TaskError::Panicked);
            self.end(lock(&self.state), outcome);
        }
    }

    /// Cancels the task if it is pending, and says whether it is cancelled.
    fn cancel(&self) -> bool {
        let mut state = lock(&self.state);
        if mem::take(&mut state.pending) {
            self.end(state, Err(TaskError::Cancelled));
            return true;
        }
        matches!(state.outcome, Some(Err(TaskError::Cancelled)))
    }

    /// Leaves the outcome, and tells who waits for it.
    fn end(&self, mut state: MutexGuard<'_, State<T>>, outcome: Result<T, TaskError>) {
        state.outcome = Some(outcome);
        let watcher = state.watcher.take();
        drop(state);
        self.done.notify_one();
        if let Some((arrivals, index)) = watcher {
            arrivals.push(index);
        }
    }

    /// Has `index` put into `arrivals` when there is an outcome: now, or by who leaves it.
    fn watch(&self, arrivals: &Arc<Queue<usize>>, index: usize) {
        let mut state = lock(&self.state);
        if state.outcome.is_some() {
            arrivals.push(index);
        } else {
            state.watcher = Some((Arc::clone(arrivals), index));
        }
    }
}

// stub: omit
/// The duty to leave an outcome: a task that is dropped before it was run is cancelled.
struct Duty<T>(Arc<Slot<T>>);

// stub: omit
impl<T> Drop for Duty<T> {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// The outcomes of one task for many inputs; see [`Pool::map`].
pub struct Map<'p, T> {
    // stub: insert pool: &'p Pool,
    /// The futures of the inputs that were taken, the oldest first.
    submitted: VecDeque<Future<T>>,
    // stub: omit
    /// Takes and submits an input for each future that it gives.
    futures: Box<dyn Iterator<Item = Future<T>> + 'p>,
}

impl<T> Iterator for Map<'_, T> {
    type Item = Result<T, TaskError>;

    /// Waits for the outcome of the next input.
    fn next(&mut self) -> Option<Self::Item> {
        // stub: todo "wait for the oldest future, and let another input take its place"
        let outcome = self.submitted.pop_front()?.result();
        self.submitted.extend(self.futures.next());
        Some(outcome)
    }
}

impl<T> Drop for Map<'_, T> {
    fn drop(&mut self) {
        // stub: todo "cancel what has not begun"
        for future in &self.submitted {
            future.cancel();
        }
    }
}

/// The outcomes of several tasks in the order in which they end; see [`as_completed`].
pub struct AsCompleted<T> {
    // stub: insert futures: Vec<Future<T>>,
    // stub: omit
    futures: Vec<Option<Future<T>>>,
    // stub: omit
    arrivals: Arc<Queue<usize>>,
    // stub: omit
    left: usize,
}

/// Gives the outcomes of the futures as they come, each with the place of its future in `futures`.
///
/// Those that are done already come first. Dropping what this returns leaves the tasks alone.
pub fn as_completed<I, T>(futures: I) -> AsCompleted<T>
where
    I: IntoIterator<Item = Future<T>>,
{
    // stub: todo "have each future announce its end"
    let futures: Vec<_> = futures.into_iter().collect();
    let arrivals = Arc::new(Queue::new());
    for (index, future) in futures.iter().enumerate() {
        future.slot.watch(&arrivals, index);
    }
    AsCompleted {
        left: futures.len(),
        futures: futures.into_iter().map(Some).collect(),
        arrivals,
    }
}

impl<T> Iterator for AsCompleted<T> {
    type Item = (usize, Result<T, TaskError>);

    /// Waits for the next task that ends.
    fn next(&mut self) -> Option<Self::Item> {
        // stub: todo "wait for the next announcement, unless all have been given"
        self.left = self.left.checked_sub(1)?;
        let index = self.arrivals.take()?;
        let future = self.futures[index].take()?;
        Some((index, future.result()))
    }
}

// stub: omit
/// A queue that can be told that nothing more will come.
struct Queue<T> {
    items: Mutex<Items<T>>,
    changed: Condvar,
}

// stub: omit
struct Items<T> {
    waiting: VecDeque<T>,
    closed: bool,
}

// stub: omit
impl<T> Queue<T> {
    fn new() -> Self {
        let (waiting, closed) = (VecDeque::new(), false);
        let items = Mutex::new(Items { waiting, closed });
        let changed = Condvar::new();
        Self { items, changed }
    }

    fn push(&self, item: T) {
        lock(&self.items).waiting.push_back(item);
        // Each item is for one taker, and each item wakes one.
        self.changed.notify_one();
    }

    /// Waits for the oldest item; `None` when the queue is closed and empty.
    fn take(&self) -> Option<T> {
        let none_yet = |items: &mut Items<T>| items.waiting.is_empty() && !items.closed;
        let items = self.changed.wait_while(lock(&self.items), none_yet);
        items.expect(NO_PANIC).waiting.pop_front()
    }

    /// Says that nothing more will come: whoever waits for that is woken.
    fn close(&self) {
        lock(&self.items).closed = true;
        self.changed.notify_all();
    }
}

// stub: omit
const NO_PANIC: &str = "nothing panics while it holds a lock";

// stub: omit
#[track_caller] // A schedule then shows where the lock was taken, and not this line.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect(NO_PANIC)
}
