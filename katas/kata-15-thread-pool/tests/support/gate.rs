//! Pools, a gate that threads wait at, and tasks that are held at one.

use std::num::NonZeroUsize;

use heddle::sync::{Arc, Condvar, Mutex};
use kata_15_thread_pool::{Future, Pool};

pub fn of(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).unwrap()
}

pub fn pool_of(workers: usize) -> Pool {
    Pool::new(of(workers))
}

/// Closed until it is opened, and then open for ever.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    /// Waits until the gate is open.
    pub fn pass(&self) {
        let open = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(open, |open| !*open).unwrap());
    }
}

/// A task that has begun and waits to be let go.
pub struct Held<T> {
    gate: Gate,
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
        Self { gate, future }
    }

    pub fn gate(&self) -> Gate {
        self.gate.clone()
    }

    /// Lets the task end.
    pub fn let_go(self) -> Future<T> {
        self.gate.open();
        self.future
    }
}
