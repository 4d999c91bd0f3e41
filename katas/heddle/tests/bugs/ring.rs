//! A ring buffer for one producer and one consumer, lazy initialisation and a one-shot channel.

use heddle::cell::UnsafeCell;
use heddle::sync::atomic::{AtomicBool, AtomicUsize, Ordering, Ordering::*};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::{hint, thread};

const CAPACITY: usize = 2;

struct Ring {
    slots: [UnsafeCell<usize>; CAPACITY],
    head: AtomicUsize,
    tail: AtomicUsize,
    publish: Ordering,
    observe: Ordering,
    checks_full: bool,
}

// SAFETY: one thread pushes and one pops; a slot belongs to one of them at a time, if the ring is right.
unsafe impl Sync for Ring {}

impl Ring {
    fn new(publish: Ordering, observe: Ordering, checks_full: bool) -> Arc<Self> {
        Arc::new(Ring {
            slots: [UnsafeCell::new(0), UnsafeCell::new(0)],
            head: AtomicUsize::new(0),
            tail: AtomicUsize::new(0),
            publish,
            observe,
            checks_full,
        })
    }

    fn push(&self, item: usize) -> bool {
        let tail = self.tail.load(Relaxed);
        if self.checks_full && tail - self.head.load(self.observe) == CAPACITY {
            return false;
        }
        // SAFETY: the slot is free, if the ring is right.
        self.slots[tail % CAPACITY].with_mut(|slot| unsafe { *slot = item });
        self.tail.store(tail + 1, self.publish);
        true
    }

    fn pop(&self) -> Option<usize> {
        let head = self.head.load(Relaxed);
        if head == self.tail.load(Acquire) {
            return None;
        }
        // SAFETY: the slot is filled, if the ring is right.
        let item = self.slots[head % CAPACITY].with(|slot| unsafe { *slot });
        self.head.store(head + 1, Release);
        Some(item)
    }
}

fn produce(ring: &Ring, items: usize) {
    for item in 1..=items {
        while !ring.push(item) {
            hint::spin_loop();
        }
    }
}

fn consume(ring: &Ring) -> usize {
    loop {
        match ring.pop() {
            Some(item) => return item,
            None => hint::spin_loop(),
        }
    }
}

/// A producer pushes `items` numbers, thread 0 pops as many.
fn passes(items: usize, publish: Ordering, observe: Ordering, checks_full: bool) {
    let ring = Ring::new(publish, observe, checks_full);
    let producer = thread::spawn({
        let ring = ring.clone();
        move || produce(&ring, items)
    });
    for expected in 1..=items {
        assert_eq!(consume(&ring), expected, "an item was overwritten");
    }
    producer.join().unwrap();
}

/// (k) The index is published without the slot.
#[test]
fn relaxed_publication() {
    rejected!("data-race", "orderings-", || passes(
        1, Relaxed, Acquire, true
    ));
}

/// (k) The producer reuses a slot without seeing that it was read; shows only when the ring wraps.
#[test]
fn relaxed_head_in_push() {
    rejected!("data-race", "orderings-", || passes(
        3, Release, Relaxed, true
    ));
}

/// (k) The producer never looks whether the ring is full.
#[test]
fn no_full_check() {
    rejected!("", "sequential-", || passes(3, Release, Acquire, false));
}

/// Right: one item.
#[test]
fn right_ring_one_item() {
    accepted!(|| passes(1, Release, Acquire, true));
}

/// Right: two items.
#[test]
fn right_ring_two_items() {
    accepted!(|| passes(2, Release, Acquire, true));
}

/// Right: three items, so that the ring wraps; two of them are taken when the producer is done, for
/// the search of every schedule grows with each loop that waits.
#[test]
fn right_ring_three_items() {
    accepted!(|| {
        let ring = Ring::new(Release, Acquire, true);
        let producer = thread::spawn({
            let ring = ring.clone();
            move || produce(&ring, 3)
        });
        assert_eq!(consume(&ring), 1);
        producer.join().unwrap();
        assert_eq!(
            (ring.pop(), ring.pop(), ring.pop()),
            (Some(2), Some(3), None)
        );
    });
}

struct Lazy {
    ready: AtomicBool,
    making: Mutex<()>,
    value: UnsafeCell<usize>,
    made: AtomicUsize,
}

// SAFETY: `value` is written under `making` before `ready`, and read after `ready`.
unsafe impl Sync for Lazy {}

/// `threads` threads want the value that the first of them makes.
fn initialised_once(threads: usize, publish: Ordering, looks_again: bool) {
    let lazy = Arc::new(Lazy {
        ready: AtomicBool::new(false),
        making: Mutex::new(()),
        value: UnsafeCell::new(0),
        made: AtomicUsize::new(0),
    });
    let get = move |lazy: &Lazy| {
        if !lazy.ready.load(Acquire) {
            let making = lazy.making.lock().unwrap();
            if !looks_again || !lazy.ready.load(Relaxed) {
                // SAFETY: nobody reads before `ready`, and `making` is held.
                lazy.value.with_mut(|value| unsafe { *value = 7 });
                assert_eq!(
                    lazy.made.fetch_add(1, Relaxed),
                    0,
                    "the value was made twice"
                );
                lazy.ready.store(true, publish);
            }
            drop(making);
        }
        // SAFETY: `ready` was seen, or the lock was held after it was set.
        assert_eq!(lazy.value.with(|value| unsafe { *value }), 7);
    };
    let handles: Vec<_> = (1..threads)
        .map(|_| {
            let lazy = lazy.clone();
            thread::spawn(move || get(&lazy))
        })
        .collect();
    get(&lazy);
    handles.into_iter().for_each(|h| h.join().unwrap());
}

/// (l) Double-checked initialisation with a relaxed flag.
#[test]
fn double_checked_with_a_relaxed_flag() {
    rejected!("data-race", "orderings-", || initialised_once(
        2, Relaxed, true
    ));
}

/// (l) Double-checked initialisation without the second check.
#[test]
fn no_second_check() {
    rejected!("", "sequential-", || initialised_once(2, Release, false));
}

/// Right: double-checked initialisation, two threads.
#[test]
fn right_double_checked_with_two_threads() {
    accepted!(|| initialised_once(2, Release, true));
}

/// Right: three threads.
#[test]
fn right_double_checked_with_three_threads() {
    accepted!(|| initialised_once(3, Release, true));
}

#[derive(Clone, Copy)]
enum Message {
    Pending,
    Sent(u32),
    SenderGone,
}

struct OneShot {
    message: Mutex<Message>,
    changed: Condvar,
}

/// A receiver waits for a sender that may go away without a word.
fn oneshot(sends: bool, wakes_on_drop: bool) {
    let shot = Arc::new(OneShot {
        message: Mutex::new(Message::Pending),
        changed: Condvar::new(),
    });
    let sender = thread::spawn({
        let shot = shot.clone();
        move || {
            *shot.message.lock().unwrap() = if sends {
                Message::Sent(3)
            } else {
                Message::SenderGone
            };
            if sends || wakes_on_drop {
                shot.changed.notify_one();
            }
        }
    });
    let pending = |message: &mut Message| matches!(message, Message::Pending);
    let message = *shot
        .changed
        .wait_while(shot.message.lock().unwrap(), pending)
        .unwrap();
    match message {
        Message::Sent(value) => assert!(sends && value == 3),
        Message::SenderGone => assert!(!sends),
        Message::Pending => panic!("received nothing"),
    }
    sender.join().unwrap();
}

/// (n) A sender that goes away does not wake the receiver.
#[test]
fn sender_dropped_without_a_wakeup() {
    rejected!("deadlock", "sequential-", || oneshot(false, false));
}

/// Right: a message arrives.
#[test]
fn right_oneshot_sent() {
    accepted!(|| oneshot(true, true));
}

/// Right: a sender that goes away wakes the receiver.
#[test]
fn right_oneshot_dropped() {
    accepted!(|| oneshot(false, true));
}
