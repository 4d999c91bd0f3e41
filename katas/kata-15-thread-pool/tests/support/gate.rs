//! Pools, a gate that threads wait at, and tasks that are held at one.

use std::collections::HashSet;
use std::num::NonZeroUsize;

use heddle::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread::{self, Thread, ThreadId};
use kata_15_thread_pool::{Future, Pool};

use super::outcome::value;

pub fn of(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).unwrap()
}

pub fn pool_of(workers: usize) -> Pool {
    Pool::new(of(workers))
}

/// Submits a task that counts itself.
pub fn submit_one(pool: &Pool, count: &Arc<AtomicUsize>) -> Future<usize> {
    let count = Arc::clone(count);
    pool.submit(move || count.fetch_add(1, Relaxed))
}

/// The threads that run eight tasks, and another one that each of them submits.
pub fn threads_of_nested_tasks(pool: &Arc<Pool>) -> HashSet<ThreadId> {
    let here = || thread::current().id();
    let tasks = [(); 8].map(|()| {
        let own = Arc::clone(pool);
        pool.submit(move || (here(), own.submit(here)))
    });
    let ids = tasks.map(|task| {
        let (outer, inner) = value(task);
        [outer, value(inner)]
    });
    ids.into_iter().flatten().collect()
}

/// The workers of a pool of two: each runs a task that waits for the other one.
pub fn workers_of_two(pool: &Pool) -> [Thread; 2] {
    let gates = [Gate::default(), Gate::default()];
    let meets = |mine: usize| {
        let gates = gates.clone();
        pool.submit(move || {
            gates[mine].open();
            gates[1 - mine].pass();
            thread::current()
        })
    };
    [meets(0), meets(1)].map(value)
}

/// Closed until it is opened, and then open for ever.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    /// Has the gate opened as soon as this thread waits for something.
    pub fn open_when_this_thread_waits(&self) {
        let (gate, this) = (self.clone(), thread::current());
        thread::spawn(move || {
            thread::until_blocked(&this);
            gate.open();
        });
    }

    /// Waits until the gate is open.
    pub fn pass(&self) {
        let open = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(open, |open| !*open).unwrap());
    }
}

/// Opens a gate, at the latest when it is dropped: a claim that fails leaves no task behind.
pub struct Key(Gate);

impl Key {
    pub fn open(&self) {
        self.0.open();
    }

    /// Has the gate opened as soon as this thread waits for something.
    pub fn open_when_this_thread_waits(&self) {
        self.0.open_when_this_thread_waits();
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.open();
    }
}

/// A task that has begun and waits to be let go.
pub struct Held<T> {
    pub key: Key,
    pub future: Future<T>,
}

impl<T: Send + 'static> Held<T> {
    /// Submits a task that will return `value`; when this returns, it has begun.
    pub fn new(pool: &Pool, value: T) -> Self {
        let (begun, gate) = (Gate::default(), Gate::default());
        let (tells, waits) = (begun.clone(), gate.clone());
        let future = pool.submit(move || {
            tells.open();
            waits.pass();
            value
        });
        begun.pass();
        let key = Key(gate);
        Self { key, future }
    }

    /// Lets the task end.
    pub fn let_go(self) -> Future<T> {
        self.future
    }
}
