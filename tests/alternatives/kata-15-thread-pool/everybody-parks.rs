//! No condition variable: idle workers stand in a list and park, and so does each reader.

use std::any::Any;
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};

use heddle::sync::{Arc, Mutex};
use heddle::thread::{self, JoinHandle, Thread};

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

/// What a worker may do to a task.
trait Job: Send {
    fn run(self: Box<Self>);
    fn give_up(self: Box<Self>);
}

struct Work<F, T> {
    task: F,
    slot: Arc<Slot<T>>,
}

impl<F: FnOnce() -> T + Send, T: Send> Job for Work<F, T> {
    fn run(self: Box<Self>) {
        let Self { task, slot } = *self;
        if slot.begin() {
            let outcome = catch_unwind(AssertUnwindSafe(task));
            slot.end(outcome.map_err(TaskError::Panicked));
        }
    }

    fn give_up(self: Box<Self>) {
        self.slot.cancel();
    }
}

struct Desk {
    jobs: VecDeque<Box<dyn Job>>,
    idle: Vec<Thread>,
    closing: bool,
}

/// Threads that run tasks.
pub struct Pool {
    desk: Arc<Mutex<Desk>>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    /// Starts the workers.
    pub fn new(workers: NonZeroUsize) -> Self {
        let desk = Arc::new(Mutex::new(Desk {
            jobs: VecDeque::new(),
            idle: Vec::new(),
            closing: false,
        }));
        let start = |_| {
            let desk = Arc::clone(&desk);
            thread::spawn(move || while serve(&desk) {})
        };
        let workers = (0..workers.get()).map(start).collect();
        Self { desk, workers }
    }

    /// Queues a task and wakes an idle worker.
    pub fn submit<F, T>(&self, task: F) -> Future<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let slot = Arc::new(Slot(Mutex::new(Stage::Pending(None))));
        let work = Work {
            task,
            slot: Arc::clone(&slot),
        };
        let mut desk = self.desk.lock().unwrap();
        desk.jobs.push_back(Box::new(work));
        if let Some(worker) = desk.idle.pop() {
            worker.unpark();
        }
        Future { slot }
    }

    /// Submits as many inputs as may be ahead.
    pub fn map<'p, I, F, T>(&'p self, inputs: I, ahead: NonZeroUsize, task: F) -> Map<'p, T>
    where
        I: IntoIterator<Item: Send + 'static, IntoIter: 'p>,
        F: Fn(I::Item) -> T + Send + Sync + 'static,
        T: Send + 'static,
    {
        let task = Arc::new(task);
        let submit = move |input| {
            let task = Arc::clone(&task);
            self.submit(move || task(input))
        };
        let mut futures: Box<dyn Iterator<Item = _> + 'p> =
            Box::new(inputs.into_iter().map(submit).fuse());
        let window = futures.by_ref().take(ahead.get()).collect();
        Map { window, futures }
    }

    /// Ends the pool.
    pub fn shutdown(mut self, wait: Wait, pending: Pending) {
        let dropped = match pending {
            Pending::Run => VecDeque::new(),
            Pending::Cancel => std::mem::take(&mut self.desk.lock().unwrap().jobs),
        };
        for job in dropped {
            contain(|| job.give_up());
        }
        match wait {
            Wait::Workers => {}
            Wait::Nothing => drop(std::mem::take(&mut self.workers)),
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        {
            let mut desk = self.desk.lock().unwrap();
            desk.closing = true;
            desk.idle.drain(..).for_each(|worker| worker.unpark());
        }
        let me = thread::current().id();
        for worker in self.workers.drain(..) {
            if worker.thread().id() != me {
                worker.join().unwrap_or_default();
            }
        }
    }
}

/// Runs somebody else's code. Nobody asks what it panics with, and to drop that might panic again.
fn contain(foreign: impl FnOnce()) {
    std::mem::forget(catch_unwind(AssertUnwindSafe(foreign)));
}

/// Runs a job or sleeps a while; false when there is nothing left to do.
fn serve(desk: &Mutex<Desk>) -> bool {
    let mut at_desk = desk.lock().unwrap();
    if let Some(job) = at_desk.jobs.pop_front() {
        drop(at_desk);
        contain(|| job.run());
        return true;
    }
    if at_desk.closing {
        return false;
    }
    let me = thread::current();
    if at_desk.idle.iter().all(|worker| worker.id() != me.id()) {
        at_desk.idle.push(me);
    }
    drop(at_desk);
    thread::park();
    true
}

enum Stage<T> {
    Pending(Option<Listener>),
    Running,
    RunningFor(Listener),
    Done(Option<Result<T, TaskError>>),
}

/// Who is to hear of the end.
enum Listener {
    Reader(Thread),
    Board(Arc<Board>, usize),
}

impl Listener {
    fn tell(self) {
        match self {
            Self::Reader(thread) => thread.unpark(),
            Self::Board(board, index) => board.post(index),
        }
    }
}

struct Slot<T>(Mutex<Stage<T>>);

impl<T> Slot<T> {
    /// Turns a pending task into a running one.
    fn begin(&self) -> bool {
        let mut stage = self.0.lock().unwrap();
        let Stage::Pending(listener) = &mut *stage else {
            return false;
        };
        *stage = match listener.take() {
            Some(listener) => Stage::RunningFor(listener),
            None => Stage::Running,
        };
        true
    }

    /// Turns a pending task into a cancelled one in one step, and says whether it is one.
    fn cancel(&self) -> bool {
        let mut stage = self.0.lock().unwrap();
        let Stage::Pending(listener) = &mut *stage else {
            return matches!(*stage, Stage::Done(Some(Err(TaskError::Cancelled))));
        };
        let listener = listener.take();
        *stage = Stage::Done(Some(Err(TaskError::Cancelled)));
        drop(stage);
        if let Some(listener) = listener {
            listener.tell();
        }
        true
    }

    fn end(&self, outcome: Result<T, TaskError>) {
        let done = Stage::Done(Some(outcome));
        let before = std::mem::replace(&mut *self.0.lock().unwrap(), done);
        if let Stage::RunningFor(listener) = before {
            listener.tell();
        }
    }

    /// Has the listener told of the end; gives it back if the end has been.
    fn listen(&self, listener: Listener) -> Option<Listener> {
        let mut stage = self.0.lock().unwrap();
        match &mut *stage {
            Stage::Pending(place) => *place = Some(listener),
            Stage::Done(_) => return Some(listener),
            running => *running = Stage::RunningFor(listener),
        }
        None
    }
}

/// The outcome of a task.
pub struct Future<T> {
    slot: Arc<Slot<T>>,
}

impl<T> Future<T> {
    /// Parks until the outcome is there.
    pub fn result(self) -> Result<T, TaskError> {
        loop {
            if let Stage::Done(outcome) = &mut *self.slot.0.lock().unwrap() {
                return outcome.take().expect("there is one reader");
            }
            if self
                .slot
                .listen(Listener::Reader(thread::current()))
                .is_none()
            {
                thread::park();
            }
        }
    }

    /// Whether the task has ended.
    pub fn is_done(&self) -> bool {
        matches!(*self.slot.0.lock().unwrap(), Stage::Done(_))
    }

    /// Cancels a task that has not begun.
    pub fn cancel(&self) -> bool {
        self.slot.cancel()
    }
}

/// The outcomes of one task for many inputs.
pub struct Map<'p, T> {
    window: VecDeque<Future<T>>,
    futures: Box<dyn Iterator<Item = Future<T>> + 'p>,
}

impl<T> Iterator for Map<'_, T> {
    type Item = Result<T, TaskError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.window.pop_front()?;
        let outcome = next.result();
        self.window.extend(self.futures.next());
        Some(outcome)
    }
}

impl<T> Drop for Map<'_, T> {
    fn drop(&mut self) {
        for future in self.window.drain(..) {
            future.cancel();
        }
    }
}

/// Where ends are posted, for one who parks in front of it.
struct Board(Mutex<(VecDeque<usize>, Option<Thread>)>);

impl Board {
    fn post(&self, index: usize) {
        let mut posted = self.0.lock().unwrap();
        posted.0.push_back(index);
        if let Some(reader) = posted.1.take() {
            reader.unpark();
        }
    }

    fn read(&self) -> usize {
        loop {
            {
                let mut posted = self.0.lock().unwrap();
                if let Some(index) = posted.0.pop_front() {
                    return index;
                }
                posted.1 = Some(thread::current());
            }
            thread::park();
        }
    }
}

/// The outcomes of several tasks as they end.
pub struct AsCompleted<T> {
    futures: Vec<Option<Future<T>>>,
    board: Arc<Board>,
}

/// Posts what is done, and has the rest posted.
pub fn as_completed<I, T>(futures: I) -> AsCompleted<T>
where
    I: IntoIterator<Item = Future<T>>,
{
    let board = Arc::new(Board(Mutex::new((VecDeque::new(), None))));
    let futures: Vec<_> = futures.into_iter().map(Some).collect();
    for (index, future) in futures.iter().flatten().enumerate() {
        let listener = Listener::Board(Arc::clone(&board), index);
        if let Some(listener) = future.slot.listen(listener) {
            listener.tell();
        }
    }
    AsCompleted { futures, board }
}

impl<T> Iterator for AsCompleted<T> {
    type Item = (usize, Result<T, TaskError>);

    fn next(&mut self) -> Option<Self::Item> {
        self.futures.iter().flatten().next()?;
        let index = self.board.read();
        let future = self.futures[index].take()?;
        Some((index, future.result()))
    }
}
