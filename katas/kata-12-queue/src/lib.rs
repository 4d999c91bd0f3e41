//! A queue between threads, with a limit, a count of what is not done yet, and an end.
//!
//! Producers wait while it is full, consumers while it is empty, and who wants to know that all work
//! is done joins it.

#![allow(unused, reason = "a stub leaves most unused; delete this when done")]

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
    items: Mutex<VecDeque<T>>,
}

impl<T> Queue<T> {
    /// An empty queue with room for `capacity` items; 0 means that there is no limit.
    pub fn new(capacity: usize) -> Self {
        todo!("empty, nothing unfinished, not shut down")
    }

    /// Puts `item` at the end, after waiting for room.
    ///
    /// # Errors
    ///
    /// [`PutError::ShutDown`] when the queue is shut down, before or while this waits.
    pub fn put(&self, item: T) -> Result<(), PutError<T>> {
        todo!("wait for room, put the item in, tell a consumer")
    }

    /// Puts `item` at the end if there is room now.
    ///
    /// # Errors
    ///
    /// [`PutError::ShutDown`] when the queue is shut down, else [`PutError::Full`] when it is full.
    pub fn try_put(&self, item: T) -> Result<(), PutError<T>> {
        todo!("as `put`, without a wait")
    }

    /// Puts `item` at the end, after waiting for room no longer than `limit` in all.
    ///
    /// # Errors
    ///
    /// As [`try_put`](Self::try_put), when the time is over.
    pub fn put_timeout(&self, item: T, limit: Duration) -> Result<(), PutError<T>> {
        todo!("as `put`, with one time limit for all that it waits")
    }

    /// Takes the first item out, after waiting for one.
    ///
    /// # Errors
    ///
    /// [`GetError::ShutDown`] when the queue is shut down and nothing is left in it.
    pub fn get(&self) -> Result<T, GetError> {
        todo!("wait for an item, take it out, tell a producer")
    }

    /// Takes the first item out if there is one now.
    ///
    /// # Errors
    ///
    /// [`GetError::ShutDown`] or [`GetError::Empty`] when there is none.
    pub fn try_get(&self) -> Result<T, GetError> {
        todo!("as `get`, without a wait")
    }

    /// Takes the first item out, after waiting for one no longer than `limit` in all.
    ///
    /// # Errors
    ///
    /// As [`try_get`](Self::try_get), when the time is over.
    pub fn get_timeout(&self, limit: Duration) -> Result<T, GetError> {
        todo!("as `get`, with one time limit for all that it waits")
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
        todo!("get an item, and remember whose it is")
    }

    /// Says that one of the items that were put is dealt with.
    ///
    /// # Errors
    ///
    /// [`TooManyDone`] when this was said of all of them before; nothing changes.
    pub fn task_done(&self) -> Result<(), TooManyDone> {
        todo!("one less is unfinished; tell those who join when it was the last")
    }

    /// Waits until every item that was put is done.
    pub fn join(&self) {
        todo!("wait until nothing is unfinished")
    }

    /// Ends the queue: nothing can be put any more, and who waits for what cannot come is woken.
    ///
    /// What somebody has got and not called done stays unfinished in both cases. A second shutdown
    /// does no harm, and an immediate one drops what the first has left.
    pub fn shutdown(&self, how: Shutdown) {
        todo!("let no more in, throw away or keep the rest, wake all whom it concerns")
    }

    /// Counts the items that were in the queue a moment ago: a hint, like the next two.
    pub fn len(&self) -> usize {
        todo!("look, and promise nothing")
    }

    /// Tells whether the queue was empty a moment ago; to get an item if there is one, try it.
    pub fn is_empty(&self) -> bool {
        todo!("look, and promise nothing")
    }

    /// Tells whether the queue was full a moment ago.
    pub fn is_full(&self) -> bool {
        todo!("look, and promise nothing")
    }
}

/// An item and the duty to deal with it; dropping it says that this is done.
#[must_use = "a task is done as soon as it is dropped"]
pub struct Task<'q, T> {
    item: T,
    queue: &'q Queue<T>,
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
