//! Producers fill an inbox, consumers empty an outbox, and who finds the outbox empty swaps the two.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};

use heddle::sync::{Condvar, Mutex, MutexGuard};
use heddle::time::{Duration, Instant};

/// Why an item was not put; it comes back with the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutError<T> {
    /// There was no room, and no time left to wait for it.
    Full(T),
    /// The queue is shut down and takes nothing any more.
    ShutDown(T),
}

/// Why there was no item to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GetError {
    /// There was no item, and no time left to wait for one.
    Empty,
    /// The queue is shut down, and nothing is left in it.
    ShutDown,
}

/// The error of calling a task done when none is unfinished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyDone;

/// What a shutdown does with the items that are still in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// They stay, to be got; only then the queue is at its end.
    Drain,
    /// They are dropped, and count as done.
    Immediate,
}

/// A first-in, first-out queue that any number of threads put into and get from.
///
/// Who needs both locks takes the outbox first.
pub struct Queue<T> {
    capacity: Option<NonZeroUsize>,
    outbox: Mutex<VecDeque<T>>,
    inbox: Mutex<Inbox<T>>,
    not_full: Condvar,
    not_empty: Condvar,
    tasks: Tasks,
}

/// Older items may be in the outbox.
struct Inbox<T> {
    items: VecDeque<T>,
    /// How many items are in both boxes together.
    count: usize,
    shut_down: bool,
}

/// How much is not done yet.
struct Tasks {
    unfinished: Mutex<usize>,
    all_done: Condvar,
}

impl<T> Queue<T> {
    /// An empty queue with room for `capacity` items; 0 means that there is no limit.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: NonZeroUsize::new(capacity),
            outbox: Mutex::new(VecDeque::new()),
            inbox: Mutex::new(Inbox {
                items: VecDeque::new(),
                count: 0,
                shut_down: false,
            }),
            not_full: Condvar::new(),
            not_empty: Condvar::new(),
            tasks: Tasks {
                unfinished: Mutex::new(0),
                all_done: Condvar::new(),
            },
        }
    }

    /// Puts `item` at the end, after waiting for room.
    pub fn put(&self, item: T) -> Result<(), PutError<T>> {
        self.put_until(item, None)
    }

    /// Puts `item` at the end if there is room now.
    pub fn try_put(&self, item: T) -> Result<(), PutError<T>> {
        self.put_until(item, Some(Instant::now()))
    }

    /// Puts `item` at the end, after waiting for room no longer than `limit` in all.
    pub fn put_timeout(&self, item: T, limit: Duration) -> Result<(), PutError<T>> {
        self.put_until(item, Instant::now().checked_add(limit))
    }

    /// Takes the first item out, after waiting for one.
    pub fn get(&self) -> Result<T, GetError> {
        self.get_until(None)
    }

    /// Takes the first item out if there is one now.
    pub fn try_get(&self) -> Result<T, GetError> {
        self.get_until(Some(Instant::now()))
    }

    /// Takes the first item out, after waiting for one no longer than `limit` in all.
    pub fn get_timeout(&self, limit: Duration) -> Result<T, GetError> {
        self.get_until(Instant::now().checked_add(limit))
    }

    /// Gets an item as a task, which is done when it is dropped, also by a panic.
    pub fn get_task(&self) -> Result<Task<'_, T>, GetError> {
        self.get().map(|item| Task {
            item: Some(item),
            queue: self,
        })
    }

    /// Says that one of the items that were put is dealt with.
    pub fn task_done(&self) -> Result<(), TooManyDone> {
        match self.tasks.end(1) {
            0 => Err(TooManyDone),
            _ => Ok(()),
        }
    }

    /// Waits until every item that was put is done.
    pub fn join(&self) {
        let mut unfinished = self.tasks.unfinished.lock().unwrap();
        while *unfinished > 0 {
            unfinished = self.tasks.all_done.wait(unfinished).unwrap();
        }
    }

    /// Ends the queue: nothing can be put any more, and who waits for what cannot come is woken.
    pub fn shutdown(&self, how: Shutdown) {
        let mut outbox = self.outbox.lock().unwrap();
        let mut inbox = self.inbox.lock().unwrap();
        inbox.shut_down = true;
        let mut dropped = VecDeque::new();
        if how == Shutdown::Immediate {
            dropped.append(&mut outbox);
            dropped.append(&mut inbox.items);
            inbox.count = 0;
            self.tasks.end(dropped.len());
        }
        drop((inbox, outbox));
        self.not_full.notify_all();
        self.not_empty.notify_all();
    }

    /// Counts the items that were in the queue a moment ago.
    pub fn len(&self) -> usize {
        self.inbox.lock().unwrap().count
    }

    /// Tells whether the queue was empty a moment ago.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Tells whether the queue was full a moment ago.
    pub fn is_full(&self) -> bool {
        self.capacity
            .is_some_and(|capacity| self.len() >= capacity.get())
    }

    fn put_until(&self, item: T, deadline: Option<Instant>) -> Result<(), PutError<T>> {
        let mut inbox = self.inbox.lock().unwrap();
        loop {
            let count = inbox.count;
            if inbox.shut_down {
                return Err(PutError::ShutDown(item));
            }
            if self.capacity.is_none_or(|capacity| count < capacity.get()) {
                break;
            }
            if is_over(deadline) {
                return Err(PutError::Full(item));
            }
            inbox = sleep(&self.not_full, inbox, deadline);
        }
        inbox.items.push_back(item);
        inbox.count += 1;
        // Counted before anybody can get it: else it could be done before it is begun.
        *self.tasks.unfinished.lock().unwrap() += 1;
        drop(inbox);
        self.not_empty.notify_one();
        Ok(())
    }

    fn get_until(&self, deadline: Option<Instant>) -> Result<T, GetError> {
        loop {
            let mut outbox = self.outbox.lock().unwrap();
            let mut inbox = self.inbox.lock().unwrap();
            if outbox.is_empty() {
                std::mem::swap(&mut *outbox, &mut inbox.items);
            }
            if let Some(item) = outbox.pop_front() {
                inbox.count -= 1;
                drop((inbox, outbox));
                self.not_full.notify_one();
                return Ok(item);
            }
            if inbox.shut_down {
                return Err(GetError::ShutDown);
            }
            if is_over(deadline) {
                return Err(GetError::Empty);
            }
            // Others may look into the outbox meanwhile; the inbox is locked until this thread sleeps.
            drop(outbox);
            drop(sleep(&self.not_empty, inbox, deadline));
        }
    }
}

impl Tasks {
    /// Counts up to `tasks` as done, and returns how many there were.
    fn end(&self, tasks: usize) -> usize {
        let mut unfinished = self.unfinished.lock().unwrap();
        let ended = tasks.min(*unfinished);
        *unfinished -= ended;
        if *unfinished == 0 {
            self.all_done.notify_all();
        }
        ended
    }
}

/// An item and the duty to deal with it; dropping it says that this is done.
#[must_use = "a task is done as soon as it is dropped"]
pub struct Task<'q, T> {
    item: Option<T>,
    queue: &'q Queue<T>,
}

impl<T> Deref for Task<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.item.as_ref().expect("only drop takes the item")
    }
}

impl<T> DerefMut for Task<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.item.as_mut().expect("only drop takes the item")
    }
}

impl<T> Drop for Task<'_, T> {
    fn drop(&mut self) {
        let _ends_it = Ending(self.queue);
        drop(self.item.take());
    }
}

/// Calls a task done when it is dropped, also when the drop of its item panics.
struct Ending<'q, T>(&'q Queue<T>);

impl<T> Drop for Ending<'_, T> {
    fn drop(&mut self) {
        let _ = self.0.task_done();
    }
}

/// Waits for a notification, but not beyond the deadline; the mutex is locked again afterwards.
fn sleep<'a, T>(
    bell: &Condvar,
    guard: MutexGuard<'a, T>,
    deadline: Option<Instant>,
) -> MutexGuard<'a, T> {
    let Some(deadline) = deadline else {
        return bell.wait(guard).unwrap();
    };
    let left = deadline.saturating_duration_since(Instant::now());
    bell.wait_timeout(guard, left).unwrap().0
}

fn is_over(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| deadline <= Instant::now())
}
