//! Treiber's stack and a free list of indices: memory that is reused too early.

use heddle::boxed::{self, Box};
use heddle::sync::Arc;
use heddle::sync::atomic::{AtomicPtr, AtomicUsize, Ordering, Ordering::*};
use heddle::thread;
use std::ptr;

struct Node {
    value: u32,
    next: *mut Node,
}

struct Stack {
    top: AtomicPtr<Node>,
    publish: Ordering,
}

impl Stack {
    fn new(publish: Ordering) -> Arc<Self> {
        Arc::new(Stack {
            top: AtomicPtr::new(ptr::null_mut()),
            publish,
        })
    }

    fn push(&self, value: u32) {
        let node = Box::into_raw(Box::new(Node {
            value,
            next: ptr::null_mut(),
        }));
        let mut top = self.top.load(Relaxed);
        loop {
            // SAFETY: the node is this thread's until the exchange below succeeds.
            unsafe { boxed::with_mut(node, |node| node.next = top) };
            match self.top.compare_exchange(top, node, self.publish, Relaxed) {
                Ok(_) => return,
                Err(now) => top = now,
            }
        }
    }

    /// Takes the top node off; who gets it must not free it while others may still look at it.
    fn pop(&self) -> Option<*mut Node> {
        let mut top = self.top.load(Acquire);
        loop {
            if top.is_null() {
                return None;
            }
            // SAFETY: true only as long as no node is freed; the claims find out.
            let next = unsafe { boxed::with(top, |node| node.next) };
            match self.top.compare_exchange(top, next, Acquire, Acquire) {
                Ok(_) => return Some(top),
                Err(now) => top = now,
            }
        }
    }
}

/// Frees a node that was taken off, and returns what was in it.
fn free(node: *mut Node) -> u32 {
    // SAFETY: each node is taken off once, so it is freed once.
    Box::into_inner(unsafe { Box::from_raw(node) }).value
}

/// Each of `threads` threads pushes one value and pops one.
fn push_and_pop(threads: u32, publish: Ordering, frees_at_once: bool) {
    let stack = Stack::new(publish);
    let both = move |stack: &Stack, value: u32| {
        stack.push(value);
        let node = stack
            .pop()
            .expect("every thread pops no more than it pushed");
        if frees_at_once {
            free(node);
        }
        node as usize
    };
    let handles: Vec<_> = (1..threads)
        .map(|value| {
            let stack = stack.clone();
            thread::spawn(move || both(&stack, value))
        })
        .collect();
    let mut nodes = vec![both(&stack, 0)];
    nodes.extend(handles.into_iter().map(|h| h.join().unwrap()));
    if !frees_at_once {
        let mut values: Vec<u32> = nodes
            .into_iter()
            .map(|node| free(node as *mut Node))
            .collect();
        values.sort_unstable();
        assert!(
            values.into_iter().eq(0..threads),
            "a value was lost or popped twice"
        );
    }
}

/// (j) A node is freed as soon as it is popped, while another thread still reads its `next`.
#[test]
fn pop_frees_at_once() {
    rejected!("", "sequential-", || push_and_pop(2, Release, true));
}

/// A node that is published with a relaxed exchange.
#[test]
fn relaxed_publication_of_a_node() {
    rejected!("data-race", "orderings-", || push_and_pop(
        2, Relaxed, false
    ));
}

/// Right: two threads; nodes are freed after everybody is done.
#[test]
fn right_stack_with_two_threads() {
    accepted!(|| push_and_pop(2, Release, false));
}

/// Right: three threads.
#[test]
fn right_stack_with_three_threads() {
    accepted!(|| push_and_pop(3, Release, false));
}

const NONE: usize = 9;

/// A free list of indices without a counter against ABA.
struct FreeList {
    top: AtomicUsize,
    next: [AtomicUsize; 3],
}

impl FreeList {
    fn pop(&self) -> usize {
        let mut top = self.top.load(Acquire);
        loop {
            assert_ne!(top, NONE, "fewer indices than the list had");
            let next = self.next[top].load(Acquire);
            match self.top.compare_exchange(top, next, AcqRel, Acquire) {
                Ok(_) => return top,
                Err(now) => top = now,
            }
        }
    }

    fn push(&self, index: usize) {
        let mut top = self.top.load(Acquire);
        loop {
            self.next[index].store(top, Release);
            match self.top.compare_exchange(top, index, AcqRel, Acquire) {
                Ok(_) => return,
                Err(now) => top = now,
            }
        }
    }
}

/// (j) ABA: the top index comes back while a thread holds an old idea of what follows it.
#[test]
fn aba_on_a_free_list() {
    rejected!("assertion", "sequential-", || {
        let list = Arc::new(FreeList {
            top: AtomicUsize::new(0),
            next: [
                AtomicUsize::new(1),
                AtomicUsize::new(2),
                AtomicUsize::new(NONE),
            ],
        });
        let other = thread::spawn({
            let list = list.clone();
            move || {
                let (first, second) = (list.pop(), list.pop());
                list.push(first);
                (second, list.pop())
            }
        });
        let mine = list.pop();
        let (second, third) = other.join().unwrap();
        assert!(
            mine != second && mine != third && second != third,
            "one index has two owners"
        );
    });
}
