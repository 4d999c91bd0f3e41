//! What a future does in one thread, and in several that are known to be where the claim wants them. Long, as a phase is one file of short claims.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread::{Builder, current, until_blocked};
use heddle::time::{Duration, Instant};
use kata_14_future::{Future, TaskError, promise};
use support::ends::{End, copied, finished, panicked, patient, waiter};
use support::log::Log;
use support::trouble::{explode, returns};

mod support;

const MOMENT: Duration = Duration::from_millis(5);

/// Whoever asks after the end gets the value, however often, and each time the same one.
#[test]
fn the_value_is_there_for_all_who_ask_later() {
    heddle::spec(|| {
        let (task, future) = promise();
        task.start().expect("nobody has cancelled").set("value");
        let first = future.result().unwrap();
        let second = future.clone().result().unwrap();
        let third = future.result_timeout(MOMENT).unwrap().unwrap();
        assert_eq!(*first, "value");
        assert!(Arc::ptr_eq(&first, &second) && Arc::ptr_eq(&first, &third));
    });
}

/// A future says whether the task is done, and a task that runs is not.
#[test]
fn done_is_told_from_running() {
    heddle::spec(|| {
        let (task, future) = promise();
        assert!(!future.is_done());
        let running = task.start().expect("nobody has cancelled");
        assert!(!future.is_done());
        running.set(1);
        assert!(future.is_done() && future.clone().is_done());
    });
}

/// A task that was cancelled is not run, and whoever asks hears of it.
#[test]
fn a_cancelled_task_is_never_run() {
    heddle::spec(|| {
        let (task, future) = promise::<u32>();
        assert!(future.cancel());
        assert!(future.is_done());
        task.run(|| panic!("the task was cancelled"));
        assert_eq!(future.result(), Err(TaskError::Cancelled));
        let (task, future) = promise::<u32>();
        assert!(future.cancel());
        assert!(task.start().is_none(), "the task was cancelled");
        assert_eq!(future.result(), Err(TaskError::Cancelled));
    });
}

/// A task that has begun or ended can no longer be cancelled, and goes on as if nobody had tried.
#[test]
fn only_a_pending_task_can_be_cancelled() {
    heddle::spec(|| {
        let (task, future) = promise();
        let running = task.start().expect("nobody has cancelled");
        assert!(!future.cancel(), "the task runs");
        assert!(!future.is_done());
        running.set(1);
        assert!(!future.cancel(), "the task has ended");
        assert_eq!(future.result().as_deref(), Ok(&1));
    });
}

/// A task that ended without a value was not cancelled, and cannot be any more.
#[test]
fn a_failed_task_is_not_a_cancelled_one() {
    heddle::spec(|| {
        let (task, future) = promise::<u32>();
        task.run(|| panic!("words"));
        assert!(!future.cancel(), "the task has panicked");
        assert_eq!(future.result(), panicked("words"));
        let (task, future) = promise::<u32>();
        drop(task);
        assert!(!future.cancel(), "the task was abandoned");
        assert_eq!(future.result(), Err(TaskError::Abandoned));
    });
}

/// Cancelling a cancelled task says yes again and changes nothing.
#[test]
fn a_second_cancel_says_yes_and_does_nothing() {
    heddle::spec(|| {
        let (log, (task, future)) = (Log::default(), promise());
        future.on_done(log.callback("called"));
        assert!(future.cancel());
        assert!(future.cancel(), "the task is cancelled");
        drop(task);
        assert!(future.cancel(), "the task is cancelled");
        assert_eq!(log.take(), ["called"]);
    });
}

/// A task may ask its own future: it is not done while it runs, and can no longer be cancelled.
#[test]
fn a_task_may_ask_its_own_future() {
    heddle::spec(|| {
        let (task, future) = promise();
        let own = future.clone();
        task.run(move || own.is_done() || own.cancel() || own.result_timeout(MOMENT).is_some());
        assert_eq!(future.result().as_deref(), Ok(&false));
    });
}

/// A panic of the task is kept for those who ask, and the thread that ran it goes on.
#[test]
fn a_panic_is_carried_to_who_asks() {
    heddle::spec(|| {
        let (task, future) = promise::<u32>();
        let waiter = waiter(&future);
        task.run(|| panic!("words"));
        assert_eq!(waiter.join().unwrap(), panicked("words"));
        assert_eq!(future.result(), panicked("words"));
    });
}

/// The text of a panic is kept also when it was put together with arguments.
#[test]
fn a_panic_with_arguments_keeps_its_text() {
    heddle::spec(|| {
        let (task, future) = promise::<u32>();
        let (part, whole) = (1, 2);
        task.run(|| panic!("{part} of {whole}"));
        assert_eq!(future.result(), panicked("1 of 2"));
    });
}

/// A panic that carries no text is a panic as well.
#[test]
fn a_panic_without_a_text_is_kept_too() {
    heddle::spec(|| {
        let (task, future) = promise::<u32>();
        task.run(|| resume_unwind(Box::new(7)));
        let outcome = future.result();
        assert!(
            matches!(outcome, Err(TaskError::Panicked(_))),
            "{outcome:?}"
        );
    });
}

/// A promise that is dropped leaves nobody waiting.
#[test]
fn a_dropped_promise_ends_the_wait() {
    heddle::spec(|| {
        let (task, future) = promise::<u32>();
        let waiter = waiter(&future);
        drop(task);
        assert_eq!(waiter.join().unwrap(), Err(TaskError::Abandoned));
    });
}

/// A begun task that is dropped leaves nobody waiting, also if a panic drops it.
#[test]
fn a_dropped_running_task_ends_the_wait() {
    heddle::spec(|| {
        let (task, future) = promise::<u32>();
        let waiting = waiter(&future);
        drop(task.start().expect("nobody has cancelled"));
        assert_eq!(waiting.join().unwrap(), Err(TaskError::Abandoned));

        let (task, future) = promise::<u32>();
        let waiting = waiter(&future);
        let fails = move || {
            let _running = task.start();
            resume_unwind(Box::new("nothing was set"));
        };
        assert!(catch_unwind(AssertUnwindSafe(fails)).is_err());
        assert_eq!(waiting.join().unwrap(), Err(TaskError::Abandoned));
    });
}

/// A wait with a limit that fails has waited all its time.
#[test]
fn a_timed_wait_lasts_its_time() {
    heddle::spec(|| {
        let (task, future) = promise::<u32>();
        let begun = Instant::now();
        assert_eq!(future.result_timeout(MOMENT), None);
        assert!(begun.elapsed() >= MOMENT, "gave up too early");
        drop(task);
    });
}

/// With no time to wait, the answer is what is there; and the task goes on.
#[test]
fn a_wait_of_zero_is_a_look() {
    heddle::spec(|| {
        let (task, future) = promise();
        assert_eq!(future.result_timeout(Duration::ZERO), None);
        let running = task.start().expect("a timeout cancels nothing");
        assert_eq!(future.result_timeout(Duration::ZERO), None);
        running.set(1);
        let outcome = future.result_timeout(Duration::ZERO);
        assert_eq!(outcome.expect("the task is done").as_deref(), Ok(&1));
    });
}

/// Callbacks are called by the thread that ends the task, in their order, each of them once.
#[test]
fn callbacks_are_called_in_their_order() {
    heddle::spec(|| {
        let (log, (task, future)) = (Log::default(), promise());
        for name in ["first", "second", "third"] {
            future.clone().on_done(log.callback(name));
        }
        let running = task.start().expect("nobody has cancelled");
        assert!(log.take().is_empty(), "the task is not done");
        running.set(1);
        assert_eq!(log.take(), ["first", "second", "third"]);
        drop(future);
        assert!(log.take().is_empty(), "called twice");
    });
}

/// A callback that comes when the task is done is called before `on_done` returns, in its thread.
#[test]
fn a_late_callback_is_called_at_once() {
    heddle::spec(|| {
        let (log, me) = (Log::default(), current().id());
        for future in [finished(1), finished(1).clone()] {
            let noted = log.clone();
            future.on_done(move |_| {
                assert_eq!(current().id(), me, "called by another thread");
                noted.note("called");
            });
            assert_eq!(log.take(), ["called"]);
        }
    });
}

/// A callback that panics harms neither the others, nor who ends the task, nor who comes late.
#[test]
fn a_callback_that_panics_harms_nobody() {
    heddle::spec(|| {
        let (log, (task, future)) = (Log::default(), promise());
        future.on_done(log.callback("first"));
        future.on_done(|_| panic!("a callback fails"));
        future.on_done(log.callback("last"));
        task.start().expect("nobody has cancelled").set(1);
        assert_eq!(log.take(), ["first", "last"]);
        future.on_done(|_| panic!("a late callback fails"));
        future.on_done(log.callback("late"));
        assert_eq!(log.take(), ["late"]);
        assert_eq!(future.result().as_deref(), Ok(&1));
    });
}

/// What a callback panics with may panic in its drop, and again: that harms nobody either.
#[test]
fn a_callback_may_panic_with_what_panics_in_its_drop() {
    heddle::spec(|| {
        let (log, (task, future)) = (Log::default(), promise());
        future.on_done(|_| explode());
        future.on_done(log.callback("last"));
        let running = task.start().expect("nobody has cancelled");
        assert!(returns(|| running.set(1)), "the panic came out of `set`");
        assert_eq!(log.take(), ["last"]);
        let late = || future.on_done(|_| explode());
        assert!(returns(late), "the panic came out of `on_done`");
    });
}

/// What a task panics with may panic in its drop, and again: its readers hear of the first panic.
#[test]
fn a_task_may_panic_with_what_panics_in_its_drop() {
    heddle::spec(|| {
        let (log, (task, future)) = (Log::default(), promise::<u32>());
        future.on_done(log.callback("called"));
        let waiter = waiter(&future);
        let runs = || task.run(|| explode());
        assert!(returns(runs), "the panic came out of `run`");
        let outcome = waiter.join().unwrap();
        assert!(
            matches!(outcome, Err(TaskError::Panicked(_))),
            "{outcome:?}"
        );
        assert_eq!(log.take(), ["called"]);
    });
}

/// Callbacks hear of every way in which a task ends, a panic that drops it among them.
#[test]
fn callbacks_hear_of_every_end() {
    heddle::spec(|| {
        for end in End::ALL {
            let (log, (task, future)) = (Log::default(), promise());
            for name in ["first", "second", "third"] {
                let noted = log.clone();
                future.on_done(move |future| {
                    noted.note(&format!("{name}: {:?}", copied(future.result())));
                });
            }
            end.of(task, &future);
            let heard = |name| format!("{name}: {:?}", end.outcome());
            assert_eq!(
                log.take(),
                ["first", "second", "third"].map(heard),
                "{end:?}"
            );
        }
    });
}

/// A callback may do with its future what it likes: nothing is locked while it is called.
#[test]
fn a_callback_may_use_its_future() {
    heddle::spec(|| {
        let log = Log::default();
        let noted = log.clone();
        let uses = move |future: &Future<u32>| {
            assert!(future.is_done());
            assert!(!future.cancel());
            assert!(future.result_timeout(Duration::ZERO).is_some());
            future.on_done(noted.callback("inner"));
            noted.note(&format!("{:?}", future.result()));
        };
        let (task, future) = promise();
        future.on_done(uses.clone());
        task.run(|| 1);
        assert_eq!(log.take(), ["inner", "Ok(1)"]);
        future.on_done(uses);
        assert_eq!(log.take(), ["inner", "Ok(1)"]);
    });
}

/// A callback of a task that is being cancelled may use its future as well.
#[test]
fn a_callback_of_a_cancel_may_use_its_future() {
    heddle::spec(|| {
        let (log, (task, future)) = (Log::default(), promise::<u32>());
        let noted = log.clone();
        future.on_done(move |future| {
            assert!(future.cancel(), "the task is cancelled");
            noted.note(&format!("{:?}", future.result()));
        });
        assert!(future.cancel());
        assert_eq!(log.take(), ["Err(Cancelled)"]);
        drop(task);
    });
}

/// A task is run and its callbacks are called also when nobody keeps a future.
#[test]
fn a_task_without_readers_is_run() {
    heddle::spec(|| {
        let (log, (task, future)) = (Log::default(), promise());
        future.on_done(log.callback("called"));
        drop(future);
        task.run(|| 1);
        assert_eq!(log.take(), ["called"]);
    });
}

/// Nothing is kept longer than it is needed: no callback after its call, no value after its readers.
#[test]
fn nothing_is_kept_for_nobody() {
    heddle::spec(|| {
        let (task, future) = promise();
        let (value, captured) = (Arc::new(()), Arc::new(()));
        let owned = Arc::clone(&captured);
        future.on_done(move |_| drop(Arc::clone(&owned)));
        let given = Arc::clone(&value);
        task.run(move || given);
        assert_eq!(Arc::strong_count(&captured), 1, "the callback is kept");
        let outcome = future.result();
        drop(future);
        assert_eq!(Arc::strong_count(&value), 2, "the reader has the value");
        drop(outcome);
        assert_eq!(Arc::strong_count(&value), 1, "the value is kept");
    });
}

/// The closure of a cancelled task is dropped, and with it what it captured, which may ask the future.
#[test]
fn a_cancelled_task_lets_go_of_what_it_captured() {
    struct Asks(Future<u32>, Log);
    impl Drop for Asks {
        fn drop(&mut self) {
            self.1.note(&format!("{:?}", self.0.result()));
        }
    }
    heddle::spec(|| {
        let (log, (task, future)) = (Log::default(), promise());
        let captured = Asks(future.clone(), log.clone());
        assert!(future.cancel());
        task.run(move || captured.0.is_done().into());
        assert_eq!(log.take(), ["Err(Cancelled)"]);
    });
}

/// However a task ends, all who wait are woken: with a limit, however long it is, and without.
#[test]
fn every_end_wakes_all_who_wait() {
    const LONG: [Duration; 2] = [Duration::MAX, Duration::from_secs(u64::MAX / 2)];
    heddle::spec(|| {
        for end in End::ALL {
            let (task, future) = promise();
            let waiters = [(); 2].map(|()| waiter(&future));
            let patient = LONG.map(|limit| patient(&future, limit));
            end.of(task, &future);
            for waiter in waiters.into_iter().chain(patient) {
                assert_eq!(copied(waiter.join().unwrap()), end.outcome(), "{end:?}");
            }
        }
    });
}

/// However a task ends, who waits is woken before the callbacks are called, which may take long.
#[test]
fn who_waits_is_woken_before_the_callbacks() {
    heddle::spec(|| {
        for (end, limit) in End::ALL
            .into_iter()
            .flat_map(|end| [(end, None), (end, Some(Duration::MAX))])
        {
            let (task, future) = promise();
            let waiter = match limit {
                None => waiter(&future),
                Some(limit) => patient(&future, limit),
            };
            let log = Log::default();
            let noted = log.clone();
            future.on_done(move |_| noted.note(&format!("{:?}", copied(waiter.join().unwrap()))));
            end.of(task, &future);
            assert_eq!(log.take(), [format!("{:?}", end.outcome())], "{end:?}");
        }
    });
}

/// However a task ends, a callback that panics harms nobody: neither the only one nor a late one.
#[test]
fn a_callback_may_panic_at_every_end() {
    heddle::spec(|| {
        for (end, others) in End::ALL.into_iter().flat_map(|end| [(end, 0), (end, 1)]) {
            let (log, (task, future)) = (Log::default(), promise());
            future.on_done(|_| explode());
            for _ in 0..others {
                future.on_done(log.callback("next"));
            }
            assert!(
                returns(|| end.of(task, &future)),
                "{end:?}: the panic came out"
            );
            assert_eq!(
                log.take().len(),
                others,
                "{end:?}: calls of the next callback"
            );
            let late = || future.on_done(|_| explode());
            assert!(returns(late), "{end:?}: the panic came out of `on_done`");
        }
    });
}

/// A late callback is called at once, and alone, while who has ended the task still calls another.
#[test]
fn a_late_callback_waits_for_no_other() {
    heddle::spec(|| {
        let (log, (task, future)) = (Log::default(), promise());
        let told = Arc::new((Mutex::new(false), Condvar::new()));
        let waits = Arc::clone(&told);
        future.on_done(move |_| {
            let told = waits.0.lock().unwrap();
            drop(waits.1.wait_while(told, |told| !*told).unwrap());
        });
        future.on_done(log.callback("next"));
        let worker = Builder::new().name("worker".into());
        let worker = worker.spawn(move || task.run(|| 1)).unwrap();
        until_blocked(worker.thread());
        future.on_done(log.callback("late"));
        assert_eq!(log.take(), ["late"]);
        *told.0.lock().unwrap() = true;
        told.1.notify_one();
        worker.join().unwrap();
        assert_eq!(log.take(), ["next"]);
    });
}
