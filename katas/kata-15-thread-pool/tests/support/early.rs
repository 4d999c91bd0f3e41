//! Things that are dropped before they are used up, and what happens meanwhile.

use std::iter::repeat_with;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::OnceLock;

use heddle::sync::Arc;
use heddle::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use kata_15_thread_pool::{Future, Pool, as_completed};

use super::gate::{Gate, Held, of, pool_of, submit_one};
use super::outcome::{OnDrop, value};

/// Whether an iterator has been asked, and whether it is dropped by a panic.
pub const ASKED_AND_PANICS: [(bool, bool); 4] =
    [(false, false), (false, true), (true, false), (true, true)];

/// Drops a value, or has it dropped by a panic.
pub fn drop_it<T>(value: T, by_a_panic: bool) {
    let drops = || {
        let _value = value;
        if by_a_panic {
            resume_unwind(Box::new("the owner fails"));
        }
    };
    assert_eq!(catch_unwind(AssertUnwindSafe(drops)).is_err(), by_a_panic);
}

/// What became of a map that was dropped.
pub struct Dropped {
    /// How many inputs it has taken.
    pub taken: usize,
    /// How many tasks were run.
    pub run: usize,
}

/// Drops a map of nine inputs, three of them ahead, while one of its tasks is held, and ends the pool.
pub fn a_map_is_dropped(asked: bool, panics: bool) -> Dropped {
    let (begun, gate) = (Gate::default(), Gate::default());
    let (pool, run) = (pool_of(1), Arc::new(AtomicUsize::new(0)));
    let (tells, waits, count) = (begun.clone(), gate.clone(), Arc::clone(&run));
    let taken = AtomicUsize::new(0);
    let numbers = repeat_with(|| taken.fetch_add(1, Relaxed)).take(9);
    let mut map = pool.map(numbers, of(3), move |number| {
        if number == usize::from(asked) {
            tells.open();
            waits.pass();
        }
        count.fetch_add(1, Relaxed)
    });
    assert!(!asked || map.next().unwrap().is_ok());
    begun.pass();
    drop_it(map, panics);
    gate.open();
    drop(pool);
    Dropped {
        taken: taken.load(Relaxed),
        run: run.load(Relaxed),
    }
}

/// Stops waiting for the outcomes of two tasks and a held one, ends the pool, and says how many of the two were run.
pub fn completed_are_dropped(asked: bool, panics: bool) -> usize {
    let (pool, run) = (pool_of(1), Arc::default());
    let first = submit_one(&pool, &run);
    let held = Held::new(&pool, 0);
    let last = submit_one(&pool, &run);
    let mut completed = as_completed([first, held.future, last]);
    assert!(!asked || completed.next().is_some());
    drop_it(completed, panics);
    drop(held.key);
    drop(pool);
    run.load(Relaxed)
}

/// A value that submits a task when it is dropped.
pub fn submits_when_dropped(pool: &Arc<Pool>) -> OnDrop<impl FnMut() + Send + 'static> {
    let pool = Arc::clone(pool);
    OnDrop(move || drop(pool.submit(|| ())))
}

/// A task, and something in it that cancels the task when it is dropped.
pub fn cancels_itself_when_dropped(pool: &Pool) -> Arc<OnceLock<Future<()>>> {
    let future = Arc::new(OnceLock::<Future<()>>::new());
    let own = Arc::clone(&future);
    let cancels = OnDrop(move || {
        own.get().map(Future::cancel);
    });
    future.get_or_init(|| pool.submit(move || drop(cancels)));
    future
}

/// Drops a pool with two tasks behind a held one, and says how many of the two were run.
pub fn a_pool_is_dropped(panics: bool) -> usize {
    let (pool, run) = (pool_of(1), Arc::default());
    let held = Held::new(&pool, ());
    let _ = [submit_one(&pool, &run), submit_one(&pool, &run)];
    held.key.open_when_this_thread_waits();
    drop_it(pool, panics);
    run.load(Relaxed)
}

/// How much is kept of a task that was read, and of one that nobody reads and one that was cancelled.
pub fn kept_by_a_pool() -> [usize; 2] {
    let (pool, token) = (pool_of(1), Arc::new(()));
    let kept = || Arc::strong_count(&token) - 1;
    let submit = || {
        let token = Arc::clone(&token);
        pool.submit(move || Arc::clone(&token))
    };
    drop(value(submit()));
    let of_a_read_one = kept();
    let held = Held::new(&pool, ());
    drop(submit());
    assert!(submit().cancel(), "another task runs");
    drop(held.key);
    // When its worker begins another task, it is done with those before.
    value(pool.submit(|| ()));
    [of_a_read_one, kept()]
}
