//! What the trace face knows of threads that wait: exactly who can go on and who cannot.

#![cfg(feature = "trace")]

mod child;

use std::time::Duration;

use child::{Child, Claim};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;

const CLAIMS: &[Claim] = &[
    ("waits without a notification", || {
        heddle::spec(waits_without_a_notification);
    }),
    ("locks in two orders", || heddle::spec(locks_in_two_orders)),
    ("parks without a token", || {
        heddle::spec(parks_without_a_token)
    }),
    ("locks twice", || heddle::spec(locks_twice)),
    ("waits with a limit", || heddle::spec(waits_with_a_limit)),
    ("waits for the blocked", || {
        heddle::spec(waits_for_the_blocked)
    }),
    ("keeps its token", || heddle::spec(keeps_its_token)),
    ("joins a scope", || heddle::spec(joins_a_scope)),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(CLAIMS);
}

fn waits_without_a_notification() {
    let items = Arc::new(Mutex::new(0));
    let not_empty = Arc::new(Condvar::new());
    let (its_items, its_not_empty) = (Arc::clone(&items), Arc::clone(&not_empty));
    let consumer = thread::Builder::new()
        .name("consumer".to_owned())
        .spawn(move || {
            let guard = its_items.lock().unwrap();
            let _guard = its_not_empty.wait(guard).unwrap();
        });
    consumer.unwrap().join().unwrap();
}

/// A wait that nobody will end is a deadlock, told with the names of thread and condition.
#[test]
fn a_wait_that_nobody_ends_is_a_deadlock() {
    let ended = Child::graded("waits without a notification").run();
    ended.assert_failed("deadlock");
    let threads = ended.end()["threads"].as_array().unwrap();
    let consumer = threads.iter().find(|it| it["name"] == "consumer").unwrap();
    assert_eq!(
        consumer["doing"],
        "has been in Condvar::wait on `not_empty`; nobody is left to notify it"
    );
    assert!(consumer["place"]["line"].as_u64() > Some(1), "{consumer}");
}

fn locks_in_two_orders() {
    let left = Mutex::new(());
    let right = Mutex::new(());
    thread::scope(|scope| {
        let holds_left = left.lock().unwrap();
        let other = scope.spawn(|| {
            let _right = right.lock().unwrap();
            let _left = left.lock().unwrap();
        });
        thread::until_blocked(other.thread());
        let _right = right.lock().unwrap();
        drop(holds_left);
    });
}

/// Two locks taken in two orders are a deadlock that says who holds what.
#[test]
fn two_lock_orders_are_a_deadlock() {
    let ended = Child::graded("locks in two orders").run();
    ended.assert_failed("deadlock");
    let text = ended.end()["threads"].to_string();
    assert!(text.contains("waits for the lock `left` held by"), "{text}");
    assert!(
        text.contains("waits for the lock `right` held by"),
        "{text}"
    );
}

fn parks_without_a_token() {
    thread::park();
}

/// A thread that parks without a token, alone, is a deadlock.
#[test]
fn a_park_that_nobody_ends_is_a_deadlock() {
    let ended = Child::graded("parks without a token").run();
    ended.assert_failed("deadlock");
}

fn locks_twice() {
    let lock = Mutex::new(());
    let _first = lock.lock().unwrap();
    let _second = lock.lock().unwrap();
}

/// A thread that takes its own lock again is a deadlock.
#[test]
fn a_lock_taken_twice_is_a_deadlock() {
    Child::graded("locks twice").run().assert_failed("deadlock");
}

fn waits_with_a_limit() {
    let lock = Mutex::new(());
    let never = Condvar::new();
    let guard = lock.lock().unwrap();
    let waited = never.wait_timeout(guard, Duration::from_millis(300));
    assert!(waited.unwrap().1.timed_out());
}

/// A timed wait is not stuck, however long it takes.
#[test]
fn a_timed_wait_is_not_a_deadlock() {
    Child::graded("waits with a limit").run().assert_passed();
}

fn waits_for_the_blocked() {
    let ready = Arc::new((Mutex::new(false), Condvar::new()));
    let its_ready = Arc::clone(&ready);
    let waiter = thread::spawn(move || {
        let (lock, changed) = &*its_ready;
        let waited = changed.wait_while(lock.lock().unwrap(), |ready| !*ready);
        drop(waited.unwrap());
    });
    thread::until_blocked(waiter.thread());
    // The waiter is in `wait`: the lock is free and the notification cannot come too early.
    *ready.0.lock().unwrap() = true;
    ready.1.notify_one();
    waiter.join().unwrap();
}

/// `until_blocked` returns when the thread waits, and the notification then reaches it.
#[test]
fn a_blocked_thread_is_seen() {
    Child::graded("waits for the blocked").run().assert_passed();
}

fn keeps_its_token() {
    thread::current().unpark();
    thread::park();
    let handle = thread::current();
    let unparker = thread::spawn(move || handle.unpark());
    // The token may come while this thread waits for the other's end.
    unparker.join().unwrap();
    thread::park();
}

/// A token given early, even during a join, ends the next park.
#[test]
fn a_token_is_kept() {
    Child::graded("keeps its token").run().assert_passed();
}

fn joins_a_scope() {
    let mut total = 0;
    let borrowed = 20;
    let added = thread::scope(|scope| {
        let one = scope.spawn(|| borrowed + 1);
        scope.spawn(|| total += 1);
        one.join().unwrap()
    });
    assert_eq!((added, total), (21, 1));
}

/// A scope waits for the threads that nobody joined.
#[test]
fn a_scope_ends_after_its_threads() {
    Child::graded("joins a scope").run().assert_passed();
}
