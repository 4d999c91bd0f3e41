//! Random work, compared with what one thread would make of it.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;

use heddle::proptest::collection::vec;
use heddle::proptest::prelude::*;
use heddle::proptest::sample::select;
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;
use kata_15_thread_pool::{Future, Pending, Pool, TaskError, Wait, as_completed};

fn of(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).unwrap()
}

/// What became of a task.
#[derive(Clone, Debug, PartialEq)]
enum End {
    Value(u8),
    Panic(u8),
    Cancel,
}

impl From<Result<u8, TaskError>> for End {
    fn from(outcome: Result<u8, TaskError>) -> Self {
        match outcome {
            Ok(value) => Self::Value(value),
            Err(TaskError::Cancelled) => Self::Cancel,
            Err(TaskError::Panicked(payload)) => {
                Self::Panic(*payload.downcast().expect("the payload is a number"))
            }
        }
    }
}

/// A task that panics with its number if that is odd.
fn task(number: u8) -> u8 {
    match number % 2 {
        0 => number,
        _ => resume_unwind(Box::new(number)),
    }
}

fn end_of(number: u8) -> End {
    match number % 2 {
        0 => End::Value(number),
        _ => End::Panic(number),
    }
}

/// A map gives what an iterator's `map` would give, with panics at their places.
#[test]
fn a_map_is_a_map() {
    let work = (1..4_usize, 1..6_usize, vec(any::<u8>(), 0..12));
    heddle::property(work, |(workers, ahead, inputs)| {
        let pool = Pool::new(of(workers));
        let map = pool.map(inputs.clone(), of(ahead), task);
        let ends: Vec<End> = map.map(End::from).collect();
        let expected: Vec<End> = inputs.into_iter().map(end_of).collect();
        assert_eq!(ends, expected);
    });
}

/// However many futures are waited for, each end is given once, with the right place.
#[test]
fn every_end_is_given_once() {
    let work = (1..4_usize, vec(any::<u8>(), 0..12));
    heddle::property(work, |(workers, inputs)| {
        let pool = Pool::new(of(workers));
        let futures = inputs.iter().map(|&input| pool.submit(move || task(input)));
        let mut given = vec![None; inputs.len()];
        for (index, outcome) in as_completed(futures) {
            let before = given[index].replace(End::from(outcome));
            assert_eq!(before, None, "{index} is given twice");
        }
        let expected: Vec<_> = inputs.iter().map(|&input| Some(end_of(input))).collect();
        assert_eq!(given, expected);
    });
}

/// What is cancelled and what is shut down, and how, decides about every task that has not begun.
#[test]
fn a_shutdown_decides_about_what_has_not_begun() {
    let pending = select(&[Pending::Run, Pending::Cancel][..]);
    let wait = select(&[Wait::Workers, Wait::Nothing][..]);
    let work = (pending, wait, vec((any::<u8>(), any::<bool>()), 0..8));
    heddle::property(work, |(pending, wait, inputs)| {
        let pool = Pool::new(of(1));
        let gate = Arc::new((Mutex::new(0), Condvar::new()));
        let first = hold(&pool, &gate);
        // If this fails, the task must not be left behind.
        let key = Key(&gate);
        let submit = |&(input, _): &(u8, bool)| pool.submit(move || task(input));
        let futures: Vec<_> = inputs.iter().map(submit).collect();
        for (future, &(_, cancelled)) in futures.iter().zip(&inputs) {
            assert!(!cancelled || future.cancel(), "another task runs");
        }
        let stopper = thread::spawn(move || pool.shutdown(wait, pending));
        // A shutdown that cancels does so while the first task is held; one that runs has to wait.
        if pending == Pending::Run {
            set(&gate, 2);
        }
        for (future, (input, cancelled)) in futures.into_iter().zip(inputs) {
            let expected = match cancelled || pending == Pending::Cancel {
                true => End::Cancel,
                false => end_of(input),
            };
            assert_eq!(End::from(future.result()), expected);
        }
        drop(key);
        assert_eq!(End::from(first.result()), End::Value(0));
        stopper.join().unwrap();
    });
}

/// Lets the held task go when it is dropped.
struct Key<'g>(&'g (Mutex<u8>, Condvar));

impl Drop for Key<'_> {
    fn drop(&mut self) {
        set(self.0, 2);
    }
}

/// Submits a task that waits for the second stage; when this returns, it has begun.
fn hold(pool: &Pool, gate: &Arc<(Mutex<u8>, Condvar)>) -> Future<u8> {
    let held = Arc::clone(gate);
    let future = pool.submit(move || {
        set(&held, 1);
        until(&held, 2);
        0
    });
    until(gate, 1);
    future
}

fn set(gate: &(Mutex<u8>, Condvar), stage: u8) {
    *gate.0.lock().unwrap() = stage;
    gate.1.notify_all();
}

fn until(gate: &(Mutex<u8>, Condvar), stage: u8) {
    let reached = gate.0.lock().unwrap();
    drop(gate.1.wait_while(reached, |it| *it < stage).unwrap());
}
