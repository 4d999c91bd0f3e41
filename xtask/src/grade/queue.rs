//! What is still to be done in a grading, handed out to as many threads as claims may run at a time.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A queue that ends when everybody who could add to it is done.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    producers: usize,
    stopped: bool,
}

impl<T> Queue<T> {
    /// An empty queue to which that many producers will add.
    pub(super) fn new(producers: usize) -> Queue<T> {
        let state = State {
            waiting: VecDeque::new(),
            producers,
            stopped: false,
        };
        Queue {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    /// Adds something to do.
    pub(super) fn add(&self, work: T) {
        self.state().waiting.push_back(work);
        self.changed.notify_one();
    }

    /// One producer is done.
    pub(super) fn producer_done(&self) {
        self.state().producers -= 1;
        self.changed.notify_all();
    }

    /// Nothing that still waits needs to be done.
    pub(super) fn stop(&self) {
        self.state().stopped = true;
        self.changed.notify_all();
    }

    /// The next thing to do; `None` when there is nothing more to come.
    pub(super) fn next(&self) -> Option<T> {
        let is_idle = |state: &mut State<T>| {
            !state.stopped && state.waiting.is_empty() && state.producers > 0
        };
        let mut state = self
            .changed
            .wait_while(self.state(), is_idle)
            .unwrap_or_else(PoisonError::into_inner);
        if state.stopped {
            None
        } else {
            state.waiting.pop_front()
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
