//! Programs that wait, right and wrong ones.

use std::cell::Cell;
use std::time::Duration;

use heddle::sync::atomic::AtomicBool;
use heddle::sync::atomic::Ordering::{Acquire, Release, SeqCst};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;
use heddle::time::Instant;

pub fn consumer(in_a_loop: bool) {
    heddle::model(move || {
        let items = Arc::new(Mutex::new(Vec::new()));
        let not_empty = Arc::new(Condvar::new());
        let (its_items, its_not_empty) = (Arc::clone(&items), Arc::clone(&not_empty));
        let producer = thread::spawn(move || {
            its_items.lock().unwrap().push(1);
            its_not_empty.notify_one();
        });
        let mut guard = items.lock().unwrap();
        if in_a_loop {
            guard = not_empty
                .wait_while(guard, |items| items.is_empty())
                .unwrap();
        } else if guard.is_empty() {
            guard = not_empty.wait(guard).unwrap();
        }
        assert_eq!(guard.pop(), Some(1));
        drop(guard);
        producer.join().unwrap();
    });
}

pub fn parker(in_a_loop: bool) {
    heddle::model(move || {
        let ready = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&ready);
        let parker = thread::spawn(move || {
            if in_a_loop {
                while !shared.load(Acquire) {
                    thread::park();
                }
            } else if !shared.load(Acquire) {
                thread::park();
            }
            assert!(shared.load(Acquire));
        });
        ready.store(true, Release);
        parker.thread().unpark();
        parker.join().unwrap();
    });
}

pub fn a_token_during_a_join() {
    heddle::model(|| {
        let main = thread::current();
        let other = thread::spawn(move || main.unpark());
        other.join().unwrap();
        thread::park();
    });
}

pub fn a_token_while_waiting() {
    heddle::model(|| {
        let pair = Arc::new((Mutex::new(false), Condvar::new()));
        let shared = Arc::clone(&pair);
        let main = thread::current();
        let other = thread::spawn(move || {
            main.unpark();
            *shared.0.lock().unwrap() = true;
            shared.1.notify_all();
        });
        drop(
            pair.1
                .wait_while(pair.0.lock().unwrap(), |ready| !*ready)
                .unwrap(),
        );
        other.join().unwrap();
        thread::park();
    });
}

pub fn a_timed_wait_that_nobody_ends() {
    heddle::model(|| {
        let lock = Mutex::new(());
        let never = Condvar::new();
        let limit = Duration::from_secs(3600);
        let start = Instant::now();
        let (guard, result) = never
            .wait_timeout_while(lock.lock().unwrap(), limit, |()| true)
            .unwrap();
        drop(guard);
        assert!(result.timed_out());
        assert!(start.elapsed() >= limit);
    });
}

pub fn a_deadline() {
    heddle::model(|| {
        let pair = Arc::new((Mutex::new(false), Condvar::new()));
        let shared = Arc::clone(&pair);
        let setter = thread::spawn(move || {
            *shared.0.lock().unwrap() = true;
            shared.1.notify_one();
        });
        let deadline = Instant::now().checked_add(Duration::from_secs(5)).unwrap();
        let mut guard = pair.0.lock().unwrap();
        while !*guard {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            guard = pair.1.wait_timeout(guard, left).unwrap().0;
        }
        drop(guard);
        setter.join().unwrap();
    });
}

/// Takes it that nobody's time is over before it looks at the clock.
pub fn looks_at_the_clock_beside(waits: fn()) {
    heddle::model(move || {
        let began = Instant::now();
        let waiter = thread::spawn(waits);
        assert_eq!(began.elapsed(), Duration::ZERO);
        waiter.join().unwrap();
    });
}

/// Waits for a second in vain.
pub fn waits_in_vain() {
    let nobody = Condvar::new();
    let lock = Mutex::new(());
    drop(nobody.wait_timeout(lock.lock().unwrap(), Duration::from_secs(1)));
}

/// The same with `park`.
pub fn parks_in_vain() {
    thread::park_timeout(Duration::from_secs(1));
}

pub fn poll_with_a_timed_park() {
    heddle::model(|| {
        let done = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&done);
        let other = thread::spawn(move || shared.store(true, Release));
        while !done.load(Acquire) {
            thread::park_timeout(Duration::from_millis(10));
        }
        other.join().unwrap();
    });
}

pub fn sleep_in_a_loop() {
    heddle::model(|| {
        let done = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&done);
        let other = thread::spawn(move || shared.store(true, Release));
        while !done.load(Acquire) {
            thread::sleep(Duration::from_millis(10));
        }
        other.join().unwrap();
    });
}

pub fn a_scope_that_borrows() {
    heddle::model(|| {
        let mut total = 0;
        let borrowed = Mutex::new(20);
        thread::scope(|scope| {
            scope.spawn(|| total += 1);
            let named = thread::Builder::new().name("adder".to_owned());
            let adder = named.spawn_scoped(scope, || {
                *borrowed.lock().unwrap() += 1;
                thread::current().name().map(str::to_owned)
            });
            assert_eq!(adder.unwrap().join().unwrap().as_deref(), Some("adder"));
        });
        assert_eq!((total, borrowed.into_inner().unwrap()), (1, 21));
    });
}

heddle::thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static OTHER: Cell<u32> = Cell::new(7);
}

pub fn thread_local_values() {
    heddle::model(|| {
        DEPTH.set(1);
        let ids = thread::spawn(|| {
            assert_eq!((DEPTH.get(), OTHER.get()), (0, 7));
            DEPTH.set(5);
            thread::current().id()
        });
        assert_ne!(ids.join().unwrap(), thread::current().id());
        assert_eq!(DEPTH.get(), 1);
    });
}

pub fn until_blocked() {
    heddle::model(|| {
        let pair = Arc::new((Mutex::new(false), Condvar::new()));
        let shared = Arc::clone(&pair);
        let waiter = thread::spawn(move || {
            let waited = shared
                .1
                .wait_while(shared.0.lock().unwrap(), |ready| !*ready);
            drop(waited.unwrap());
        });
        thread::until_blocked(waiter.thread());
        *pair.0.lock().unwrap() = true;
        pair.1.notify_one();
        waiter.join().unwrap();
    });
}

/// Looks so many times before it sleeps.
pub fn until_blocked_in_a_timed_wait() {
    heddle::model(|| {
        let pair = Arc::new((Mutex::new(()), Condvar::new()));
        let shared = Arc::clone(&pair);
        let waiter = thread::spawn(move || {
            let guard = shared.0.lock().unwrap();
            drop(
                shared
                    .1
                    .wait_timeout(guard, Duration::from_secs(1))
                    .unwrap(),
            );
        });
        thread::until_blocked(waiter.thread());
        pair.1.notify_one();
        waiter.join().unwrap();
    });
}

pub fn notify_nobody() {
    heddle::model(|| {
        let ready = Arc::new(Mutex::new(false));
        let changed = Arc::new(Condvar::new());
        let shared = Arc::clone(&ready);
        let setter = thread::spawn(move || *shared.lock().unwrap() = true);
        drop(
            changed
                .wait_while(ready.lock().unwrap(), |ready| !*ready)
                .unwrap(),
        );
        setter.join().unwrap();
    });
}

/// Two waiters with two conditions on one condition variable, and one notification.
pub fn notify_the_wrong_one() {
    heddle::model(|| {
        let state = Arc::new((Mutex::new((false, false)), Condvar::new()));
        let [first, second] = [(); 2].map(|()| Arc::clone(&state));
        let first = thread::spawn(move || {
            let waited = first
                .1
                .wait_while(first.0.lock().unwrap(), |state| !state.0);
            drop(waited.unwrap());
        });
        thread::until_blocked(first.thread());
        let second = thread::spawn(move || {
            let waited = second
                .1
                .wait_while(second.0.lock().unwrap(), |state| !state.1);
            drop(waited.unwrap());
        });
        thread::until_blocked(second.thread());
        // The one that came first is meant, and loses its wakeup when the other is woken.
        state.0.lock().unwrap().0 = true;
        state.1.notify_one();
        first.join().unwrap();
        state.0.lock().unwrap().1 = true;
        state.1.notify_one();
        second.join().unwrap();
    });
}

pub fn two_lock_orders() {
    heddle::model(|| {
        let left = Arc::new(Mutex::new(()));
        let right = Arc::new(Mutex::new(()));
        let (its_left, its_right) = (Arc::clone(&left), Arc::clone(&right));
        let other = thread::Builder::new()
            .name("other".to_owned())
            .spawn(move || {
                let _left = its_left.lock().unwrap();
                let _right = its_right.lock().unwrap();
            });
        {
            let _right = right.lock().unwrap();
            let _left = left.lock().unwrap();
        }
        other.unwrap().join().unwrap();
    });
}

pub fn a_lock_taken_twice() {
    heddle::model(|| {
        let lock = Mutex::new(());
        let _first = lock.lock().unwrap();
        let _second = lock.lock().unwrap();
    });
}

pub fn a_result_ignored() {
    heddle::model(|| {
        let pair = Arc::new((Mutex::new(false), Condvar::new()));
        let shared = Arc::clone(&pair);
        let setter = thread::spawn(move || {
            *shared.0.lock().unwrap() = true;
            shared.1.notify_one();
        });
        let guard = pair.0.lock().unwrap();
        if !*guard {
            let guard = pair
                .1
                .wait_timeout(guard, Duration::from_secs(1))
                .unwrap()
                .0;
            assert!(*guard, "it must be ready now");
        }
        setter.join().unwrap();
    });
}

/// A claim that a notification always comes first, or never: both must be wrong.
pub fn never_times_out() {
    heddle::model(|| {
        let pair = Arc::new((Mutex::new(false), Condvar::new()));
        let shared = Arc::clone(&pair);
        let setter = thread::spawn(move || {
            let mut guard = shared.0.lock().unwrap();
            *guard = true;
            shared.1.notify_one();
        });
        let guard = pair.0.lock().unwrap();
        if !*guard {
            let (guard, result) = pair.1.wait_timeout(guard, Duration::from_secs(1)).unwrap();
            assert!(
                result.timed_out() || !*guard,
                "a notification can come first"
            );
        }
        setter.join().unwrap();
    });
}

pub fn poll_for_ever() {
    heddle::model(|| {
        let never = AtomicBool::new(false);
        while !never.load(SeqCst) {
            thread::park_timeout(Duration::from_millis(1));
        }
    });
}
