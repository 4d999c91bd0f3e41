//! Programs that fail, and what is in the way when such a schedule is left.

use std::panic::{AssertUnwindSafe, catch_unwind};

use heddle::sync::atomic::AtomicUsize;
use heddle::sync::atomic::Ordering::{Relaxed, SeqCst};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;

/// Wakes one of two that wait.
pub fn long_then_short() {
    let event = Arc::new((Mutex::new(false), Condvar::new()));
    let others: Vec<_> = (0..2)
        .map(|_| {
            let event = Arc::clone(&event);
            thread::spawn(move || {
                let guard = event.0.lock().unwrap();
                drop(event.1.wait_while(guard, |is_set| !*is_set).unwrap());
            })
        })
        .collect();
    *event.0.lock().unwrap() = true;
    event.1.notify_one();
    others.into_iter().for_each(|other| other.join().unwrap());
}

/// The threads in between have nothing to do with it.
pub fn another_order() {
    let flag = Arc::new(AtomicUsize::new(0));
    let idle = thread::spawn(|| AtomicUsize::new(0).load(Relaxed));
    let shared = Arc::clone(&flag);
    let other = thread::spawn(move || assert_eq!(shared.load(SeqCst), 1, "too early"));
    idle.join().unwrap();
    flag.store(1, SeqCst);
    other.join().unwrap();
}

/// Takes two preemptions to break, which can be anywhere among much else that goes on.
pub fn many_schedules() {
    let (door, lamp, noise) = (
        AtomicUsize::new(0),
        AtomicUsize::new(0),
        AtomicUsize::new(0),
    );
    let make_noise = || {
        for _ in 0..25 {
            noise.fetch_add(1, SeqCst);
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            make_noise();
            door.store(1, SeqCst);
            door.store(0, SeqCst);
            lamp.store(1, SeqCst);
            make_noise();
        });
        scope.spawn(|| {
            make_noise();
            let was_open = door.load(SeqCst) == 1;
            assert!(
                !(was_open && lamp.load(SeqCst) == 1),
                "a light behind the door"
            );
            make_noise();
        });
    });
}

/// May wait for ever, late; or find the door open, early.
pub fn another_kind() {
    let door = Arc::new(AtomicUsize::new(0));
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let (outside, shared) = (Arc::clone(&door), Arc::clone(&pair));
    let setter = thread::spawn(move || {
        assert_eq!(outside.load(SeqCst), 0, "the door is open");
        *shared.0.lock().unwrap() = true;
        shared.1.notify_one();
    });
    door.store(1, SeqCst);
    door.store(0, SeqCst);
    let is_set = *pair.0.lock().unwrap();
    if !is_set {
        drop(pair.1.wait(pair.0.lock().unwrap()).unwrap());
    }
    setter.join().unwrap();
}

pub struct PanicsInDrop;
pub struct AbortsInDrop;
pub struct ExitsInDrop;
pub struct NeverEndsInDrop;
pub struct WaitsInDrop(AtomicUsize);

impl Drop for PanicsInDrop {
    fn drop(&mut self) {
        panic!("once more");
    }
}

impl Drop for AbortsInDrop {
    fn drop(&mut self) {
        std::process::abort();
    }
}

impl Drop for ExitsInDrop {
    fn drop(&mut self) {
        std::process::exit(0);
    }
}

impl Drop for NeverEndsInDrop {
    fn drop(&mut self) {
        loop {
            std::hint::spin_loop();
        }
    }
}

impl WaitsInDrop {
    pub fn new() -> Self {
        WaitsInDrop(AtomicUsize::new(0))
    }
}

impl Drop for WaitsInDrop {
    fn drop(&mut self) {
        while self.0.load(SeqCst) == 0 {
            thread::yield_now();
        }
    }
}

pub fn broken_with<T>(value: T) {
    let lock = Mutex::new(0);
    let _value = value;
    let _held = lock.lock().unwrap();
    panic!("the claim is broken");
}

/// A pool that tells its workers to stop and waits for them when it is dropped.
struct Pool {
    stop: Arc<(Mutex<bool>, Condvar)>,
    workers: Vec<thread::JoinHandle<()>>,
}

impl Drop for Pool {
    fn drop(&mut self) {
        *self.stop.0.lock().unwrap() = true;
        self.stop.1.notify_all();
        for worker in self.workers.drain(..) {
            // A thread that did not panic leaves a result; in a schedule that is left none does.
            let _ = catch_unwind(AssertUnwindSafe(|| worker.join()));
        }
    }
}

pub fn a_pool_is_dropped() {
    let stop = Arc::new((Mutex::new(false), Condvar::new()));
    let count = Arc::new(AtomicUsize::new(0));
    let workers = (0..2).map(|_| {
        let (stop, count) = (Arc::clone(&stop), Arc::clone(&count));
        thread::spawn(move || {
            count.store(count.load(SeqCst) + 1, SeqCst);
            drop(
                stop.1
                    .wait_while(stop.0.lock().unwrap(), |stop| !*stop)
                    .unwrap(),
            );
        })
    });
    let workers = workers.collect();
    let pool = Pool { stop, workers };
    for worker in &pool.workers {
        thread::until_blocked(worker.thread());
    }
    assert_eq!(count.load(SeqCst), 2, "lost an update");
}

/// Reads what a scope's thread has borrowed, when that thread is unwound.
struct ReadsInDrop<'a>(&'a [Box<usize>; 3]);

impl Drop for ReadsInDrop<'_> {
    fn drop(&mut self) {
        // What was freed meanwhile has another value, as a rule.
        if self.0.iter().map(|number| **number).sum::<usize>() != 6 {
            std::process::abort();
        }
    }
}

pub fn a_scope_is_left() {
    let numbers = [1, 2, 3].map(Box::new);
    let turn = (Mutex::new(false), Condvar::new());
    let sum = AtomicUsize::new(0);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let _reads = ReadsInDrop(&numbers);
            let guard = turn.0.lock().unwrap();
            drop(turn.1.wait_while(guard, |turn| !*turn).unwrap());
            sum.fetch_add(numbers.iter().map(|number| **number).sum::<usize>(), SeqCst);
        });
        thread::until_blocked(waiting.thread());
        assert_eq!(sum.load(SeqCst), 6, "the sum is not there");
        *turn.0.lock().unwrap() = true;
        turn.1.notify_all();
    });
}

pub fn a_join_in_a_scope_is_left() {
    let numbers = [1, 2, 3].map(Box::new);
    let sum = AtomicUsize::new(0);
    thread::scope(|scope| {
        let one = scope.spawn(|| sum.fetch_add(*numbers[0], SeqCst));
        let two = scope.spawn(|| {
            sum.fetch_add(*numbers[1], SeqCst);
            assert_ne!(sum.load(SeqCst), 3, "both were added");
            numbers.len()
        });
        one.join().unwrap();
        two.join().unwrap();
    });
}

/// Catches every panic it meets and goes on.
pub fn a_panic_is_caught() {
    let count = Arc::new(AtomicUsize::new(0));
    let shared = Arc::clone(&count);
    let other = thread::spawn(move || {
        for _ in 0..3 {
            let _ = catch_unwind(AssertUnwindSafe(|| {
                assert_ne!(shared.fetch_add(1, SeqCst), 1, "it was one");
            }));
        }
    });
    count.fetch_add(1, SeqCst);
    other.join().unwrap();
}

/// Two wait for the lock that the one which fails has.
pub fn several_wait_for_a_lock() {
    let count = Arc::new(Mutex::new(0));
    let add = |count: &Mutex<u32>| {
        let mut count = count.lock().unwrap();
        thread::yield_now();
        assert_ne!(*count, 1, "the second");
        *count += 1;
    };
    let others: Vec<_> = (0..3)
        .map(|_| {
            let count = Arc::clone(&count);
            thread::spawn(move || add(&count))
        })
        .collect();
    add(&count);
    others.into_iter().for_each(|other| other.join().unwrap());
}

struct LocksInDrop(Arc<Mutex<u32>>);

impl Drop for LocksInDrop {
    fn drop(&mut self) {
        *self.0.lock().unwrap() += 1;
    }
}

heddle::thread_local! {
    static LOCAL: std::cell::RefCell<Option<LocksInDrop>> = std::cell::RefCell::new(None);
}

pub fn a_local_is_destroyed() {
    let count = Arc::new(Mutex::new(0));
    let others: Vec<_> = (0..2)
        .map(|_| {
            let count = Arc::clone(&count);
            thread::spawn(move || {
                let mine = LocksInDrop(Arc::clone(&count));
                LOCAL.with_borrow_mut(|local| *local = Some(mine));
                assert_eq!(*count.lock().unwrap(), 0, "the other has ended");
            })
        })
        .collect();
    others.into_iter().for_each(|other| other.join().unwrap());
}

pub fn a_lost_wakeup() {
    let pair = Arc::new((Mutex::new(false), Condvar::new()));
    let shared = Arc::clone(&pair);
    let setter = thread::spawn(move || {
        *shared.0.lock().unwrap() = true;
        shared.1.notify_one();
    });
    let is_set = *pair.0.lock().unwrap();
    if !is_set {
        drop(pair.1.wait(pair.0.lock().unwrap()).unwrap());
    }
    setter.join().unwrap();
}
