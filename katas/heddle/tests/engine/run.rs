//! A straight-line program under the model: what it reads in every schedule of a search.

use super::engine::program::{Op, Outcome, Program, VARIABLES};
use super::engine::weak::failure;
use heddle::cell::UnsafeCell;
use heddle::sync::atomic::{AtomicUsize, Ordering::*, fence};
use heddle::sync::{Arc, Condvar, Mutex, MutexGuard};
use heddle::thread::{self, Thread};
use std::collections::BTreeSet;
use std::sync::Mutex as Collected;

/// Which search: every operation as strong as can be, or as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    Sequential,
    Orderings,
}

struct World {
    variables: [AtomicUsize; VARIABLES],
    mutex: Mutex<()>,
    changed: Condvar,
    plain: UnsafeCell<usize>,
}

// SAFETY: `plain` is touched between `Lock` and `Unlock` of a program, and after its threads ended.
unsafe impl Sync for World {}

/// The outcomes of every schedule of `program`.
pub fn explore(program: &Program, pass: Pass) -> BTreeSet<Outcome> {
    let found = std::sync::Arc::new(Collected::new(BTreeSet::new()));
    let (collected, program) = (found.clone(), program.clone());
    heddle::explore_all(pass == Pass::Sequential, move || {
        let outcome = run(&program);
        collected
            .lock()
            .expect("nothing panics with it locked")
            .insert(outcome);
    });
    std::mem::take(&mut found.lock().expect("nothing panics with it locked"))
}

/// One schedule of `program`.
pub fn run(program: &Program) -> Outcome {
    let world = Arc::new(World {
        variables: std::array::from_fn(|_| AtomicUsize::new(0)),
        mutex: Mutex::new(()),
        changed: Condvar::new(),
        plain: UnsafeCell::new(0),
    });
    let main = thread::current();
    let others: Vec<_> = program[1..]
        .iter()
        .map(|ops| {
            let (world, ops, main) = (world.clone(), ops.clone(), main.clone());
            thread::spawn(move || perform(&world, &ops, &[main]))
        })
        .collect();
    let mut handles = vec![main];
    handles.extend(others.iter().map(|other| other.thread().clone()));
    let mut outcome = perform(&world, &program[0], &handles);
    others
        .into_iter()
        .for_each(|other| outcome.extend(other.join().unwrap()));
    outcome.extend(
        world
            .variables
            .iter()
            .map(|variable| variable.load(Relaxed)),
    );
    // SAFETY: every thread was joined.
    outcome.push(world.plain.with(|plain| unsafe { *plain }));
    outcome
}

fn perform(world: &World, ops: &[Op], threads: &[Thread]) -> Vec<usize> {
    let mut reads = Vec::new();
    let mut guard: Option<MutexGuard<'_, ()>> = None;
    for &op in ops {
        match op {
            Op::Load(x, ordering) => reads.push(world.variables[x].load(ordering)),
            Op::Store(x, value, ordering) => world.variables[x].store(value, ordering),
            Op::Add(x, value, ordering) => {
                reads.push(world.variables[x].fetch_add(value, ordering))
            }
            Op::CompareExchange(x, expected, new, ordering) => {
                let result =
                    world.variables[x].compare_exchange(expected, new, ordering, failure(ordering));
                reads.push(result.unwrap_or_else(|there| there));
            }
            Op::Fence(ordering) => fence(ordering),
            Op::Lock => guard = Some(world.mutex.lock().unwrap()),
            Op::Unlock => drop(guard.take()),
            Op::Bump => world.plain.with_mut(|plain| {
                // SAFETY: the program holds the mutex here.
                let plain = unsafe { &mut *plain };
                reads.push(*plain);
                *plain += 1;
            }),
            Op::Wait => guard = guard.take().map(|held| world.changed.wait(held).unwrap()),
            Op::NotifyOne => world.changed.notify_one(),
            Op::NotifyAll => world.changed.notify_all(),
            Op::Park => thread::park(),
            Op::Unpark(other) => threads[other].unpark(),
        }
    }
    reads
}
