//! Events and parking, their right forms and their bugs.

use heddle::sync::atomic::{AtomicBool, Ordering::*};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread::{self, Thread};

struct Event {
    set: Mutex<bool>,
    changed: Condvar,
}

/// `waiters` threads wait for an event that thread 0 sets with `wake`.
fn set_wakes(waiters: usize, wake: fn(&Condvar)) {
    let event = Arc::new(Event {
        set: Mutex::new(false),
        changed: Condvar::new(),
    });
    let handles: Vec<_> = (0..waiters)
        .map(|_| {
            let event = event.clone();
            thread::spawn(move || {
                let mut set = event.set.lock().unwrap();
                while !*set {
                    set = event.changed.wait(set).unwrap();
                }
            })
        })
        .collect();
    *event.set.lock().unwrap() = true;
    wake(&event.changed);
    handles.into_iter().for_each(|h| h.join().unwrap());
}

/// (b) `notify_one` for `notify_all`: the second waiter sleeps on.
#[test]
fn notify_one_for_notify_all() {
    rejected!("deadlock", "sequential-", || set_wakes(
        2,
        Condvar::notify_one
    ));
}

/// (d) A parked thread that does not look at its flag again after it woke.
#[test]
fn park_without_recheck() {
    rejected!("assertion", "fault:", || {
        let flag = Arc::new(AtomicBool::new(false));
        let waiter = thread::spawn({
            let flag = flag.clone();
            move || {
                if !flag.load(Acquire) {
                    thread::park();
                }
                assert!(flag.load(Acquire), "woke up, but the flag is not set");
            }
        });
        flag.store(true, Release);
        waiter.thread().unpark();
        waiter.join().unwrap();
    });
}

/// (d) Testing, then registering, then parking: the wakeup falls between the first two.
#[test]
fn test_then_register_then_park() {
    rejected!("deadlock", "sequential-", || {
        let shared = Arc::new((AtomicBool::new(false), Mutex::new(None::<Thread>)));
        let waiter = thread::spawn({
            let shared = shared.clone();
            move || {
                while !shared.0.load(Acquire) {
                    *shared.1.lock().unwrap() = Some(thread::current());
                    thread::park();
                }
            }
        });
        shared.0.store(true, Release);
        if let Some(thread) = shared.1.lock().unwrap().take() {
            thread.unpark();
        }
        waiter.join().unwrap();
    });
}

/// Right: an event with one waiter.
#[test]
fn right_with_two_threads() {
    accepted!(|| set_wakes(1, Condvar::notify_all));
}

/// Right: an event with two waiters.
#[test]
fn right_with_three_threads() {
    accepted!(|| set_wakes(2, Condvar::notify_all));
}

/// Right: a parked thread that looks again.
#[test]
fn right_park_with_recheck() {
    accepted!(|| {
        let flag = Arc::new(AtomicBool::new(false));
        let waiter = thread::spawn({
            let flag = flag.clone();
            move || {
                while !flag.load(Acquire) {
                    thread::park();
                }
            }
        });
        flag.store(true, Release);
        waiter.thread().unpark();
        waiter.join().unwrap();
    });
}

/// Right: an auto-reset event, `store(true)` racing `swap(false)`.
#[test]
fn right_auto_reset_event() {
    accepted!(|| {
        let set = Arc::new(AtomicBool::new(false));
        let waiter = thread::spawn({
            let set = set.clone();
            move || {
                while !set.swap(false, Acquire) {
                    thread::yield_now();
                }
            }
        });
        set.store(true, Release);
        waiter.join().unwrap();
        assert!(!set.load(Relaxed), "the waiter took the event");
    });
}

/// Right: `unpark` of a thread that is joining another one.
#[test]
fn right_unpark_of_a_joining_thread() {
    accepted!(|| {
        let main = thread::current();
        thread::spawn(move || main.unpark()).join().unwrap();
        thread::park();
    });
}

/// Right: `unpark` of a thread that is in a condition variable's wait leaves its token for later.
#[test]
fn right_unpark_of_a_waiting_thread() {
    accepted!(|| {
        let event = Arc::new(Event {
            set: Mutex::new(false),
            changed: Condvar::new(),
        });
        let main = thread::current();
        let setter = thread::spawn({
            let event = event.clone();
            move || {
                main.unpark();
                *event.set.lock().unwrap() = true;
                event.changed.notify_one();
            }
        });
        let set = event.set.lock().unwrap();
        drop(event.changed.wait_while(set, |set| !*set).unwrap());
        thread::park();
        setter.join().unwrap();
    });
}
