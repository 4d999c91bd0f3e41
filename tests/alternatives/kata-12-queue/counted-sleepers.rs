//! Who sleeps is counted under the lock, and a change that nobody waits for notifies nobody.

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
pub struct Queue<T> {
    capacity: Option<NonZeroUsize>,
    state: Mutex<State<T>>,
    bells: [Condvar; 3],
}

struct State<T> {
    items: VecDeque<T>,
    unfinished: usize,
    shut_down: bool,
    /// How many threads sleep at each bell: woken ones count until they have the lock again, so a
    /// notify may come to nobody, but none is left out.
    asleep: [usize; 3],
}

/// What a thread may wait for.
#[derive(Clone, Copy)]
enum Bell {
    Item,
    Room,
    End,
}

impl<T> Queue<T> {
    /// An empty queue with room for `capacity` items; 0 means that there is no limit.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: NonZeroUsize::new(capacity),
            state: Mutex::new(State {
                items: VecDeque::new(),
                unfinished: 0,
                shut_down: false,
                asleep: [0; 3],
            }),
            bells: [Condvar::new(), Condvar::new(), Condvar::new()],
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
        state.unfinished = state.unfinished.checked_sub(1).ok_or(TooManyDone)?;
        let joined = state.unfinished == 0;
        let all = if joined {
            state.asleep[Bell::End as usize]
        } else {
            0
        };
        self.unlock_and_ring(state, Bell::End, all);
        Ok(())
    }

    /// Waits until every item that was put is done.
    pub fn join(&self) {
        let mut state = self.state.lock().unwrap();
        while state.unfinished > 0 {
            state = self.sleep(state, Bell::End, None);
        }
    }

    /// Ends the queue: nothing can be put any more, and who waits for what cannot come is woken.
    pub fn shutdown(&self, how: Shutdown) {
        let mut dropped = VecDeque::new();
        let mut state = self.state.lock().unwrap();
        state.shut_down = true;
        if how == Shutdown::Immediate {
            dropped.append(&mut state.items);
            state.unfinished = state.unfinished.saturating_sub(dropped.len());
        }
        let joined = state.unfinished == 0;
        drop(state);
        self.bells[Bell::Item as usize].notify_all();
        self.bells[Bell::Room as usize].notify_all();
        if joined {
            self.bells[Bell::End as usize].notify_all();
        }
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
        loop {
            if state.shut_down {
                return Err(PutError::ShutDown(item));
            }
            let len = state.items.len();
            if self.capacity.is_none_or(|capacity| len < capacity.get()) {
                state.items.push_back(item);
                state.unfinished += 1;
                self.unlock_and_ring(state, Bell::Item, 1);
                return Ok(());
            }
            if is_over(deadline) {
                return Err(PutError::Full(item));
            }
            state = self.sleep(state, Bell::Room, deadline);
        }
    }

    fn get_until(&self, deadline: Option<Instant>) -> Result<T, GetError> {
        let mut state = self.state.lock().unwrap();
        loop {
            if let Some(item) = state.items.pop_front() {
                self.unlock_and_ring(state, Bell::Room, 1);
                return Ok(item);
            }
            if state.shut_down {
                return Err(GetError::ShutDown);
            }
            if is_over(deadline) {
                return Err(GetError::Empty);
            }
            state = self.sleep(state, Bell::Item, deadline);
        }
    }

    /// Waits for the bell, but not beyond the deadline; the mutex is locked again afterwards.
    fn sleep<'a>(
        &self,
        mut state: MutexGuard<'a, State<T>>,
        bell: Bell,
        deadline: Option<Instant>,
    ) -> MutexGuard<'a, State<T>> {
        state.asleep[bell as usize] += 1;
        let at = &self.bells[bell as usize];
        let mut state = match deadline {
            None => at.wait(state).unwrap(),
            Some(deadline) => {
                let left = deadline.saturating_duration_since(Instant::now());
                at.wait_timeout(state, left).unwrap().0
            }
        };
        state.asleep[bell as usize] -= 1;
        state
    }

    /// Wakes so many at the bell, if anybody sleeps there.
    fn unlock_and_ring(&self, state: MutexGuard<'_, State<T>>, bell: Bell, many: usize) {
        let asleep = state.asleep[bell as usize];
        drop(state);
        match many.min(asleep) {
            0 => {}
            1 => self.bells[bell as usize].notify_one(),
            _ => self.bells[bell as usize].notify_all(),
        }
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

fn is_over(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| deadline <= Instant::now())
}
