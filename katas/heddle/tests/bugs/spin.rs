//! Spin locks and the store-buffering family: what the orderings of an atomic buy.

use heddle::cell::UnsafeCell;
use heddle::sync::Arc;
use heddle::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*, fence};
use heddle::{hint, thread};

struct Locked {
    held: AtomicBool,
    value: UnsafeCell<usize>,
    acquire: fn(&AtomicBool),
    release: Ordering,
}

// SAFETY: `value` is touched between `acquire` and the store that releases; whether that excludes
// other threads is what the claims below find out.
unsafe impl Sync for Locked {}

fn by_compare_exchange(held: &AtomicBool) {
    while held
        .compare_exchange(false, true, Acquire, Relaxed)
        .is_err()
    {
        hint::spin_loop();
    }
}

fn by_swap(held: &AtomicBool) {
    while held.swap(true, Acquire) {
        hint::spin_loop();
    }
}

fn by_test_and_test_and_set(held: &AtomicBool) {
    loop {
        while held.load(Relaxed) {
            hint::spin_loop();
        }
        if held.compare_exchange(false, true, Acquire, Relaxed).is_ok() {
            return;
        }
    }
}

fn relaxed(held: &AtomicBool) {
    while held
        .compare_exchange(false, true, Relaxed, Relaxed)
        .is_err()
    {
        hint::spin_loop();
    }
}

fn by_load_and_store(held: &AtomicBool) {
    while held.load(Acquire) {
        hint::spin_loop();
    }
    held.store(true, Relaxed);
}

/// `threads` threads, thread 0 among them, increment a plain number under the lock.
fn increments(threads: usize, acquire: fn(&AtomicBool), release: Ordering) {
    let locked = Arc::new(Locked {
        held: AtomicBool::new(false),
        value: UnsafeCell::new(0),
        acquire,
        release,
    });
    let increment = |locked: &Locked| {
        (locked.acquire)(&locked.held);
        // SAFETY: the lock is held, if it deserves its name.
        locked.value.with_mut(|value| unsafe { *value += 1 });
        locked.held.store(false, locked.release);
    };
    let handles: Vec<_> = (1..threads)
        .map(|_| {
            let locked = locked.clone();
            thread::spawn(move || increment(&locked))
        })
        .collect();
    increment(&locked);
    handles.into_iter().for_each(|h| h.join().unwrap());
    // SAFETY: every other thread was joined.
    let value = locked.value.with(|value| unsafe { *value });
    assert_eq!(value, threads, "an increment was lost");
}

/// (g) A relaxed unlock publishes nothing.
#[test]
fn relaxed_unlock() {
    rejected!("data-race", "orderings-", || increments(
        2,
        by_compare_exchange,
        Relaxed
    ));
}

/// (g) A relaxed lock acquires nothing.
#[test]
fn relaxed_lock() {
    rejected!("data-race", "orderings-", || increments(
        2, relaxed, Release
    ));
}

/// (h) Looking and then storing lets two threads in.
#[test]
fn lock_by_load_and_store() {
    rejected!("", "sequential-", || increments(
        2,
        by_load_and_store,
        Release
    ));
}

/// Right: a compare-exchange spin lock of two threads.
#[test]
fn right_compare_exchange_lock_with_two_threads() {
    accepted!(|| increments(2, by_compare_exchange, Release));
}

/// Right: three threads.
#[test]
fn right_compare_exchange_lock_with_three_threads() {
    accepted!(|| increments(3, by_compare_exchange, Release));
}

/// Right: a `swap` spin lock of two threads.
#[test]
fn right_swap_lock_with_two_threads() {
    accepted!(|| increments(2, by_swap, Release));
}

/// Right: a `swap` spin lock of three threads.
#[test]
fn right_swap_lock_with_three_threads() {
    accepted!(|| increments(3, by_swap, Release));
}

/// Right: test and test-and-set, three threads.
#[test]
fn right_test_and_test_and_set_with_three_threads() {
    accepted!(|| increments(3, by_test_and_test_and_set, Release));
}

/// Both threads store their own flag and then look at the other's; at least one must see it.
fn store_buffering(mine: fn(&AtomicUsize), other: fn(&AtomicUsize) -> usize) {
    let flags = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
    let second = thread::spawn({
        let flags = flags.clone();
        move || {
            mine(&flags[1]);
            other(&flags[0])
        }
    });
    mine(&flags[0]);
    let first = other(&flags[1]);
    let second = second.join().unwrap();
    assert!(first + second > 0, "neither thread saw the other");
}

/// (i) Store buffering with relaxed operations.
#[test]
fn store_buffering_relaxed() {
    rejected!("assertion", "orderings-", || store_buffering(
        |f| f.store(1, Relaxed),
        |f| f.load(Relaxed)
    ));
}

/// (i) Store buffering with release and acquire, which do not order a store before a load.
#[test]
fn store_buffering_release_acquire() {
    rejected!("assertion", "orderings-", || store_buffering(
        |f| f.store(1, Release),
        |f| f.load(Acquire)
    ));
}

/// (i) Store buffering with an AcqRel swap and an acquire load.
#[test]
fn store_buffering_swap() {
    rejected!("assertion", "orderings-", || store_buffering(
        |f| {
            f.swap(1, AcqRel);
        },
        |f| f.load(Acquire)
    ));
}

/// Right: `SeqCst` store buffering.
#[test]
fn right_store_buffering_seqcst() {
    accepted!(|| store_buffering(|f| f.store(1, SeqCst), |f| f.load(SeqCst)));
}

/// Right: store buffering with `SeqCst` fences.
#[test]
fn right_store_buffering_with_fences() {
    accepted!(|| store_buffering(
        |f| {
            f.store(1, Relaxed);
            fence(SeqCst);
        },
        |f| f.load(Relaxed)
    ));
}

struct Peterson {
    wants: [AtomicBool; 2],
    turn: AtomicUsize,
    value: UnsafeCell<usize>,
}

// SAFETY: `value` is touched inside the critical section alone; the claims find out whether that is one.
unsafe impl Sync for Peterson {}

fn peterson(store: Ordering, load: Ordering) {
    let lock = Arc::new(Peterson {
        wants: [AtomicBool::new(false), AtomicBool::new(false)],
        turn: AtomicUsize::new(0),
        value: UnsafeCell::new(0),
    });
    let enter = move |lock: &Peterson, me: usize| {
        lock.wants[me].store(true, store);
        lock.turn.store(1 - me, store);
        while lock.wants[1 - me].load(load) && lock.turn.load(load) == 1 - me {
            hint::spin_loop();
        }
        // SAFETY: inside the critical section.
        lock.value.with_mut(|value| unsafe { *value += 1 });
        lock.wants[me].store(false, store);
    };
    let second = thread::spawn({
        let lock = lock.clone();
        move || enter(&lock, 1)
    });
    enter(&lock, 0);
    second.join().unwrap();
}

/// (i) Peterson's lock with release and acquire lets both in.
#[test]
fn peterson_release_acquire() {
    rejected!("data-race", "orderings-", || peterson(Release, Acquire));
}

/// Right: Peterson's lock with `SeqCst`.
#[test]
fn right_peterson_seqcst() {
    accepted!(|| peterson(SeqCst, SeqCst));
}
