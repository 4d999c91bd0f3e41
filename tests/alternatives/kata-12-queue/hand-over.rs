//! Everyone who waits has a place of their own in a line, and gets the item, or the room, handed over.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};

use heddle::sync::{Arc, Condvar, Mutex, MutexGuard};
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
/// Somebody waits for an item only while there is none, and for room only while there is none: who
/// changes that serves the first in the line before the mutex is free.
pub struct Queue<T> {
    capacity: Option<NonZeroUsize>,
    state: Mutex<State<T>>,
}

struct State<T> {
    items: VecDeque<T>,
    getting: VecDeque<Arc<Place>>,
    /// Who waits for an item and was given one.
    given: Vec<(Arc<Place>, T)>,
    putting: VecDeque<(Arc<Place>, T)>,
    joining: Vec<Arc<Place>>,
    unfinished: usize,
    shut_down: bool,
}

/// Where one thread waits.
struct Place(Condvar);

impl<T> Queue<T> {
    /// An empty queue with room for `capacity` items; 0 means that there is no limit.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: NonZeroUsize::new(capacity),
            state: Mutex::new(State {
                items: VecDeque::new(),
                getting: VecDeque::new(),
                given: Vec::new(),
                putting: VecDeque::new(),
                joining: Vec::new(),
                unfinished: 0,
                shut_down: false,
            }),
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
        let mut state = self.state.lock().unwrap();
        if state.unfinished == 0 {
            return Err(TooManyDone);
        }
        state.unfinished -= 1;
        state.call_joiners();
        Ok(())
    }

    /// Waits until every item that was put is done.
    pub fn join(&self) {
        let mut state = self.state.lock().unwrap();
        if state.unfinished == 0 {
            return;
        }
        let me = Place::new();
        state.joining.push(Arc::clone(&me));
        while state.joining.iter().any(|place| Arc::ptr_eq(place, &me)) {
            state = me.0.wait(state).unwrap();
        }
    }

    /// Ends the queue: nothing can be put any more, and who waits for what cannot come is woken.
    pub fn shutdown(&self, how: Shutdown) {
        let mut state = self.state.lock().unwrap();
        state.shut_down = true;
        let mut dropped = VecDeque::new();
        if how == Shutdown::Immediate {
            std::mem::swap(&mut dropped, &mut state.items);
            state.unfinished = state.unfinished.saturating_sub(dropped.len());
            state.call_joiners();
        }
        for place in state.getting.drain(..) {
            place.0.notify_one();
        }
        for (place, _) in &state.putting {
            place.0.notify_one();
        }
        drop(state);
        drop(dropped);
    }

    /// Counts the items that were in the queue a moment ago.
    pub fn len(&self) -> usize {
        self.state.lock().unwrap().items.len()
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
        let mut state = self.state.lock().unwrap();
        if state.shut_down {
            return Err(PutError::ShutDown(item));
        }
        if let Some(place) = state.getting.pop_front() {
            place.0.notify_one();
            state.given.push((place, item));
            state.unfinished += 1;
            return Ok(());
        }
        let len = state.items.len();
        if self.capacity.is_none_or(|capacity| len < capacity.get()) {
            state.items.push_back(item);
            state.unfinished += 1;
            return Ok(());
        }
        if is_over(deadline) {
            return Err(PutError::Full(item));
        }
        let me = Place::new();
        state.putting.push_back((Arc::clone(&me), item));
        loop {
            state = sleep(&me.0, state, deadline);
            let mut line = state.putting.iter();
            let Some(at) = line.position(|(place, _)| Arc::ptr_eq(place, &me)) else {
                return Ok(());
            };
            let shut_down = state.shut_down;
            if shut_down || is_over(deadline) {
                let (_, item) = state.putting.remove(at).expect("found there just now");
                return Err(match shut_down {
                    true => PutError::ShutDown(item),
                    false => PutError::Full(item),
                });
            }
        }
    }

    fn get_until(&self, deadline: Option<Instant>) -> Result<T, GetError> {
        let mut state = self.state.lock().unwrap();
        if let Some(item) = state.items.pop_front() {
            state.let_one_in();
            return Ok(item);
        }
        if state.shut_down {
            return Err(GetError::ShutDown);
        }
        if is_over(deadline) {
            return Err(GetError::Empty);
        }
        let me = Place::new();
        state.getting.push_back(Arc::clone(&me));
        loop {
            state = sleep(&me.0, state, deadline);
            let mut given = state.given.iter();
            if let Some(at) = given.position(|(place, _)| Arc::ptr_eq(place, &me)) {
                return Ok(state.given.remove(at).1);
            }
            if state.shut_down {
                return Err(GetError::ShutDown);
            }
            if is_over(deadline) {
                state.getting.retain(|place| !Arc::ptr_eq(place, &me));
                return Err(GetError::Empty);
            }
        }
    }
}

impl<T> State<T> {
    /// Gives the room that has come free to the first who waits for it.
    fn let_one_in(&mut self) {
        if self.shut_down {
            return;
        }
        if let Some((place, item)) = self.putting.pop_front() {
            self.items.push_back(item);
            self.unfinished += 1;
            place.0.notify_one();
        }
    }

    /// Lets those go on who wait for the end of all work, when it has come.
    fn call_joiners(&mut self) {
        if self.unfinished == 0 {
            for place in self.joining.drain(..) {
                place.0.notify_one();
            }
        }
    }
}

impl Place {
    fn new() -> Arc<Self> {
        Arc::new(Self(Condvar::new()))
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
