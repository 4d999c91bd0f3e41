//! What a future promises under every schedule.

use heddle::cell::UnsafeCell;
use heddle::sync::Arc;
use heddle::sync::atomic::{AtomicU32, Ordering};
use heddle::thread::{self, Builder, JoinHandle};
use heddle::time::{Duration, Instant};
use kata_14_future::{Future, Outcome, Running, TaskError, promise};

/// Not a whole number of milliseconds.
const LIMIT: Duration = Duration::from_micros(5_500);
const MOMENT: Duration = Duration::from_millis(3);
/// More than a wait of no time takes.
const TICK: Duration = Duration::from_micros(1);

/// In a model time passes only while somebody waits for it, so a limit is kept to the tick.
fn is_limit(waited: Duration) -> bool {
    (LIMIT..LIMIT + TICK).contains(&waited)
}

fn spawn<R, F>(name: &str, body: F) -> JoinHandle<R>
where
    R: Send + 'static,
    F: FnOnce() -> R + Send + 'static,
{
    Builder::new().name(name.into()).spawn(body).unwrap()
}

/// Starts a thread that waits for the outcome.
fn waiter(name: &str, future: &Future<u32>) -> JoinHandle<Outcome<u32>> {
    let future = future.clone();
    spawn(name, move || future.result())
}

/// Starts a thread that waits with a limit which will not come.
fn patient(future: &Future<u32>) -> JoinHandle<Option<Outcome<u32>>> {
    let future = future.clone();
    spawn("patient", move || future.result_timeout(Duration::MAX))
}

/// A task that has begun, and a future of it.
fn begun() -> (Running<u32>, Future<u32>) {
    let (task, future) = promise();
    (task.start().expect("nobody has cancelled"), future)
}

fn value(outcome: &Outcome<u32>) -> Option<u32> {
    outcome.as_deref().ok().copied()
}

/// How often a callback was called.
#[derive(Clone)]
struct Calls(Arc<AtomicU32>);

impl Calls {
    fn new() -> Self {
        Self(Arc::new(AtomicU32::new(0)))
    }

    fn callback(&self) -> impl FnOnce(&Future<u32>) + Send + 'static {
        let calls = self.clone();
        move |_| {
            calls.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn number(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What is written before the end of a task and read after it.
struct Letter(UnsafeCell<u32>);
// SAFETY: written before the task is done, and read by those who were told that it is.
unsafe impl Sync for Letter {}
// SAFETY: as above.
unsafe impl Send for Letter {}

/// A value that comes while somebody goes to sleep for it reaches them.
#[test]
fn the_value_reaches_who_waits() {
    heddle::model(|| {
        let (running, future) = begun();
        let waiter = waiter("waiter", &future);
        running.set(7);
        assert_eq!(value(&waiter.join().unwrap()), Some(7));
    });
}

/// Two threads that wait both get the value.
#[test]
fn the_value_reaches_both_who_wait() {
    heddle::model(|| {
        let (running, future) = begun();
        let waiters = ["first", "second"].map(|name| waiter(name, &future));
        running.set(7);
        for waiter in waiters {
            assert_eq!(value(&waiter.join().unwrap()), Some(7));
        }
    });
}

/// A thread whose time runs out takes nobody else's wake-up with it.
#[test]
fn a_timeout_takes_no_wake_up_away() {
    heddle::model(|| {
        let (running, future) = begun();
        let timed = future.clone();
        let timed = spawn("timed", move || timed.result_timeout(LIMIT));
        let waiter = waiter("waiter", &future);
        running.set(7);
        assert_eq!(value(&waiter.join().unwrap()), Some(7));
        let outcome = timed.join().unwrap();
        assert!(outcome.is_none_or(|outcome| value(&outcome) == Some(7)));
    });
}

/// A task that is abandoned while somebody goes to sleep for it leaves nobody asleep.
#[test]
fn an_abandoned_task_reaches_who_waits() {
    heddle::model(|| {
        let (task, future) = promise::<u32>();
        let waiter = patient(&future);
        drop(task);
        assert_eq!(waiter.join().unwrap(), Some(Err(TaskError::Abandoned)));
    });
}

/// A cancel that comes while somebody goes to sleep leaves nobody asleep.
#[test]
fn a_cancel_reaches_who_waits() {
    heddle::model(|| {
        let (task, future) = promise::<u32>();
        let waiter = patient(&future);
        assert!(future.cancel());
        assert_eq!(waiter.join().unwrap(), Some(Err(TaskError::Cancelled)));
        assert!(task.start().is_none(), "the task was cancelled");
    });
}

/// Either the task begins or it is cancelled, and both sides agree on which.
#[test]
fn a_task_is_either_begun_or_cancelled() {
    heddle::model(|| {
        let (task, future) = promise();
        let worker = spawn("worker", move || match task.start() {
            Some(running) => {
                running.set(7);
                true
            }
            None => false,
        });
        let cancelled = future.cancel();
        let begun = worker.join().unwrap();
        assert_ne!(begun, cancelled, "begun, and cancelled?");
        let expected = begun.then_some(7);
        assert_eq!(value(&future.result()), expected, "the outcome");
    });
}

/// What a reader was told stays true: an outcome is never replaced by another.
#[test]
fn an_outcome_is_never_replaced() {
    heddle::model(|| {
        let (task, future) = promise::<u32>();
        let other = future.clone();
        let canceller = spawn("canceller", move || other.cancel());
        let worker = spawn("worker", move || drop(task));
        let first = future.result();
        assert_eq!(future.result(), first, "another outcome");
        worker.join().unwrap();
        let cancelled = canceller.join().unwrap();
        assert_eq!(future.result(), first, "another outcome");
        assert_eq!(cancelled, first == Err(TaskError::Cancelled));
    });
}

/// A callback is called once, whether it comes before the end, at the end or after it.
#[test]
fn a_callback_is_called_once_whenever_it_comes() {
    heddle::model(|| {
        let (calls, (running, future)) = (Calls::new(), begun());
        let worker = spawn("worker", move || running.set(7));
        future.on_done(calls.callback());
        worker.join().unwrap();
        assert_eq!(calls.number(), 1, "the calls of one callback");
    });
}

/// Two threads that add a callback at the same time both have it called.
#[test]
fn no_callback_gets_lost_among_others() {
    heddle::model(|| {
        let (calls, (running, future)) = (Calls::new(), begun());
        let (other, callback) = (future.clone(), calls.callback());
        let adder = spawn("adder", move || other.on_done(callback));
        future.on_done(calls.callback());
        adder.join().unwrap();
        running.set(7);
        assert_eq!(calls.number(), 2, "the calls of two callbacks");
    });
}

/// When two threads cancel at the same time, both are told yes, and a callback is called once.
#[test]
fn two_cancels_call_a_callback_once() {
    heddle::model(|| {
        let (calls, (task, future)) = (Calls::new(), promise());
        future.on_done(calls.callback());
        let other = future.clone();
        let other = spawn("other", move || other.cancel() && other.is_done());
        assert!(future.cancel() && future.is_done(), "the task is cancelled");
        assert!(other.join().unwrap(), "the task is cancelled");
        assert_eq!(calls.number(), 1, "the calls of one callback");
        drop(task);
    });
}

/// When a callback is called the outcome is there, for it and for everybody.
#[test]
fn a_callback_finds_the_outcome() {
    heddle::model(|| {
        let (running, future) = begun();
        let worker = spawn("worker", move || running.set(7));
        future.on_done(|future| {
            assert!(future.is_done());
            let outcome = future.result_timeout(Duration::ZERO);
            assert_eq!(outcome.as_ref().and_then(value), Some(7));
        });
        worker.join().unwrap();
    });
}

/// Whoever is told that the task is done finds its outcome, and all that was done before it.
#[test]
fn done_means_that_the_outcome_is_there() {
    heddle::model(|| {
        let (letter, (running, future)) = (Arc::new(Letter(UnsafeCell::new(0))), begun());
        let written = Arc::clone(&letter);
        let worker = spawn("worker", move || {
            // SAFETY: see `Letter`; the task is not done.
            written.0.with_mut(|text| unsafe { *text = 7 });
            running.set(7);
        });
        if future.is_done() {
            // SAFETY: see `Letter`; the task is done.
            assert_eq!(letter.0.with(|text| unsafe { *text }), 7);
            let outcome = future.result_timeout(Duration::ZERO);
            assert_eq!(outcome.as_ref().and_then(value), Some(7));
        }
        worker.join().unwrap();
    });
}

/// A wait with a limit that ends without an outcome has lasted as long as it may.
#[test]
fn a_timed_wait_is_as_long_as_its_limit() {
    heddle::model(|| {
        let (running, future) = begun();
        let begin = Instant::now();
        assert_eq!(future.result_timeout(Duration::ZERO), None);
        assert!(begin.elapsed() < TICK, "a look takes no time");
        assert_eq!(future.result_timeout(LIMIT), None);
        let waited = begin.elapsed();
        assert!(is_limit(waited), "waited {waited:?} instead of {LIMIT:?}");
        drop(running);
    });
}

/// What happens to the task meanwhile makes a wait with a limit neither longer nor shorter.
#[test]
fn a_start_does_not_change_a_time_limit() {
    heddle::model(|| {
        let (task, future) = promise::<u32>();
        let waiter = spawn("waiter", move || {
            let begin = Instant::now();
            (future.result_timeout(LIMIT), begin.elapsed())
        });
        thread::until_blocked(waiter.thread());
        thread::sleep(MOMENT);
        let running = task.start();
        let (outcome, waited) = waiter.join().unwrap();
        assert!(outcome.is_none(), "the task goes on");
        assert!(is_limit(waited), "waited {waited:?} instead of {LIMIT:?}");
        drop(running);
    });
}

/// The value ends a wait with a limit at once, and not when its time is over.
#[test]
fn the_value_ends_a_timed_wait_at_once() {
    heddle::model(|| {
        let (begin, (running, future)) = (Instant::now(), begun());
        let waiter = spawn("waiter", move || {
            (future.result_timeout(LIMIT), begin.elapsed())
        });
        running.set(7);
        let set = begin.elapsed();
        let (outcome, waited) = waiter.join().unwrap();
        // Otherwise the time was over before the value came.
        if set.is_zero() {
            assert_eq!(outcome.as_ref().and_then(value), Some(7), "gave up");
            assert!(waited.is_zero(), "slept on after the value");
        }
    });
}

/// A wait without a limit looks at no clock: it sleeps until the outcome is there.
#[test]
fn a_wait_without_a_limit_does_not_poll() {
    heddle::model(|| {
        let (begin, (running, future)) = (Instant::now(), begun());
        let waiter = waiter("waiter", &future);
        running.set(7);
        assert_eq!(value(&waiter.join().unwrap()), Some(7));
        // In a model time passes only while somebody waits for it.
        assert!(begin.elapsed().is_zero(), "asked again after some time");
    });
}

/// A limit past the end of the clock is none: the wait lasts until the outcome is there.
#[test]
fn the_longest_limit_waits_for_the_value() {
    heddle::model(|| {
        let (running, future) = begun();
        let waiter = patient(&future);
        running.set(7);
        let outcome = waiter.join().unwrap();
        assert_eq!(outcome.as_ref().and_then(value), Some(7), "gave up");
    });
}

/// A callback that holds its own future is let go when it was called, and the future with it.
#[test]
fn a_callback_that_holds_its_future_is_let_go() {
    heddle::model(|| {
        let (task, future) = promise::<u32>();
        let own = future.clone();
        future.on_done(move |_| drop(own));
        let worker = spawn("worker", move || drop(task));
        drop(future);
        worker.join().unwrap();
    });
}

/// A callback may ask its future while another thread waits for it.
#[test]
fn a_callback_may_ask_its_future() {
    heddle::model(|| {
        let (running, future) = begun();
        future.on_done(|future| assert_eq!(value(&future.result()), Some(7)));
        let waiter = waiter("waiter", &future);
        running.set(7);
        assert_eq!(value(&waiter.join().unwrap()), Some(7));
    });
}

/// Callbacks that come while somebody waits do not make the wait any shorter.
#[test]
fn callbacks_that_come_do_not_shorten_a_wait() {
    heddle::model(|| {
        let (task, future) = promise::<u32>();
        let timed = future.clone();
        let waiter = spawn("waiter", move || {
            let begin = Instant::now();
            (timed.result_timeout(LIMIT), begin.elapsed())
        });
        thread::until_blocked(waiter.thread());
        for _ in 0..3 {
            thread::sleep(Duration::from_millis(1));
            future.on_done(|_| ());
        }
        let (outcome, waited) = waiter.join().unwrap();
        assert!(outcome.is_none(), "the task goes on");
        assert!(waited >= LIMIT, "gave up too early: {waited:?}");
        drop(task);
    });
}

/// A callback finds all that was done before the end, in whichever thread it is called.
#[test]
fn a_callback_finds_what_was_done_before_the_end() {
    heddle::model(|| {
        let (letter, (running, future)) = (Arc::new(Letter(UnsafeCell::new(0))), begun());
        let written = Arc::clone(&letter);
        let worker = spawn("worker", move || {
            // SAFETY: see `Letter`; the task is not done.
            written.0.with_mut(|text| unsafe { *text = 7 });
            running.set(7);
        });
        // SAFETY: see `Letter`; the task is done.
        future.on_done(move |_| assert_eq!(letter.0.with(|text| unsafe { *text }), 7));
        worker.join().unwrap();
    });
}

/// A callback may wait for a thread that adds another one: nothing is locked while it is called.
#[test]
fn a_callback_may_wait_for_who_adds_another() {
    heddle::model(|| {
        let (calls, (running, future)) = (Calls::new(), begun());
        let (other, callback) = (future.clone(), calls.callback());
        let adder = spawn("adder", move || other.on_done(callback));
        future.on_done(move |_| adder.join().unwrap());
        running.set(7);
        assert_eq!(calls.number(), 1, "the calls of the other one");
    });
}
