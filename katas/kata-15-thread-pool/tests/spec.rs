//! What a pool does, on threads that are known to be where the claim wants them. Long, as a phase is one file of short claims.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use heddle::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use heddle::sync::{Arc, Mutex};
use heddle::thread;
use kata_15_thread_pool::{Future, Pending, TaskError, Wait, as_completed};
use support::early::{ASKED_AND_PANICS, a_map_is_dropped, a_pool_is_dropped};
use support::early::{cancels_itself_when_dropped, submits_when_dropped};
use support::early::{completed_are_dropped, kept_by_a_pool};
use support::end::End;
use support::gate::{Gate, Held, Key, of, pool_of, submit_one};
use support::gate::{threads_of_nested_tasks, workers_of_two};
use support::outcome::{Bomb, Bombs, LoudBombs, fails, is_cancelled, panicked, value};
use support::server::{Server, fetch, nobodys_url};

mod support;

/// A task is run by another thread while its submitter goes on, and its value comes back.
#[test]
fn a_submit_returns_before_its_task_is_run() {
    heddle::spec(|| {
        let (pool, gate) = (pool_of(1), Gate::default());
        let waits = gate.clone();
        let future = pool.submit(move || {
            waits.pass();
            thread::current().id()
        });
        assert!(!future.is_done(), "the task waits for this thread");
        gate.open();
        assert_ne!(value(future), thread::current().id());
    });
}

/// One worker runs its tasks in the order of their submission, however many, waited for or not.
#[test]
fn tasks_begin_in_their_order() {
    heddle::spec(|| {
        let (pool, order) = (Arc::new(pool_of(1)), Arc::new(Mutex::new(Vec::new())));
        let note = |number| {
            let order = Arc::clone(&order);
            move || order.lock().unwrap().push(number)
        };
        let (own, gate, last) = (Arc::clone(&pool), Gate::default(), note(2000));
        let waits = gate.clone();
        let outer = pool.submit(move || {
            waits.pass();
            own.submit(last)
        });
        drop(as_completed((0..2000).map(|it| pool.submit(note(it)))));
        gate.open();
        value(value(outer));
        assert!(order.lock().unwrap().iter().copied().eq(0..=2000));
    });
}

/// As many tasks run at the same time as there are workers: a second one begins while the first is held.
#[test]
fn two_tasks_meet_in_a_pool_of_two() {
    heddle::spec(|| {
        let pool = pool_of(2);
        let held = [1, 2].map(|number| Held::new(&pool, number));
        assert_eq!(held.map(Held::let_go).map(value), [1, 2]);
    });
}

/// As many threads run tasks as there are workers, and no more, also where a task submits another one.
#[test]
fn there_are_no_more_threads_than_workers() {
    heddle::spec(|| {
        let large = pool_of(40);
        // Each of these begins while all before it are held.
        drop([(); 40].map(|()| Held::new(&large, ())));
        let threads = threads_of_nested_tasks(&Arc::new(pool_of(2)));
        assert!(threads.len() <= 2, "{threads:?}");
    });
}

/// A worker that has nothing to do sleeps.
#[test]
fn idle_workers_rest() {
    heddle::spec(|| {
        let pool = pool_of(1);
        thread::until_blocked(&value(pool.submit(thread::current)));
        for worker in workers_of_two(&pool_of(2)) {
            thread::until_blocked(&worker);
        }
    });
}

/// A panic of a task is kept for its reader with its payload.
#[test]
fn a_panic_is_carried_to_the_reader() {
    heddle::spec(|| {
        let pool = pool_of(1);
        let outcome = pool.submit(|| -> u8 { panic!("words") }).result();
        assert_eq!(panicked(outcome), Some("words"));
        let future = pool.submit(|| -> u8 { resume_unwind(Box::new(7)) });
        assert_eq!(panicked(future.result()), Some(7));
    });
}

/// More tasks panic than there are workers, and the worker itself goes on, and no other in its place.
#[test]
fn a_panic_does_not_end_a_worker() {
    heddle::spec(|| {
        let pool = pool_of(1);
        let worker = || value(pool.submit(|| thread::current().id()));
        let before = worker();
        for _ in 0..3 {
            assert_eq!(panicked(pool.submit(fails).result()), Some("words"));
        }
        assert_eq!(worker(), before);
    });
}

/// What nobody reads and a task that was cancelled may panic when they are dropped, and so may what they panic with.
#[test]
fn a_drop_that_panics_does_not_end_a_worker() {
    heddle::spec(|| {
        let pool = pool_of(1);
        let held = Held::new(&pool, ());
        let _ = pool.submit(|| Bomb);
        let _ = pool.submit(|| Bombs(3));
        let _ = pool.submit(|| -> u8 { resume_unwind(Box::new(Bombs(3))) });
        let bomb = Bomb;
        let cancelled = pool.submit(move || std::mem::forget(bomb));
        // It may be dropped here or by the worker.
        let _ = catch_unwind(AssertUnwindSafe(|| cancelled.cancel()));
        let _ = held.let_go();
        assert_eq!(value(pool.submit(|| 1)), 1);
        assert!(is_cancelled(&cancelled.result()));
    });
}

/// Nothing is locked while something of a task is dropped: a value, a payload, or what was captured.
#[test]
fn what_is_dropped_may_use_the_pool() {
    heddle::spec(|| {
        let pool = Arc::new(pool_of(1));
        let held = Held::new(&pool, ());
        let [unread, payload, captured] = [(); 3].map(|()| submits_when_dropped(&pool));
        let _ = pool.submit(move || unread);
        let _ = pool.submit(move || -> u8 { resume_unwind(Box::new(payload)) });
        let cancelled = pool.submit(move || drop(captured));
        let itself = cancels_itself_when_dropped(&pool);
        assert!(cancelled.cancel() && itself.get().is_some_and(Future::cancel));
        let _ = held.let_go();
        value(pool.submit(|| ()));
    });
}

/// Of a task that has ended nothing is kept: neither what it captured nor a value that nobody will read.
#[test]
fn nothing_is_kept_of_what_has_ended() {
    heddle::spec(|| {
        assert_eq!(kept_by_a_pool(), [0, 0]);
    });
}

/// A task that has not begun can be cancelled and is then never run.
#[test]
fn a_cancelled_task_is_never_run() {
    heddle::spec(|| {
        let (pool, count) = (pool_of(1), Arc::default());
        let held = Held::new(&pool, ());
        let cancelled = submit_one(&pool, &count);
        assert!(cancelled.cancel(), "another task runs");
        assert!(cancelled.is_done() && cancelled.cancel(), "it is cancelled");
        assert!(is_cancelled(&cancelled.result()));
        drop((held.let_go(), pool));
        assert_eq!(count.load(Relaxed), 0);
    });
}

/// A task that runs or has ended cannot be cancelled, whatever came of it.
#[test]
fn only_a_pending_task_can_be_cancelled() {
    heddle::spec(|| {
        let pool = pool_of(1);
        let held = Held::new(&pool, 1);
        let second = pool.submit(fails);
        assert!(!held.future.cancel(), "the task runs");
        assert!(!held.future.is_done());
        let first = held.let_go();
        drop(pool);
        assert!(!first.cancel() && !second.cancel(), "the tasks have ended");
        assert_eq!(
            (value(first), panicked(second.result())),
            (1, Some("words"))
        );
    });
}

/// The outcomes of a map come in the order of the inputs, in whatever order its tasks end.
#[test]
fn a_map_keeps_the_order() {
    heddle::spec(|| {
        let (pool, gate, last) = (pool_of(2), Gate::default(), Gate::default());
        let (waits, begun) = (gate.clone(), last.clone());
        let map = pool.map(0..3, of(3), move |number| {
            match number {
                0 => waits.pass(),
                1 => {}
                _ => begun.open(),
            }
            number
        });
        // When the last one has begun, the one before it is done, and the first is not.
        last.pass();
        gate.open_when_this_thread_waits();
        let numbers: Result<Vec<_>, TaskError> = map.collect();
        assert_eq!(numbers.unwrap(), [0, 1, 2]);
    });
}

/// A map submits its first tasks before the first outcome is asked for.
#[test]
fn a_map_begins_before_it_is_asked() {
    heddle::spec(|| {
        let (pool, gates) = (pool_of(1), [Gate::default(), Gate::default()]);
        let opens = gates.clone();
        let _map = pool.map(0..2, of(2), move |number: usize| opens[number].open());
        gates.iter().for_each(Gate::pass);
    });
}

/// A map takes as many inputs as may be ahead, one more with each outcome, and none after the last.
#[test]
fn a_map_takes_no_more_than_it_may() {
    heddle::spec(|| {
        let (pool, taken) = (pool_of(1), AtomicUsize::new(0));
        let count = || taken.load(Relaxed);
        let inputs = std::iter::from_fn(|| match taken.fetch_add(1, Relaxed) {
            4 => None,
            number => Some(number),
        });
        let mut map = pool.map(inputs, of(2), |number| number);
        assert_eq!(count(), 2);
        for (expected, taken) in [(0, 3), (1, 4), (2, 5), (3, 5)] {
            assert_eq!(map.next().unwrap().unwrap(), expected);
            assert_eq!(count(), taken, "with outcome {expected}");
        }
        assert!(map.next().is_none() && map.next().is_none());
        assert_eq!(count(), 5, "asked again after the end");
    });
}

/// A map may have all of its inputs ahead, up to their first end, or none at all, or those that other maps give.
#[test]
fn a_map_may_be_boundless_or_empty() {
    heddle::spec(|| {
        let pool = pool_of(1);
        let mut letters = [Some('a'), Some('b'), None, Some('c')].into_iter();
        let letters = std::iter::from_fn(|| letters.next().flatten());
        let map = pool.map(letters, NonZeroUsize::MAX, |letter| letter);
        assert_eq!(map.map(Result::unwrap).collect::<String>(), "ab");
        assert!(pool.map([0; 0], of(1), |number| number).next().is_none());
        let copies = (1..4).flat_map(|number| pool.map([number; 2], of(1), |copy| copy));
        let sums = pool.map(copies.map(Result::unwrap), of(2), |number| number + 1);
        assert!(sums.map(Result::unwrap).eq([2, 2, 3, 3, 4, 4]));
    });
}

/// A panic is an outcome at its place, and those behind it come as well.
#[test]
fn a_map_gives_a_panic_its_place() {
    heddle::spec(|| {
        let pool = pool_of(2);
        let mut map = pool.map(0..3, of(3), |number| match number {
            1 => fails(),
            number => number,
        });
        assert_eq!(map.next().unwrap().unwrap(), 0);
        assert_eq!(panicked(map.next().unwrap()), Some("words"));
        assert_eq!(map.next().unwrap().unwrap(), 2);
        assert!(map.next().is_none());
    });
}

/// A map that is dropped, asked or not, be it by a panic, cancels what has not begun and lets end what has.
#[test]
fn a_dropped_map_cancels_what_is_pending() {
    heddle::spec(|| {
        for (asked, panics) in ASKED_AND_PANICS {
            let dropped = a_map_is_dropped(asked, panics);
            let given = usize::from(asked);
            assert_eq!(dropped.taken, given + 3, "it takes inputs to the end");
            assert_eq!(
                dropped.run,
                given + 1,
                "the one that has begun, and no other"
            );
        }
    });
}

/// Who is given what ends may go away, asked or not, be it by a panic: the tasks are run.
#[test]
fn who_stops_waiting_leaves_the_tasks_alone() {
    heddle::spec(|| {
        for (asked, panics) in ASKED_AND_PANICS {
            assert_eq!(
                completed_are_dropped(asked, panics),
                2,
                "tasks that were run"
            );
        }
    });
}

/// Outcomes come in the order in which their tasks end, those that are done already first.
#[test]
fn outcomes_come_as_their_tasks_end() {
    heddle::spec(|| {
        let pool = pool_of(3);
        let [a, b, c] = ["a", "b", "c"].map(|name| Held::new(&pool, name));
        // All workers are busy, so one that begins another task has ended the one before.
        let end = |key: Key| {
            drop(key);
            Held::new(&pool, ())
        };
        let first = end(c.key);
        let completed = as_completed([a.future, b.future, c.future]);
        let others = [end(a.key), end(b.key)];
        let given: Vec<_> = completed
            .map(|(index, outcome)| (index, outcome.unwrap()))
            .collect();
        assert_eq!(given, [(2, "c"), (0, "a"), (1, "b")]);
        drop((first, others));
    });
}

/// However many there are, the places are right, and after the last one there is none, however often one asks.
#[test]
fn as_many_outcomes_come_as_there_are_tasks() {
    heddle::spec(|| {
        let pool = pool_of(1);
        let held = Held::new(&pool, 0);
        let tasks = (1..400).map(|number| pool.submit(move || number));
        let mut completed = as_completed(std::iter::once(held.future).chain(tasks));
        held.key.open();
        let numbers = completed.by_ref().map(|(index, it)| (index, it.unwrap()));
        assert!(numbers.eq((0..400).map(|number| (number, number))));
        assert!(completed.next().is_none() && completed.next().is_none());
    });
}

/// Panics and cancels are ends like any other, and of nothing nothing is to be waited for.
#[test]
fn every_end_counts_as_completed() {
    heddle::spec(|| {
        let pool = pool_of(1);
        let held = Held::new(&pool, 0);
        let (panics, cancelled) = (pool.submit(fails), pool.submit(|| 2));
        assert!(cancelled.cancel(), "another task runs");
        let mut completed = as_completed([held.future, panics, cancelled]);
        let mut next = || completed.next().expect("there are three");
        assert!(matches!(next(), (2, Err(TaskError::Cancelled))));
        held.key.open();
        assert!(matches!(next(), (0, Ok(0))));
        assert!(matches!(next(), (1, Err(TaskError::Panicked(_)))));
        assert!(as_completed(Vec::<Future<u8>>::new()).next().is_none());
    });
}

/// A shutdown returns when all that was submitted has been run, and keeps nothing of it.
#[test]
fn a_shutdown_runs_what_is_pending() {
    heddle::spec(|| {
        let (pool, ended) = (pool_of(1), Arc::default());
        let held = Held::new(&pool, ());
        let _ = [submit_one(&pool, &ended), submit_one(&pool, &ended)];
        held.key.open_when_this_thread_waits();
        pool.shutdown(Wait::Workers, Pending::Run);
        assert_eq!(ended.load(Relaxed), 2);
        assert_eq!(Arc::strong_count(&ended), 1, "a task is kept");
    });
}

/// A shutdown that cancels wakes who waits for a pending task, runs none, and lets end the one that runs.
#[test]
fn a_shutdown_may_cancel_what_is_pending() {
    heddle::spec(|| {
        let (pool, count) = (pool_of(1), Arc::default());
        let held = Held::new(&pool, 1);
        let (first, second) = (submit_one(&pool, &count), submit_one(&pool, &count));
        let reader = thread::spawn(move || first.result());
        let others = pool_of(1);
        let elsewhere = Held::new(&others, 2);
        let completed = [elsewhere.future, second];
        let watcher = thread::spawn(move || as_completed(completed).next().unwrap().1);
        let _ = [&reader, &watcher].map(|it| thread::until_blocked(it.thread()));
        let stopper = thread::spawn(move || pool.shutdown(Wait::Workers, Pending::Cancel));
        assert!([reader, watcher].map(|it| is_cancelled(&it.join().unwrap())) == [true; 2]);
        thread::until_blocked(stopper.thread());
        assert!(!stopper.is_finished(), "the shutdown does not wait");
        assert_eq!(value(held.let_go()), 1);
        stopper.join().unwrap();
        assert_eq!(count.load(Relaxed), 0);
    });
}

/// A shutdown that waits for nothing returns while a task runs, and all is run, or cancelled, as asked.
#[test]
fn a_shutdown_may_wait_for_nothing() {
    heddle::spec(|| {
        for way in [Pending::Run, Pending::Cancel] {
            let pool = pool_of(1);
            let held = Held::new(&pool, 1);
            let pending = pool.submit(|| 2);
            pool.shutdown(Wait::Nothing, way);
            assert!(!held.future.is_done(), "the task is held");
            assert_eq!(value(held.let_go()), 1);
            assert_eq!(is_cancelled(&pending.result()), way == Pending::Cancel);
        }
    });
}

/// A pool that is dropped, be it by a panic or in another pool's task, runs what is pending and waits for it.
#[test]
fn a_dropped_pool_runs_what_is_pending() {
    heddle::spec(|| {
        for panics in [false, true] {
            let run = move || a_pool_is_dropped(panics);
            assert_eq!([run(), value(pool_of(1).submit(run))], [2, 2]);
        }
    });
}

/// Cancelled tasks that panic when they are dropped spoil neither the shutdown nor the other tasks.
#[test]
fn a_drop_that_panics_does_not_spoil_the_shutdown() {
    heddle::spec(|| {
        for wait in [Wait::Workers, Wait::Nothing] {
            let pool = pool_of(1);
            let held = Held::new(&pool, 1);
            let submit = |bombs| pool.submit(move || std::mem::forget(bombs));
            let cancelled = [LoudBombs(1), LoudBombs(3), LoudBombs(0)].map(submit);
            let stopper = thread::spawn(move || pool.shutdown(wait, Pending::Cancel));
            assert!(cancelled.into_iter().all(|it| is_cancelled(&it.result())));
            // Whether the panic reaches the caller is not promised.
            match wait {
                Wait::Workers => thread::until_blocked(stopper.thread()),
                Wait::Nothing => drop(stopper.join()),
            }
            assert_eq!((held.future.is_done(), value(held.let_go())), (false, 1));
        }
    });
}

/// A task may submit another one, go on meanwhile, and wait for it where a worker is left.
#[test]
fn a_task_may_submit_another_one() {
    heddle::spec(|| {
        let (pool, gate) = (Arc::new(pool_of(2)), Gate::default());
        let own = Arc::clone(&pool);
        value(pool.submit(move || {
            let waits = gate.clone();
            let inner = own.submit(move || waits.pass());
            gate.open();
            value(inner);
        }));
    });
}

/// The last owner may be a task, however it ends the pool: it waits for the other workers, but not for itself.
#[test]
fn a_task_may_be_the_last_owner_of_its_pool() {
    heddle::spec(|| {
        for end in End::ALL {
            assert_eq!(is_cancelled(&end.by_a_task()), end == End::Cancel);
        }
    });
}

/// The tutorial's example: URLs are fetched by a pool, and one that fails spoils no other.
#[test]
fn urls_are_fetched_by_a_pool() {
    heddle::spec(|| {
        let (pool, server) = (pool_of(3), Server::start(6));
        let paths = ["/users", "/nowhere", "/users/1"];
        let mut urls = paths.map(|path| server.url(path)).to_vec();
        // With `map`, which is simple where every task is the same.
        let mapped = pool.map(urls.clone(), of(2), |url| fetch(&url));
        let mapped: Result<Vec<u16>, TaskError> = mapped.collect();
        assert_eq!(mapped.unwrap(), [200, 404, 200]);
        // As they come, with one at which nobody answers.
        urls.push(nobodys_url());
        let submit = |url: String| pool.submit(move || fetch(&url));
        let mut statuses = [None; 4];
        for (index, outcome) in as_completed(urls.into_iter().map(submit)) {
            statuses[index] = outcome.ok();
        }
        assert_eq!(statuses, [Some(200), Some(404), Some(200), None]);
        server.end();
    });
}
