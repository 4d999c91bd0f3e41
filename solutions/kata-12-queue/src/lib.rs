//! A queue between threads, with a limit, a count of what is not done yet, and an end.
//!
//! Producers wait while it is full, consumers while it is empty, and who wants to know that all work
//! is done joins it.

use std::collections::VecDeque;
use std::mem;
use std::ops::{Deref, DerefMut};

use heddle::sync::{Condvar, Mutex, MutexGuard};
use heddle::time::Duration;

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
/// # Ordering
///
/// What a thread did before a put has happened before the get of that item returns; what it did
/// before [`task_done`](Self::task_done), before a [`join`](Self::join) that waited for it
/// returns; what it did before a shutdown, before a call that reports the shutdown.
///
/// # Python
///
/// `queue.Queue`. An item that is refused comes back instead of an exception, and one that is in
/// the queue belongs to nobody else.
pub struct Queue<T> {
    capacity: usize,
    // stub: insert items: Mutex<VecDeque<T>>,
    // stub: omit
    state: Mutex<State<T>>,
    // stub: omit
    not_full: Condvar,
    // stub: omit
    not_empty: Condvar,
    // stub: omit
    all_done: Condvar,
}

// stub: omit
struct State<T> {
    items: VecDeque<T>,
    /// What was put and not yet called done: the items, and those that somebody is at work on.
    unfinished: usize,
    shut_down: bool,
}

impl<T> Queue<T> {
    /// An empty queue with room for `capacity` items; 0 means that there is no limit.
    pub fn new(capacity: usize) -> Self {
        // stub: todo "empty, nothing unfinished, not shut down"
        Self {
            // No queue ever has this many items: without a limit it is never full.
            capacity: if capacity == 0 { usize::MAX } else { capacity },
            state: Mutex::new(State {
                items: VecDeque::new(),
                unfinished: 0,
                shut_down: false,
            }),
            not_full: Condvar::new(),
            not_empty: Condvar::new(),
            all_done: Condvar::new(),
        }
    }

    /// Puts `item` at the end, after waiting for room.
    ///
    /// # Errors
    ///
    /// [`PutError::ShutDown`] when the queue is shut down, before or while this waits.
    pub fn put(&self, item: T) -> Result<(), PutError<T>> {
        // stub: todo "wait for room, put the item in, tell a consumer"
        self.put_within(item, None)
    }

    /// Puts `item` at the end if there is room now.
    ///
    /// # Errors
    ///
    /// [`PutError::ShutDown`] when the queue is shut down, else [`PutError::Full`] when it is full.
    pub fn try_put(&self, item: T) -> Result<(), PutError<T>> {
        // stub: todo "as `put`, without a wait"
        self.put_within(item, Some(Duration::ZERO))
    }

    /// Puts `item` at the end, after waiting for room no longer than `limit` in all.
    ///
    /// # Errors
    ///
    /// As [`try_put`](Self::try_put), when the time is over.
    pub fn put_timeout(&self, item: T, limit: Duration) -> Result<(), PutError<T>> {
        // stub: todo "as `put`, with one time limit for all that it waits"
        self.put_within(item, Some(limit))
    }

    /// Takes the first item out, after waiting for one.
    ///
    /// # Errors
    ///
    /// [`GetError::ShutDown`] when the queue is shut down and nothing is left in it.
    pub fn get(&self) -> Result<T, GetError> {
        // stub: todo "wait for an item, take it out, tell a producer"
        self.get_within(None)
    }

    /// Takes the first item out if there is one now.
    ///
    /// # Errors
    ///
    /// [`GetError::ShutDown`] or [`GetError::Empty`] when there is none.
    pub fn try_get(&self) -> Result<T, GetError> {
        // stub: todo "as `get`, without a wait"
        self.get_within(Some(Duration::ZERO))
    }

    /// Takes the first item out, after waiting for one no longer than `limit` in all.
    ///
    /// # Errors
    ///
    /// As [`try_get`](Self::try_get), when the time is over.
    pub fn get_timeout(&self, limit: Duration) -> Result<T, GetError> {
        // stub: todo "as `get`, with one time limit for all that it waits"
        self.get_within(Some(limit))
    }

    /// Gets an item as a task, which is done when it is dropped, also by a panic.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get).
    ///
    /// # Python
    ///
    /// `get()`, then `try: … finally: task_done()`.
    pub fn get_task(&self) -> Result<Task<'_, T>, GetError> {
        // stub: todo "get an item, and remember whose it is"
        self.get().map(|item| Task {
            item,
            _done_on_drop: DoneOnDrop(self),
        })
    }

    /// Says that one of the items that were put is dealt with.
    ///
    /// # Errors
    ///
    /// [`TooManyDone`] when this was said of all of them before; nothing changes.
    pub fn task_done(&self) -> Result<(), TooManyDone> {
        // stub: todo "one less is unfinished; tell those who join when it was the last"
        let mut state = self.lock();
        state.unfinished = state.unfinished.checked_sub(1).ok_or(TooManyDone)?;
        if state.unfinished == 0 {
            self.all_done.notify_all();
        }
        Ok(())
    }

    /// Waits until every item that was put is done.
    pub fn join(&self) {
        // stub: todo "wait until nothing is unfinished"
        let unfinished = |state: &mut State<T>| state.unfinished > 0;
        let joined = self.all_done.wait_while(self.lock(), unfinished);
        drop(joined.expect(UNPOISONED));
    }

    /// Ends the queue: nothing can be put any more, and who waits for what cannot come is woken.
    ///
    /// What somebody has got and not called done stays unfinished in both cases. A second shutdown
    /// does no harm, and an immediate one drops what the first has left.
    pub fn shutdown(&self, how: Shutdown) {
        // stub: todo "let no more in, throw away or keep the rest, wake all whom it concerns"
        let mut state = self.lock();
        state.shut_down = true;
        let dropped = match how {
            Shutdown::Drain => VecDeque::new(),
            Shutdown::Immediate => mem::take(&mut state.items),
        };
        // Somebody may have called an item done that nobody has got.
        state.unfinished = state.unfinished.saturating_sub(dropped.len());
        if state.unfinished == 0 {
            self.all_done.notify_all();
        }
        self.not_empty.notify_all();
        self.not_full.notify_all();
        // First the lock, then the items: dropping them runs code that may use this queue.
        drop(state);
        drop(dropped);
    }

    /// Counts the items that were in the queue a moment ago: a hint, like the next two.
    pub fn len(&self) -> usize {
        // stub: todo "look, and promise nothing"
        self.lock().items.len()
    }

    /// Tells whether the queue was empty a moment ago; to get an item if there is one, try it.
    pub fn is_empty(&self) -> bool {
        // stub: todo "look, and promise nothing"
        self.len() == 0
    }

    /// Tells whether the queue was full a moment ago.
    pub fn is_full(&self) -> bool {
        // stub: todo "look, and promise nothing"
        self.len() >= self.capacity
    }

    // stub: omit
    /// Puts an item after waiting for room within `limit`, or for ever.
    fn put_within(&self, item: T, limit: Option<Duration>) -> Result<(), PutError<T>> {
        let full = |state: &State<T>| state.items.len() >= self.capacity;
        let mut state = self.lock_when_ready(&self.not_full, limit, full);
        if state.shut_down {
            return Err(PutError::ShutDown(item));
        }
        if full(&state) {
            return Err(PutError::Full(item));
        }
        state.items.push_back(item);
        state.unfinished += 1;
        // Whom the notify wakes needs the lock, and would only go to sleep again in front of it.
        drop(state);
        // At each put, not only at the first into an empty queue: the consumer that was woken for
        // that one may not have come yet, and a second one sleeps beside it.
        self.not_empty.notify_one();
        Ok(())
    }

    // stub: omit
    /// Gets an item after waiting for it within `limit`, or for ever.
    fn get_within(&self, limit: Option<Duration>) -> Result<T, GetError> {
        let empty = |state: &State<T>| state.items.is_empty();
        let mut state = self.lock_when_ready(&self.not_empty, limit, empty);
        match state.items.pop_front() {
            Some(item) => {
                drop(state);
                self.not_full.notify_one();
                Ok(item)
            }
            None if state.shut_down => Err(GetError::ShutDown),
            None => Err(GetError::Empty),
        }
    }

    // stub: omit
    /// Locks the state when nothing is to be waited for any more; the caller finds out why.
    fn lock_when_ready(
        &self,
        place: &Condvar,
        limit: Option<Duration>,
        waits: impl Fn(&State<T>) -> bool,
    ) -> MutexGuard<'_, State<T>> {
        let not_yet = |state: &mut State<T>| !state.shut_down && waits(state);
        match limit {
            None => place.wait_while(self.lock(), not_yet).expect(UNPOISONED),
            // One deadline for all its waits, and a last test when it has passed. A limit of zero
            // tests once and does not wait.
            Some(limit) => {
                let waited = place.wait_timeout_while(self.lock(), limit, not_yet);
                waited.expect(UNPOISONED).0
            }
        }
    }

    // stub: omit
    #[track_caller] // A schedule then shows where the lock was taken, and not this line.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().expect(UNPOISONED)
    }
}

// stub: omit
const UNPOISONED: &str = "nothing panics while it holds the state";

/// An item and the duty to deal with it; dropping it says that this is done.
#[must_use = "a task is done as soon as it is dropped"]
pub struct Task<'q, T> {
    item: T,
    // stub: insert queue: &'q Queue<T>,
    // stub: omit
    /// After the item, as fields are dropped in this order: when it counts as done, it is gone.
    _done_on_drop: DoneOnDrop<'q, T>,
}

impl<T> Deref for Task<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.item
    }
}

impl<T> DerefMut for Task<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.item
    }
}

// stub: omit
struct DoneOnDrop<'q, T>(&'q Queue<T>);

// stub: omit
impl<T> Drop for DoneOnDrop<'_, T> {
    fn drop(&mut self) {
        // Somebody has called one task too many done, and this one is counted already.
        let _ = self.0.task_done();
    }
}
