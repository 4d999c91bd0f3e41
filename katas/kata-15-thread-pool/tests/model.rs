//! What a pool promises under every schedule.

use std::num::NonZeroUsize;

use heddle::cell::UnsafeCell;
use heddle::sync::Arc;
use heddle::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use heddle::{thread, time::Instant};
use kata_15_thread_pool::{Future, Pending, Pool, TaskError, Wait, as_completed};

const ONE: NonZeroUsize = NonZeroUsize::MIN;
const TWO: NonZeroUsize = ONE.saturating_add(1);

fn value<T>(future: Future<T>) -> T {
    match future.result() {
        Ok(value) => value,
        Err(error) => panic!("no value, but {error:?}"),
    }
}

fn is_cancelled<T>(outcome: &Result<T, TaskError>) -> bool {
    matches!(outcome, Err(TaskError::Cancelled))
}

/// In a model time passes only while somebody waits for it.
#[track_caller]
fn assert_no_time_has_passed(since: Instant) {
    assert!(since.elapsed().is_zero(), "asked again after some time");
}

/// A number that tasks count up.
#[derive(Clone)]
struct Count(Arc<AtomicU32>);

impl Count {
    fn new() -> Self {
        Self(Arc::new(AtomicU32::new(0)))
    }

    /// A task that counts itself.
    fn task(&self) -> impl FnOnce() + Send + 'static {
        let count = self.clone();
        move || {
            count.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The value of a task reaches its reader, whoever comes first, and the pool ends.
#[test]
fn a_value_reaches_its_reader() {
    heddle::model(|| {
        let pool = Pool::new(ONE);
        let future = pool.submit(|| 7);
        assert_eq!(value(future), 7);
    });
}

/// Two workers run two tasks at the same time, so that tasks can wait for each other.
#[test]
fn two_tasks_run_at_the_same_time() {
    heddle::model(|| {
        let pool = Pool::new(TWO);
        let open = Arc::new(AtomicBool::new(false));
        let opens = Arc::clone(&open);
        let waits = move || {
            while !open.load(Ordering::Relaxed) {
                thread::yield_now();
            }
        };
        let waits = pool.submit(waits);
        drop(pool.submit(move || opens.store(true, Ordering::Relaxed)));
        // Before the end, which wakes everybody.
        value(waits);
    });
}

/// One worker runs one task at a time, each by itself.
#[test]
fn one_worker_runs_one_task_at_a_time() {
    struct Alone(UnsafeCell<u32>);
    // SAFETY: not safe in general; the claim is that one worker makes it so.
    unsafe impl Sync for Alone {}
    // SAFETY: as above.
    unsafe impl Send for Alone {}

    heddle::model(|| {
        let pool = Pool::new(ONE);
        let alone = Arc::new(Alone(UnsafeCell::new(0)));
        for _ in 0..2 {
            let alone = Arc::clone(&alone);
            // SAFETY: see `Alone`; if that fails, the model says so first.
            drop(pool.submit(move || alone.0.with_mut(|number| unsafe { *number += 1 })));
        }
        drop(pool);
        // SAFETY: the workers have ended.
        assert_eq!(alone.0.with(|number| unsafe { *number }), 2);
    });
}

/// A pool that is dropped before its workers have begun, or while they go to sleep, ends them all.
#[test]
fn both_workers_hear_of_the_end() {
    heddle::model(|| {
        let begin = Instant::now();
        drop(Pool::new(TWO));
        assert_no_time_has_passed(begin);
    });
}

/// What was submitted before the end is run before it, and the end waits for each of the workers.
#[test]
fn what_is_pending_is_run_before_the_end() {
    heddle::model(|| {
        let (pool, count) = (Pool::new(TWO), Count::new());
        drop(pool.submit(count.task()));
        drop(pool.submit(count.task()));
        drop(pool);
        assert_eq!(count.get(), 2, "tasks that were run");
    });
}

/// Two threads that submit and read at the same time both have their own task run.
#[test]
fn two_threads_may_use_a_pool_at_once() {
    heddle::model(|| {
        let pool = Arc::new(Pool::new(ONE));
        let other = Arc::clone(&pool);
        let other = thread::spawn(move || value(other.submit(|| 1)));
        assert_eq!(value(pool.submit(|| 2)), 2);
        assert_eq!(other.join().unwrap(), 1);
    });
}

/// Either a task begins or it is cancelled, and both sides agree on which.
#[test]
fn a_task_is_either_begun_or_cancelled() {
    heddle::model(|| {
        let (pool, count) = (Pool::new(ONE), Count::new());
        let future = pool.submit(count.task());
        let cancelled = future.cancel();
        let outcome = future.result();
        assert_eq!(is_cancelled(&outcome), cancelled);
        drop(pool);
        assert_eq!(count.get(), u32::from(!cancelled), "begun, and cancelled?");
    });
}

/// Two that cancel a task at the same time are told the same, and it is true.
#[test]
fn two_cancels_agree() {
    heddle::model(|| {
        let pool = Pool::new(ONE);
        let future = Arc::new(pool.submit(|| ()));
        let other = Arc::clone(&future);
        let other = thread::spawn(move || other.cancel());
        let cancelled = future.cancel();
        assert_eq!(other.join().unwrap(), cancelled);
        let outcome = Arc::into_inner(future).unwrap().result();
        assert_eq!(is_cancelled(&outcome), cancelled);
    });
}

/// A shutdown that cancels leaves an outcome for every task, and it is true.
#[test]
fn a_cancelling_shutdown_leaves_every_outcome() {
    heddle::model(|| {
        let (begin, pool, count) = (Instant::now(), Pool::new(ONE), Count::new());
        let futures = [pool.submit(count.task()), pool.submit(count.task())];
        pool.shutdown(Wait::Workers, Pending::Cancel);
        assert!(futures.iter().all(Future::is_done), "it did not wait");
        let outcomes = futures.map(Future::result);
        let run = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(count.get() as usize, run, "tasks that were run");
        assert!(outcomes.iter().all(|it| it.is_ok() || is_cancelled(it)));
        assert_no_time_has_passed(begin);
    });
}

/// After a shutdown that waits for nothing all is run, and all workers end.
#[test]
fn workers_that_are_left_alone_end() {
    heddle::model(|| {
        let pool = Pool::new(TWO);
        let future = pool.submit(|| ());
        pool.shutdown(Wait::Nothing, Pending::Run);
        value(future);
    });
}

/// Both workers hear of a shutdown that cancels as well.
#[test]
fn both_workers_hear_of_a_cancelling_shutdown() {
    heddle::model(|| Pool::new(TWO).shutdown(Wait::Workers, Pending::Cancel));
}

/// A task may submit another one to its own pool, which is run before the end.
#[test]
fn a_task_may_submit_to_its_own_pool() {
    heddle::model(|| {
        let (pool, count) = (Arc::new(Pool::new(ONE)), Count::new());
        let (own, inner) = (Arc::clone(&pool), count.task());
        value(pool.submit(move || drop(own.submit(inner))));
        drop(pool);
        assert_eq!(count.get(), 1, "tasks that were run");
    });
}

/// The task that turns out to be the last owner of its pool does not wait for itself.
#[test]
fn a_task_may_be_the_last_owner() {
    heddle::model(|| {
        let pool = Arc::new(Pool::new(ONE));
        let own = Arc::clone(&pool);
        let future = pool.submit(move || drop(own));
        drop(pool);
        value(future);
    });
}

/// The last owner may be a value that nobody reads: the worker that drops it does not wait for itself.
#[test]
fn an_unread_value_may_be_the_last_owner() {
    heddle::model(|| {
        let pool = Arc::new(Pool::new(ONE));
        let own = Arc::clone(&pool);
        drop(pool.submit(move || own));
    });
}

/// An end is announced once, also if the task ends just when it is asked for; and nobody polls.
#[test]
fn each_outcome_comes_once() {
    heddle::model(|| {
        let (begin, pool) = (Instant::now(), Pool::new(ONE));
        let mut completed = as_completed([pool.submit(|| 7)]);
        assert!(matches!(completed.next(), Some((0, Ok(7)))));
        assert!(completed.next().is_none(), "one task");
        assert_no_time_has_passed(begin);
    });
}

/// Who waits for what ends among several sleeps until it does, every time, also while the pool ends.
#[test]
fn each_end_wakes_who_waits_for_several() {
    heddle::model(|| {
        let (begin, pool) = (Instant::now(), Pool::new(ONE));
        let mut completed = as_completed([pool.submit(|| 7), pool.submit(|| 8)]);
        let reader = thread::spawn(move || {
            assert!(matches!(completed.next(), Some((0, Ok(7)))));
            assert!(matches!(completed.next(), Some((1, Ok(8)))));
        });
        drop(pool);
        reader.join().unwrap();
        assert_no_time_has_passed(begin);
    });
}

/// Whoever is told that a task is done sees all that it did, and has its outcome without waiting.
#[test]
fn done_means_that_all_is_done() {
    struct Letter(UnsafeCell<u32>);
    // SAFETY: written by the task, and read by those who were told that it is done.
    unsafe impl Sync for Letter {}
    // SAFETY: as above.
    unsafe impl Send for Letter {}

    heddle::model(|| {
        let (pool, letter) = (Pool::new(ONE), Arc::new(Letter(UnsafeCell::new(0))));
        let written = Arc::clone(&letter);
        // SAFETY: see `Letter`; the task is not done.
        let future = pool.submit(move || written.0.with_mut(|text| unsafe { *text = 7 }));
        if future.is_done() {
            // SAFETY: see `Letter`; the task is done.
            assert_eq!(letter.0.with(|text| unsafe { *text }), 7);
            assert!(!future.cancel(), "the task is done");
            value(future);
        }
    });
}

/// Neither a reader nor an idle worker looks at a clock: they sleep until they are woken.
#[test]
fn nobody_polls() {
    heddle::model(|| {
        let (begin, pool) = (Instant::now(), Pool::new(ONE));
        value(pool.submit(|| ()));
        drop(pool);
        assert_no_time_has_passed(begin);
    });
}

/// A map takes the next input when it gives an outcome, and not before the outcome is there.
#[test]
fn a_map_takes_no_input_while_it_waits() {
    heddle::model(|| {
        let (begin, pool, taken) = (Instant::now(), Pool::new(ONE), Count::new());
        let (counts, mut first) = (taken.clone(), true);
        let inputs = std::iter::repeat_with(move || counts.task()());
        let inputs = inputs.take_while(move |()| std::mem::take(&mut first));
        let mut map = pool.map(inputs, ONE, move |()| taken.get());
        assert_eq!(map.next().unwrap().ok(), Some(1), "taken too early");
        assert_no_time_has_passed(begin);
    });
}

/// A map has as many workers run its tasks as there are: two that wait for each other meet.
#[test]
fn a_map_has_both_workers_at_work() {
    heddle::model(|| {
        let (pool, open) = (Pool::new(TWO), Arc::new(AtomicBool::new(false)));
        let mut map = pool.map([false, true], TWO, move |opens| match opens {
            true => open.store(true, Ordering::Relaxed),
            false => {
                while !open.load(Ordering::Relaxed) {
                    thread::yield_now();
                }
            }
        });
        assert!(map.next().unwrap().is_ok());
    });
}

/// A task that turns out to be the last owner of its pool waits for the other worker.
#[test]
fn the_last_owner_waits_for_the_other_worker() {
    heddle::model(|| {
        let (pool, count) = (std::sync::Arc::new(Pool::new(TWO)), Count::new());
        drop(pool.submit(count.task()));
        let own = std::sync::Arc::clone(&pool);
        let future = pool.submit(move || {
            let last = std::sync::Arc::into_inner(own);
            last.is_none_or(|pool| {
                drop(pool);
                count.get() == 1
            })
        });
        drop(pool);
        assert!(value(future), "the pool is gone, and its task was not run");
    });
}
