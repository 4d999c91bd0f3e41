//! Programs of atomics, right and wrong ones.

use heddle::cell::UnsafeCell;
use heddle::hint::spin_loop;
use heddle::sync::Arc;
use heddle::sync::atomic::Ordering::{self, Acquire, Relaxed, Release, SeqCst};
use heddle::sync::atomic::{AtomicBool, AtomicI8, AtomicU8, AtomicUsize, fence};
use heddle::thread;

/// The orderings of both threads' store and load; `AcqRel` stands for the half that applies.
pub fn store_buffer([store, load, other_store, other_load]: [Ordering; 4]) {
    heddle::model(move || {
        let both = Arc::new((AtomicBool::new(false), AtomicBool::new(false)));
        let shared = Arc::clone(&both);
        let other = thread::spawn(move || {
            shared.1.store(true, other_store);
            shared.0.load(other_load)
        });
        both.0.store(true, store);
        let seen = both.1.load(load);
        assert!(other.join().unwrap() || seen, "neither saw the other");
    });
}

pub fn store_buffer_with_fences() {
    heddle::model(|| {
        let both = Arc::new((AtomicBool::new(false), AtomicBool::new(false)));
        let shared = Arc::clone(&both);
        let other = thread::spawn(move || {
            shared.1.store(true, SeqCst);
            shared.0.load(SeqCst)
        });
        both.0.store(true, Relaxed);
        fence(SeqCst);
        let seen = both.1.load(Relaxed);
        assert!(other.join().unwrap() || seen, "neither saw the other");
    });
}

pub struct Peterson {
    wants: [AtomicBool; 2],
    turn: AtomicUsize,
    inside: UnsafeCell<u32>,
}

// SAFETY: `inside` is what the lock is for.
unsafe impl Sync for Peterson {}

impl Peterson {
    fn enter(&self, me: usize, order: Ordering) {
        let (load, store) = halves(order);
        self.wants[me].store(true, store);
        self.turn.store(1 - me, store);
        while self.wants[1 - me].load(load) && self.turn.load(load) == 1 - me {
            spin_loop();
        }
        // SAFETY: the lock is taken, or the model says so.
        self.inside.with_mut(|inside| unsafe { *inside += 1 });
        self.wants[me].store(false, Release);
    }
}

pub fn halves(order: Ordering) -> (Ordering, Ordering) {
    match order {
        SeqCst => (SeqCst, SeqCst),
        _ => (Acquire, Release),
    }
}

pub fn peterson(order: Ordering) {
    heddle::model(move || {
        let lock = Arc::new(Peterson {
            wants: [AtomicBool::new(false), AtomicBool::new(false)],
            turn: AtomicUsize::new(0),
            inside: UnsafeCell::new(0),
        });
        let shared = Arc::clone(&lock);
        let other = thread::spawn(move || shared.enter(1, order));
        lock.enter(0, order);
        other.join().unwrap();
    });
}

pub fn independent_reads() {
    heddle::model(|| {
        let both = Arc::new((AtomicBool::new(false), AtomicBool::new(false)));
        let [first, second, third] = [(); 3].map(|()| Arc::clone(&both));
        let first = thread::spawn(move || first.0.store(true, SeqCst));
        let second = thread::spawn(move || second.1.store(true, SeqCst));
        let third = thread::spawn(move || third.0.load(SeqCst) && !third.1.load(SeqCst));
        let mine = both.1.load(SeqCst) && !both.0.load(SeqCst);
        let theirs = third.join().unwrap();
        assert!(!(mine && theirs), "the readers saw two orders");
        first.join().unwrap();
        second.join().unwrap();
    });
}

pub struct Message {
    text: UnsafeCell<u32>,
    ready: AtomicBool,
}

// SAFETY: `ready` says when `text` may be read; the model checks it.
unsafe impl Sync for Message {}

pub fn message(store: Ordering, load: Ordering) {
    heddle::model(move || {
        let message = Arc::new(Message {
            text: UnsafeCell::new(0),
            ready: AtomicBool::new(false),
        });
        let shared = Arc::clone(&message);
        let sender = thread::spawn(move || {
            // SAFETY: nobody reads before `ready` is set, or the model says so.
            shared.text.with_mut(|text| unsafe { *text = 7 });
            shared.ready.store(true, store);
        });
        if message.ready.load(load) {
            // SAFETY: as above.
            assert_eq!(message.text.with(|text| unsafe { *text }), 7);
        }
        sender.join().unwrap();
    });
}

pub struct Spinlock {
    locked: AtomicBool,
    value: UnsafeCell<u32>,
}

// SAFETY: `value` is what the lock is for.
unsafe impl Sync for Spinlock {}

pub fn swap_lock(others: usize, lock: Ordering, unlock: Ordering) {
    heddle::model(move || {
        let spinlock = Arc::new(Spinlock {
            locked: AtomicBool::new(false),
            value: UnsafeCell::new(0),
        });
        let add = move |spinlock: &Spinlock| {
            while spinlock.locked.swap(true, lock) {
                spin_loop();
            }
            // SAFETY: the lock is taken, or the model says so.
            spinlock.value.with_mut(|value| unsafe { *value += 1 });
            spinlock.locked.store(false, unlock);
        };
        let others: Vec<_> = (0..others)
            .map(|_| {
                let shared = Arc::clone(&spinlock);
                thread::spawn(move || add(&shared))
            })
            .collect();
        add(&spinlock);
        others.into_iter().for_each(|other| other.join().unwrap());
    });
}

pub fn exchange_lock(others: usize) {
    heddle::model(move || {
        let locked = Arc::new(AtomicBool::new(false));
        let enter = |locked: &AtomicBool| {
            while locked
                .compare_exchange_weak(false, true, Acquire, Relaxed)
                .is_err()
            {
                spin_loop();
            }
            locked.store(false, Release);
        };
        let others: Vec<_> = (0..others)
            .map(|_| {
                let shared = Arc::clone(&locked);
                thread::spawn(move || enter(&shared))
            })
            .collect();
        enter(&locked);
        others.into_iter().for_each(|other| other.join().unwrap());
    });
}

pub fn auto_reset_event() {
    heddle::model(|| {
        let event = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&event);
        let setter = thread::spawn(move || shared.store(true, Release));
        while !event.swap(false, Acquire) {
            spin_loop();
        }
        setter.join().unwrap();
        assert!(!event.load(Relaxed));
    });
}

pub fn load_then_spin() {
    heddle::model(|| {
        let ready = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&ready);
        let setter = thread::spawn(move || shared.store(true, Release));
        while !ready.load(Acquire) {
            thread::yield_now();
        }
        setter.join().unwrap();
    });
}

pub fn spin_without_a_hint() {
    heddle::model(|| {
        let ready = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&ready);
        let setter = thread::spawn(move || shared.store(true, Release));
        while !ready.load(Acquire) {}
        setter.join().unwrap();
    });
}

pub fn one_yield() {
    heddle::model(|| {
        let other = thread::spawn(thread::yield_now);
        other.join().unwrap();
        (0..10).for_each(|_| thread::yield_now());
    });
}

pub fn narrow_types_wrap() {
    heddle::model(|| {
        let byte = AtomicU8::new(250);
        assert_eq!(byte.fetch_add(10, Relaxed), 250);
        assert_eq!(byte.load(Relaxed), 4);
        assert_eq!(byte.fetch_nand(6, Relaxed), 4);
        assert_eq!(byte.load(Relaxed), 251);
        let signed = AtomicI8::new(-3);
        assert_eq!(signed.fetch_max(2, Relaxed), -3);
        assert_eq!(signed.fetch_sub(5, Relaxed), 2);
        assert_eq!(signed.swap(i8::MIN, Relaxed), -3);
        assert_eq!(signed.fetch_sub(1, Relaxed), i8::MIN);
        assert_eq!(signed.into_inner(), i8::MAX);
        let mut flag = AtomicBool::new(true);
        assert!(flag.fetch_nand(true, Relaxed));
        assert!(!flag.load(Relaxed));
        *flag.get_mut() = true;
        assert!(flag.fetch_not(Relaxed));
        assert!(!flag.into_inner());
    });
}

pub fn weak_exchange_in_a_loop() {
    heddle::model(|| {
        let count = Arc::new(AtomicUsize::new(0));
        let shared = Arc::clone(&count);
        let add = |count: &AtomicUsize| {
            let mut now = count.load(Relaxed);
            while let Err(other) = count.compare_exchange_weak(now, now + 1, Relaxed, Relaxed) {
                now = other;
            }
        };
        let other = thread::spawn(move || add(&shared));
        add(&count);
        other.join().unwrap();
        assert_eq!(count.load(Relaxed), 2);
    });
}

pub fn weak_exchange_taken_for_strong() {
    heddle::model(|| {
        let locked = AtomicBool::new(false);
        let taken = locked.compare_exchange_weak(false, true, Acquire, Relaxed);
        assert!(taken.is_ok());
    });
}

pub fn load_then_store() {
    heddle::model(|| {
        let count = Arc::new(AtomicUsize::new(0));
        let shared = Arc::clone(&count);
        let add = |count: &AtomicUsize| count.store(count.load(SeqCst) + 1, SeqCst);
        let other = thread::spawn(move || add(&shared));
        add(&count);
        other.join().unwrap();
        assert_eq!(count.load(SeqCst), 2);
    });
}

pub fn spin_for_ever() {
    heddle::model(|| {
        let never = AtomicBool::new(false);
        while !never.load(Acquire) {
            spin_loop();
        }
    });
}

pub fn spin_for_ever_without_a_hint() {
    heddle::model(|| {
        let never = AtomicBool::new(false);
        while !never.load(Acquire) {}
    });
}
