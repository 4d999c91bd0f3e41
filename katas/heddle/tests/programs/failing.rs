//! Programs that fail, one for every way in which a schedule can, and one that does not.

use heddle::boxed::{self, Box};
use heddle::cell::UnsafeCell;
use heddle::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use heddle::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;

use super::child::Claim;

pub const CLAIMS: &[Claim] = &[
    ("an assertion", || heddle::model(an_assertion)),
    ("a todo", || heddle::model(|| todo!("the\nbody"))),
    ("two orders", || heddle::model(two_orders)),
    ("a lost wakeup", || heddle::model(a_lost_wakeup)),
    ("a livelock", || heddle::model(a_livelock)),
    ("a data race", || heddle::model(a_data_race)),
    ("a race behind another read", || {
        heddle::model(a_race_behind_another_read);
    }),
    ("a use after free", || heddle::model(a_use_after_free)),
    ("a free that races", || heddle::model(a_free_that_races)),
    ("a leak", || heddle::model(a_leak)),
    ("an endless loop", || heddle::model(an_endless_loop)),
    ("a stale load", || heddle::model(a_stale_load)),
    ("a spurious wakeup", || heddle::model(a_spurious_wakeup)),
    ("a time-out", || heddle::model(a_time_out)),
    ("tokens", || heddle::model(tokens)),
    ("changes", || heddle::model(changes)),
    ("a weak exchange", || heddle::model(a_weak_exchange)),
    ("a held lock", || heddle::model(a_held_lock)),
    ("it holds", || heddle::model(it_holds)),
    ("forks", || heddle::model(forks)),
];

fn an_assertion() {
    let count = Arc::new(AtomicU32::new(0));
    let other = Arc::clone(&count);
    let adder = thread::Builder::new()
        .name("adder".to_owned())
        .spawn(move || {
            let old = other.load(SeqCst);
            other.store(old + 1, SeqCst);
        })
        .unwrap();
    let old = count.load(SeqCst);
    count.store(old + 1, SeqCst);
    adder.join().unwrap();
    assert_eq!(count.load(SeqCst), 2, "an update is lost");
}

fn two_orders() {
    let (left, right) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(0)));
    let (first, second) = (Arc::clone(&right), Arc::clone(&left));
    let other = thread::spawn(move || {
        let _first = first.lock().unwrap();
        let _second = second.lock().unwrap();
    });
    {
        let _left = left.lock().unwrap();
        let _right = right.lock().unwrap();
    }
    other.join().unwrap();
}

struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
}

fn gate() -> Arc<Gate> {
    Arc::new(Gate {
        open: Mutex::new(false),
        opened: Condvar::new(),
    })
}

fn a_lost_wakeup() {
    let gate = gate();
    let opener = {
        let gate = Arc::clone(&gate);
        thread::spawn(move || {
            *gate.open.lock().unwrap() = true;
            gate.opened.notify_one();
        })
    };
    let open = gate.open.lock().unwrap();
    drop(gate.opened.wait(open).unwrap());
    opener.join().unwrap();
}

fn a_livelock() {
    let flag = Arc::new(AtomicBool::new(false));
    while !flag.load(Acquire) {
        heddle::hint::spin_loop();
    }
}

struct Shared(UnsafeCell<u32>);

// SAFETY: it is not; that is what the claim is about.
unsafe impl Sync for Shared {}

fn a_data_race() {
    let shared = Arc::new(Shared(UnsafeCell::new(0)));
    let ready = Arc::new(AtomicBool::new(false));
    let writer = {
        let (shared, ready) = (Arc::clone(&shared), Arc::clone(&ready));
        thread::spawn(move || {
            // SAFETY: it need not be; the model has to find that out.
            shared.0.with_mut(|it| unsafe { *it = 1 });
            ready.store(true, Relaxed);
        })
    };
    if ready.load(Acquire) {
        // SAFETY: it need not be; the model has to find that out.
        shared.0.with(|it| unsafe { *it });
    }
    writer.join().unwrap();
}

fn a_race_behind_another_read() {
    let shared = Arc::new(Shared(UnsafeCell::new(0)));
    let (one, two) = (Arc::clone(&shared), Arc::clone(&shared));
    // SAFETY: it need not be; the model has to find that out.
    let racing = thread::spawn(move || one.0.with(|it| unsafe { *it }));
    // SAFETY: as above.
    let joined = thread::spawn(move || two.0.with(|it| unsafe { *it }));
    joined.join().unwrap();
    // SAFETY: as above.
    shared.0.with_mut(|it| unsafe { *it = 1 });
    racing.join().unwrap();
}

fn a_use_after_free() {
    let node = Box::into_raw(Box::new(7));
    // SAFETY: it need not be; the model has to find that out.
    drop(unsafe { Box::from_raw(node) });
    // SAFETY: it need not be; the model has to find that out.
    unsafe { boxed::with(node, |it| *it) };
}

fn a_free_that_races() {
    let head = Arc::new(AtomicPtr::new(Box::into_raw(Box::new(7))));
    let reader = {
        let head = Arc::clone(&head);
        thread::spawn(move || {
            let node = head.load(Acquire);
            if !node.is_null() {
                // SAFETY: it need not be; the model has to find that out.
                unsafe { boxed::with(node, |it| *it) };
            }
        })
    };
    let node = head.swap(std::ptr::null_mut(), SeqCst);
    // SAFETY: it need not be; the model has to find that out.
    drop(unsafe { Box::from_raw(node) });
    reader.join().unwrap();
}

struct Owner {
    itself: Mutex<Option<Arc<Owner>>>,
}

fn a_leak() {
    let kept = Arc::new(Owner {
        itself: Mutex::new(None),
    });
    *kept.itself.lock().unwrap() = Some(Arc::clone(&kept));
}

fn an_endless_loop() {
    let count = AtomicU32::new(0);
    loop {
        count.fetch_add(1, Relaxed);
    }
}

fn a_stale_load() {
    let (left, right) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let other = {
        let (left, right) = (Arc::clone(&left), Arc::clone(&right));
        thread::spawn(move || {
            left.store(1, Release);
            right.load(Acquire)
        })
    };
    right.store(1, Release);
    let seen = left.load(Acquire);
    assert!(other.join().unwrap() + seen > 0, "nobody saw anything");
}

fn a_spurious_wakeup() {
    let gate = gate();
    let opener = {
        let gate = Arc::clone(&gate);
        thread::spawn(move || {
            *gate.open.lock().unwrap() = true;
            gate.opened.notify_all();
        })
    };
    let mut open = gate.open.lock().unwrap();
    if !*open {
        open = gate.opened.wait(open).unwrap();
    }
    assert!(*open, "it is not open");
    drop(open);
    opener.join().unwrap();
}

fn a_time_out() {
    let gate = gate();
    let second = heddle::time::Duration::from_secs(1);
    let open = gate.open.lock().unwrap();
    let (open, _) = gate.opened.wait_timeout(open, second).unwrap();
    thread::sleep(second);
    assert!(*open, "it is not open");
}

fn tokens() {
    let main = thread::current();
    let other = thread::spawn(move || {
        thread::park();
        main.unpark();
    });
    other.thread().unpark();
    thread::park();
    other.join().unwrap();
    panic!("the end");
}

fn changes() {
    let count = AtomicU32::new(1);
    count.fetch_add(2, Relaxed);
    count.swap(7, Release);
    let _ = count.compare_exchange(7, 8, SeqCst, Relaxed);
    let _ = count.compare_exchange(7, 9, SeqCst, Acquire);
    let mut count = count;
    *count.get_mut() = 5;
    panic!("the end");
}

fn a_weak_exchange() {
    let count = AtomicU32::new(0);
    let exchanged = count.compare_exchange_weak(0, 1, SeqCst, SeqCst);
    assert!(exchanged.is_ok(), "it failed");
}

fn a_held_lock() {
    let gate = gate();
    let waiter = {
        let gate = Arc::clone(&gate);
        thread::spawn(move || {
            let mut open = gate.open.lock().unwrap();
            while !*open {
                open = gate.opened.wait(open).unwrap();
            }
        })
    };
    thread::until_blocked(waiter.thread());
    let mut open = gate.open.lock().unwrap();
    *open = true;
    gate.opened.notify_one();
    thread::until_blocked(waiter.thread());
    drop(open);
    waiter.join().unwrap();
    panic!("the end");
}

fn forks() {
    let forks: Vec<_> = (0..3).map(|_| Mutex::new(())).collect();
    let pair = (Mutex::new(1), [Mutex::new(2), Mutex::new(3)]);
    let _held = (forks[2].lock(), pair.0.lock(), pair.1[1].lock());
    panic!("the end");
}

fn it_holds() {
    let count = Arc::new(AtomicU32::new(0));
    let other = Arc::clone(&count);
    let adder = thread::spawn(move || other.fetch_add(1, Relaxed));
    count.fetch_add(1, Relaxed);
    adder.join().unwrap();
    assert_eq!(count.load(Relaxed), 2);
}
