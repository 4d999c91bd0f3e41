//! Memory under the model: cells, nodes and shared owners.

#![cfg(feature = "model")]

mod child;

use std::ptr;

use child::{Child, Claim};
use heddle::boxed::{self, Box};
use heddle::cell::UnsafeCell;
use heddle::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use heddle::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize};
use heddle::sync::{Arc, Mutex, Weak};
use heddle::thread;

const RIGHT: &[Claim] = &[
    ("a node handed over", || hand_over(Release)),
    ("a stack that never frees", || stack(Pop::Keep)),
    ("the last owner is any thread", the_last_owner_is_any_thread),
    ("a weak reference", a_weak_reference),
    ("a value taken out", a_value_taken_out),
    (
        "the last owner takes the value",
        the_last_owner_takes_the_value,
    ),
];

const WRONG: &[(&str, fn(), &str)] = &[
    ("two writes", two_writes, "data-race"),
    ("a read beside a write", a_read_beside_a_write, "data-race"),
    ("a read inside a write", a_read_inside_a_write, "data-race"),
    ("a node not published", || hand_over(Relaxed), "data-race"),
    (
        "a stack that frees at once",
        || stack(Pop::Free),
        "use-after-free",
    ),
    ("a node freed twice", a_node_freed_twice, "use-after-free"),
    ("a null node", a_null_node, "use-after-free"),
    ("a cycle of owners", a_cycle_of_owners, "leak"),
    ("a forgotten node", a_forgotten_node, "leak"),
    (
        "an upgrade that must work",
        an_upgrade_that_must_work,
        "assertion",
    ),
    (
        "a count that must stay",
        a_count_that_must_stay,
        "assertion",
    ),
    (
        "a thread that must run",
        a_thread_that_must_run,
        "assertion",
    ),
    ("an address used again", an_address_used_again, "assertion"),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    let wrong = WRONG.iter().map(|&(name, claim, _)| (name, claim));
    let all: Vec<Claim> = RIGHT.iter().copied().chain(wrong).collect();
    child::dispatch(&all);
}

/// Every right program passes.
#[test]
fn right_programs_are_accepted() {
    for (name, _) in RIGHT {
        let ended = Child::graded(name).run();
        assert_eq!(
            ended.events(),
            ["started", "passed"],
            "{name}: {}",
            ended.stderr
        );
    }
}

/// Every wrong program is rejected for what is wrong with it.
#[test]
fn wrong_programs_are_rejected() {
    for (name, _, kind) in WRONG {
        let ended = Child::graded(name).run();
        assert_eq!(
            ended.events(),
            ["started", "failed"],
            "{name}: {}",
            ended.stderr
        );
        assert_eq!(ended.text("kind"), *kind, "{name}: {}", ended.stderr);
    }
}

/// A data race names both accesses: the threads, what they do, and where.
#[test]
fn a_race_names_both_accesses() {
    let ended = Child::graded("two writes").run();
    let message = ended.text("message");
    let (first, second) = message
        .split_once(", and nothing orders it after ")
        .unwrap();
    assert!(first.contains("writes value at"), "{message}");
    assert!(second.contains("'s write at"), "{message}");
    let lines: Vec<&str> = message.matches("model_memory.rs:").collect();
    assert_eq!(lines.len(), 2, "{message}");
}

/// A leak names the line that made what was never dropped.
#[test]
fn a_leak_names_its_line() {
    let ended = Child::graded("a cycle of owners").run();
    let message = ended.text("message");
    assert!(message.starts_with("the Arc made at"), "{message}");
    assert!(message.contains("model_memory.rs"), "{message}");
}

/// A use after free names who freed the node.
#[test]
fn a_use_after_free_names_who_freed() {
    let ended = Child::graded("a stack that frees at once").run();
    let message = ended.text("message");
    assert!(message.contains("frees Box@"), "{message}");
    assert!(message.contains("'s read at"), "{message}");
}

struct Shared {
    value: UnsafeCell<u32>,
}

// SAFETY: none: the model is to find that out.
unsafe impl Sync for Shared {}

fn shared() -> Arc<Shared> {
    Arc::new(Shared {
        value: UnsafeCell::new(0),
    })
}

fn two_writes() {
    heddle::model(|| {
        let ours = shared();
        let theirs = Arc::clone(&ours);
        // SAFETY: none, as above.
        let other = thread::spawn(move || theirs.value.with_mut(|value| unsafe { *value = 1 }));
        // SAFETY: none, as above.
        ours.value.with_mut(|value| unsafe { *value = 2 });
        other.join().unwrap();
    });
}

fn a_read_beside_a_write() {
    heddle::model(|| {
        let ours = shared();
        let theirs = Arc::clone(&ours);
        // SAFETY: none, as above.
        let other = thread::spawn(move || theirs.value.with(|value| unsafe { *value }));
        // SAFETY: none, as above.
        ours.value.with_mut(|value| unsafe { *value = 2 });
        other.join().unwrap();
    });
}

fn a_read_inside_a_write() {
    heddle::model(|| {
        let ours = shared();
        ours.value.with_mut(|_| ours.value.with(|_| ()));
    });
}

fn hand_over(store: std::sync::atomic::Ordering) {
    heddle::model(move || {
        let slot = Arc::new(AtomicPtr::new(ptr::null_mut()));
        let theirs = Arc::clone(&slot);
        let maker = thread::spawn(move || theirs.store(Box::into_raw(Box::new(7)), store));
        let node: *mut i32 = slot.load(Acquire);
        if !node.is_null() {
            // SAFETY: the node is not freed before the maker has ended.
            assert_eq!(unsafe { boxed::with(node, |value| *value) }, 7);
        }
        maker.join().unwrap();
        // SAFETY: the maker has ended, and this thread alone knows the node.
        drop(unsafe { Box::from_raw(slot.load(Relaxed)) });
    });
}

#[derive(Clone, Copy, PartialEq)]
enum Pop {
    Free,
    Keep,
}

struct Node {
    next: *mut Node,
}

/// A Treiber stack of two nodes, popped by two threads.
fn stack(how: Pop) {
    heddle::model(move || {
        let head = Arc::new(AtomicPtr::new(ptr::null_mut::<Node>()));
        for _ in 0..2 {
            let next = head.load(Relaxed);
            head.store(Box::into_raw(Box::new(Node { next })), Relaxed);
        }
        let theirs = Arc::clone(&head);
        let other = thread::spawn(move || pop(&theirs, how).map_or(0, |node| node as usize));
        let mut popped: Vec<usize> = vec![pop(&head, how).map_or(0, |node| node as usize)];
        popped.push(other.join().unwrap());
        if how == Pop::Keep {
            for node in popped {
                // SAFETY: each node was popped by one thread, and both have ended.
                drop(unsafe { Box::from_raw(node as *mut Node) });
            }
        }
    });
}

fn pop(head: &AtomicPtr<Node>, how: Pop) -> Option<*mut Node> {
    loop {
        let node = head.load(Acquire);
        if node.is_null() {
            return None;
        }
        // SAFETY: the node may have been freed by now; the model is to find that out.
        let next = unsafe { boxed::with(node, |node| node.next) };
        if head.compare_exchange(node, next, Acquire, Relaxed).is_ok() {
            if how == Pop::Free {
                // SAFETY: this thread has taken the node off the stack.
                drop(unsafe { Box::from_raw(node) });
            }
            return Some(node);
        }
    }
}

struct Counted {
    count: UnsafeCell<u32>,
    turns: AtomicUsize,
    seen: Arc<Mutex<u32>>,
}

// SAFETY: the threads take turns, and the last owner is alone.
unsafe impl Sync for Counted {}

impl Drop for Counted {
    fn drop(&mut self) {
        let turns = *self.turns.get_mut() as u32;
        *self.seen.lock().unwrap() = *self.count.get_mut() + turns;
    }
}

/// No thread but the two knows the value: either may be the one that drops it.
fn the_last_owner_is_any_thread() {
    heddle::model(|| {
        let seen = Arc::new(Mutex::new(0));
        let ours = Arc::new(Counted {
            count: UnsafeCell::new(0),
            turns: AtomicUsize::new(0),
            seen: Arc::clone(&seen),
        });
        let theirs = Arc::clone(&ours);
        let first = thread::spawn(move || {
            // SAFETY: only this thread writes while both live.
            ours.count.with_mut(|count| unsafe { *count += 1 });
            ours.turns.fetch_add(1, Relaxed);
        });
        let second = thread::spawn(move || {
            theirs.turns.fetch_add(1, Relaxed);
        });
        first.join().unwrap();
        second.join().unwrap();
        assert_eq!(*seen.lock().unwrap(), 3);
    });
}

fn a_weak_reference() {
    heddle::model(|| {
        let owner = Arc::new(5);
        let weak = Arc::downgrade(&owner);
        assert_eq!(weak.upgrade().as_deref(), Some(&5));
        assert_eq!(Arc::strong_count(&owner), 1);
        drop(owner);
        assert!(weak.upgrade().is_none());
        assert!(Weak::<u32>::new().upgrade().is_none());
    });
}

fn a_value_taken_out() {
    heddle::model(|| {
        let first = Arc::new(Box::new(5));
        let second = Arc::clone(&first);
        let first = Arc::try_unwrap(first).unwrap_err();
        drop(second);
        assert_eq!(Box::into_inner(Arc::into_inner(first).unwrap()), 5);
    });
}

fn a_node_freed_twice() {
    heddle::model(|| {
        let node = Box::into_raw(Box::new(1));
        // SAFETY: the second one is wrong; the model is to find that out.
        drop(unsafe { Box::from_raw(node) });
        // SAFETY: as above.
        drop(unsafe { Box::from_raw(node) });
    });
}

fn a_null_node() {
    heddle::model(|| {
        // SAFETY: it is wrong; the model is to find that out.
        unsafe { boxed::with(ptr::null::<u32>(), |_| ()) };
    });
}

struct Ring {
    next: Mutex<Option<Arc<Ring>>>,
}

fn a_cycle_of_owners() {
    heddle::model(|| {
        let ring = Arc::new(Ring {
            next: Mutex::new(None),
        });
        *ring.next.lock().unwrap() = Some(Arc::clone(&ring));
    });
}

fn a_forgotten_node() {
    heddle::model(|| {
        let _node = Box::into_raw(Box::new(1));
    });
}

/// A program that takes an address for an identity.
fn an_address_used_again() {
    heddle::model(|| {
        let flag = AtomicBool::new(false);
        let first = Box::into_raw(Box::new(1));
        // SAFETY: the node was made above.
        drop(unsafe { Box::from_raw(first) });
        let second = Box::into_raw(Box::new(2));
        flag.store(first == second, Relaxed);
        // SAFETY: the node was made above.
        drop(unsafe { Box::from_raw(second) });
        assert!(!flag.load(Relaxed), "an address came again");
    });
}

/// A weak reference that is taken for one that keeps the value.
fn an_upgrade_that_must_work() {
    heddle::model(|| {
        let owner = Arc::new(5);
        let weak = Arc::downgrade(&owner);
        let other = thread::spawn(move || assert!(weak.upgrade().is_some(), "the value is gone"));
        drop(owner);
        other.join().unwrap();
    });
}

/// A count that is taken for one that cannot change.
fn a_count_that_must_stay() {
    heddle::model(|| {
        let ours = Arc::new(5);
        let theirs = Arc::clone(&ours);
        let other = thread::spawn(move || drop(theirs));
        assert_eq!(Arc::strong_count(&ours), 2, "the other is gone");
        other.join().unwrap();
    });
}

/// The last owner takes the value out, after all that the other one did with it.
fn the_last_owner_takes_the_value() {
    heddle::model(|| {
        let ours = shared();
        let theirs = Arc::clone(&ours);
        let other = thread::spawn(move || {
            // SAFETY: the other owner touches the value only when this one is gone.
            theirs.value.with_mut(|value| unsafe { *value += 1 });
        });
        if let Ok(shared) = Arc::try_unwrap(ours) {
            assert_eq!(shared.value.into_inner(), 1);
        }
        other.join().unwrap();
    });
}

/// A thread that is taken for one that cannot have ended yet.
fn a_thread_that_must_run() {
    heddle::model(|| {
        let other = thread::spawn(|| ());
        assert!(!other.is_finished(), "it has ended already");
        other.join().unwrap();
    });
}
