//! The record of a schedule that breaks a claim is exact: who did what, where, to what.

#![cfg(feature = "model")]

mod child;

use child::{Child, Claim};
use heddle::sync::atomic::Ordering::SeqCst;
use heddle::sync::atomic::{AtomicBool, AtomicU32};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;

const CLAIMS: &[Claim] = &[
    ("a lost update", || heddle::model(a_lost_update)),
    ("a lost wakeup", || heddle::model(a_lost_wakeup)),
    ("locks in two orders", || heddle::model(locks_in_two_orders)),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(CLAIMS);
}

fn a_lost_update() {
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

struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
}

fn a_lost_wakeup() {
    let gate = Arc::new(Gate {
        open: Mutex::new(false),
        opened: Condvar::new(),
    });
    let flag = Arc::new(AtomicBool::new(false));
    let opener = {
        let (gate, flag) = (Arc::clone(&gate), Arc::clone(&flag));
        thread::spawn(move || {
            flag.store(true, SeqCst);
            gate.opened.notify_one();
        })
    };
    let mut open = gate.open.lock().unwrap();
    while !flag.load(SeqCst) {
        open = gate.opened.wait(open).unwrap();
    }
    drop(open);
    opener.join().unwrap();
}

fn locks_in_two_orders() {
    let left = Arc::new(Mutex::new(0));
    let right = Arc::new(Mutex::new(0));
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

#[test]
fn show() {
    for (name, _) in CLAIMS {
        let ended = Child::graded(name).run();
        eprintln!(
            "{name}\n{}",
            serde_json::to_string(&ended.end()["counterexample"]).unwrap()
        );
        let ended = Child::ungraded(name).run();
        eprintln!("{}", ended.stderr);
    }
}
