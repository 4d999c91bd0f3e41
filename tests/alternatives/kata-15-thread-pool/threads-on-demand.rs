//! Threads are started by submits and counted instead of joined; ends are told to callbacks.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use heddle::sync::{Arc, Condvar, Mutex, MutexGuard};
use heddle::thread::{self, ThreadId};

/// Why a task has no value.
#[derive(Debug)]
pub enum TaskError {
    /// It was cancelled.
    Cancelled,
    /// It panicked.
    Panicked(Box<dyn Any + Send>),
}

/// What happens to the tasks that have not begun.
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
    /// For all workers.
    Workers,
    /// For nothing.
    Nothing,
}

type Job = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Office {
    /// By number, so that a cancel can find them.
    jobs: BTreeMap<u64, Job>,
    submitted: u64,
    idle: usize,
    workers: Vec<ThreadId>,
    starting: usize,
    closed: bool,
}

struct Shared {
    office: Mutex<Office>,
    work: Condvar,
    gone: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Office> {
        self.office.lock().expect("the office is never poisoned")
    }

    fn work(&self) {
        let mut office = self.lock();
        office.starting -= 1;
        office.workers.push(thread::current().id());
        loop {
            if let Some((_, job)) = office.jobs.pop_first() {
                drop(office);
                contain(job);
                office = self.lock();
            } else if office.closed {
                break;
            } else {
                office.idle += 1;
                office = self
                    .work
                    .wait(office)
                    .expect("the office is never poisoned");
                office.idle -= 1;
            }
        }
        let me = thread::current().id();
        office.workers.retain(|&worker| worker != me);
        self.gone.notify_all();
    }
}

/// Runs somebody else's code, and drops what it panics with, and what that panics with.
fn contain(foreign: Box<dyn FnOnce()>) {
    let mut foreign = foreign;
    while let Err(payload) = catch_unwind(AssertUnwindSafe(foreign)) {
        foreign = Box::new(move || drop(payload));
    }
}

/// Threads that run tasks.
pub struct Pool {
    shared: Arc<Shared>,
    most: usize,
    waits: bool,
}

impl Pool {
    /// A pool without a thread as yet.
    pub fn new(workers: NonZeroUsize) -> Self {
        Self {
            shared: Arc::new(Shared {
                office: Mutex::new(Office::default()),
                work: Condvar::new(),
                gone: Condvar::new(),
            }),
            most: workers.get(),
            waits: true,
        }
    }

    /// Queues a task, and starts a thread for it if nobody is idle and there may be one more.
    pub fn submit<F, T>(&self, task: F) -> Future<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let cell = Arc::new(Cell {
            inner: Mutex::new(Inner {
                settled: false,
                outcome: None,
                callback: None,
            }),
        });
        let promise = Promise(Arc::clone(&cell));
        let mut office = self.shared.lock();
        let number = office.submitted;
        office.submitted += 1;
        office
            .jobs
            .insert(number, Box::new(move || promise.keep(task)));
        self.shared.work.notify_one();
        let threads = office.workers.len() + office.starting;
        if office.jobs.len() > office.idle + office.starting && threads < self.most {
            office.starting += 1;
            let shared = Arc::clone(&self.shared);
            drop(thread::spawn(move || shared.work()));
        }
        Future { cell }
    }

    /// Submits as many inputs as may be ahead.
    pub fn map<'p, I, F, T>(&'p self, inputs: I, ahead: NonZeroUsize, task: F) -> Map<'p, T>
    where
        I: IntoIterator<Item: Send + 'static, IntoIter: 'p>,
        F: Fn(I::Item) -> T + Send + Sync + 'static,
        T: Send + 'static,
    {
        let (task, mut inputs) = (Arc::new(task), inputs.into_iter());
        let mut ended = false;
        let mut more = move |room: usize, window: &mut VecDeque<Future<T>>| {
            while !ended && window.len() < room {
                match inputs.next() {
                    Some(input) => {
                        let task = Arc::clone(&task);
                        window.push_back(self.submit(move || task(input)));
                    }
                    None => ended = true,
                }
            }
        };
        let mut window = VecDeque::new();
        more(ahead.get(), &mut window);
        Map {
            ahead: ahead.get(),
            window,
            more: Box::new(more),
        }
    }

    /// Ends the pool.
    pub fn shutdown(mut self, wait: Wait, pending: Pending) {
        self.waits = wait == Wait::Workers;
        let next = || match pending {
            Pending::Run => None,
            Pending::Cancel => self.shared.lock().jobs.pop_first(),
        };
        while let Some(job) = next() {
            contain(Box::new(move || drop(job)));
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut office = self.shared.lock();
        office.closed = true;
        self.shared.work.notify_all();
        let me = thread::current().id();
        while self.waits
            && (office.starting > 0 || office.workers.iter().any(|&worker| worker != me))
        {
            office = self
                .shared
                .gone
                .wait(office)
                .expect("the office is never poisoned");
        }
    }
}

struct Cell<T> {
    inner: Mutex<Inner<T>>,
}

struct Inner<T> {
    /// Begun or cancelled.
    settled: bool,
    outcome: Option<Result<T, TaskError>>,
    callback: Option<Box<dyn FnOnce() + Send>>,
}

impl<T> Cell<T> {
    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().expect("a cell is never poisoned")
    }

    fn begin(&self) -> bool {
        !std::mem::replace(&mut self.lock().settled, true)
    }

    /// Cancels what has not begun in one step, and says whether it is cancelled.
    fn cancel(&self) -> bool {
        let mut inner = self.lock();
        if std::mem::replace(&mut inner.settled, true) {
            return matches!(inner.outcome, Some(Err(TaskError::Cancelled)));
        }
        Self::end(inner, Err(TaskError::Cancelled));
        true
    }

    fn end(mut inner: MutexGuard<'_, Inner<T>>, outcome: Result<T, TaskError>) {
        inner.outcome = Some(outcome);
        let callback = inner.callback.take();
        drop(inner);
        if let Some(callback) = callback {
            callback();
        }
    }

    /// Has the callback called when there is an outcome.
    fn then(&self, callback: impl FnOnce() + Send + 'static) {
        let mut inner = self.lock();
        match inner.outcome {
            None => inner.callback = Some(Box::new(callback)),
            Some(_) => {
                drop(inner);
                callback();
            }
        }
    }
}

struct Promise<T>(Arc<Cell<T>>);

impl<T> Promise<T> {
    fn keep(self, task: impl FnOnce() -> T) {
        if self.0.begin() {
            let outcome = catch_unwind(AssertUnwindSafe(task));
            Cell::end(self.0.lock(), outcome.map_err(TaskError::Panicked));
        }
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// The outcome of a task.
pub struct Future<T> {
    cell: Arc<Cell<T>>,
}

impl<T> Future<T> {
    /// Waits at a bell of its own that a callback rings.
    pub fn result(self) -> Result<T, TaskError> {
        let bell = Arc::new((Mutex::new(false), Condvar::new()));
        let rings = Arc::clone(&bell);
        self.cell.then(move || {
            *rings.0.lock().expect("a bell is never poisoned") = true;
            rings.1.notify_one();
        });
        let rung = bell.0.lock().expect("a bell is never poisoned");
        drop(bell.1.wait_while(rung, |rung| !*rung));
        let outcome = self.cell.lock().outcome.take();
        outcome.expect("the bell has rung")
    }

    /// Whether the task has ended.
    pub fn is_done(&self) -> bool {
        self.cell.lock().outcome.is_some()
    }

    /// Cancels a task that has not begun.
    pub fn cancel(&self) -> bool {
        self.cell.cancel()
    }
}

type More<'p, T> = Box<dyn FnMut(usize, &mut VecDeque<Future<T>>) + 'p>;

/// The outcomes of one task for many inputs.
pub struct Map<'p, T> {
    ahead: usize,
    window: VecDeque<Future<T>>,
    more: More<'p, T>,
}

impl<T> Iterator for Map<'_, T> {
    type Item = Result<T, TaskError>;

    fn next(&mut self) -> Option<Self::Item> {
        let outcome = self.window.pop_front()?.result();
        (self.more)(self.ahead, &mut self.window);
        Some(outcome)
    }
}

impl<T> Drop for Map<'_, T> {
    fn drop(&mut self) {
        self.window.iter().for_each(|future| {
            future.cancel();
        });
    }
}

struct Mail {
    ended: Mutex<VecDeque<usize>>,
    came: Condvar,
}

/// The outcomes of several tasks as they end.
pub struct AsCompleted<T> {
    futures: BTreeMap<usize, Future<T>>,
    mail: Arc<Mail>,
}

/// Has each future send its place when it ends.
pub fn as_completed<I, T>(futures: I) -> AsCompleted<T>
where
    I: IntoIterator<Item = Future<T>>,
{
    let mail = Arc::new(Mail {
        ended: Mutex::new(VecDeque::new()),
        came: Condvar::new(),
    });
    let futures: BTreeMap<_, _> = futures.into_iter().enumerate().collect();
    for (&index, future) in &futures {
        let mail = Arc::clone(&mail);
        future.cell.then(move || {
            mail.ended
                .lock()
                .expect("mail is never poisoned")
                .push_back(index);
            mail.came.notify_all();
        });
    }
    AsCompleted { futures, mail }
}

impl<T> Iterator for AsCompleted<T> {
    type Item = (usize, Result<T, TaskError>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.futures.is_empty() {
            return None;
        }
        let ended = self.mail.ended.lock().expect("mail is never poisoned");
        let ended = self.mail.came.wait_while(ended, |ended| ended.is_empty());
        let index = ended.expect("mail is never poisoned").pop_front()?;
        let future = self.futures.remove(&index)?;
        Some((index, future.result()))
    }
}
