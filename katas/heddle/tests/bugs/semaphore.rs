//! Semaphores, one from a mutex and a condition variable and one from an atomic, and their bugs.

use heddle::sync::atomic::{AtomicUsize, Ordering::*};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::{hint, thread};

#[derive(Clone, Copy, PartialEq)]
enum Bug {
    None,
    IfForWhile,
    NotifyOnlyFromZero,
}

struct Semaphore {
    permits: Mutex<usize>,
    available: Condvar,
    bug: Bug,
}

impl Semaphore {
    fn new(permits: usize, bug: Bug) -> Self {
        Semaphore {
            permits: Mutex::new(permits),
            available: Condvar::new(),
            bug,
        }
    }

    fn acquire(&self) {
        let mut permits = self.permits.lock().unwrap();
        while *permits == 0 {
            permits = self.available.wait(permits).unwrap();
            if self.bug == Bug::IfForWhile {
                break;
            }
        }
        *permits = permits
            .checked_sub(1)
            .expect("a permit that is not there was taken");
    }

    fn release(&self) {
        let mut permits = self.permits.lock().unwrap();
        *permits += 1;
        if *permits == 1 || self.bug != Bug::NotifyOnlyFromZero {
            self.available.notify_one();
        }
    }
}

/// `takers` threads and thread 0 pass through a semaphore of one permit, one inside at a time.
fn exclusion(bug: Bug, takers: usize) {
    let shared = Arc::new((Semaphore::new(1, bug), Mutex::new(0)));
    let pass = |shared: &(Semaphore, Mutex<usize>)| {
        shared.0.acquire();
        let mut inside = shared.1.lock().unwrap();
        *inside += 1;
        assert_eq!(*inside, 1, "two threads are inside");
        drop(inside);
        *shared.1.lock().unwrap() -= 1;
        shared.0.release();
    };
    let handles: Vec<_> = (0..takers)
        .map(|_| {
            let shared = shared.clone();
            thread::spawn(move || pass(&shared))
        })
        .collect();
    pass(&shared);
    handles.into_iter().for_each(|h| h.join().unwrap());
}

/// Thread 0 releases two permits that two waiting threads want.
fn two_releases(bug: Bug) {
    let semaphore = Arc::new(Semaphore::new(0, bug));
    let handles: Vec<_> = (0..2)
        .map(|_| {
            let semaphore = semaphore.clone();
            thread::spawn(move || semaphore.acquire())
        })
        .collect();
    semaphore.release();
    semaphore.release();
    handles.into_iter().for_each(|h| h.join().unwrap());
}

/// Two threads take a permit each from an atomic count of two, and give it back.
fn atomic_count(take: fn(&AtomicUsize), give: fn(&AtomicUsize)) {
    let count = Arc::new(AtomicUsize::new(2));
    let other = thread::spawn({
        let count = count.clone();
        move || {
            take(&count);
            give(&count);
        }
    });
    take(&count);
    give(&count);
    other.join().unwrap();
    assert_eq!(count.load(Acquire), 2, "a permit was lost or made");
}

fn take_in_one_step(count: &AtomicUsize) {
    let mut seen = count.load(Relaxed);
    loop {
        if seen == 0 {
            hint::spin_loop();
            seen = count.load(Relaxed);
            continue;
        }
        match count.compare_exchange(seen, seen - 1, Acquire, Relaxed) {
            Ok(_) => return,
            Err(now) => seen = now,
        }
    }
}

fn give_in_one_step(count: &AtomicUsize) {
    count.fetch_add(1, Release);
}

/// (a) `if` for `while` in a semaphore of two threads: only a spurious wakeup shows it.
#[test]
fn if_for_while_with_two_threads() {
    rejected!("assertion", "fault:", || exclusion(Bug::IfForWhile, 1));
}

/// (a) `if` for `while` with three threads: the permit is stolen.
#[test]
fn if_for_while_with_three_threads() {
    rejected!("assertion", "", || exclusion(Bug::IfForWhile, 2));
}

/// (b) Notifying only from zero permits to one leaves the second waiter asleep.
#[test]
fn notify_only_from_zero_permits() {
    rejected!("deadlock", "sequential-", || two_releases(
        Bug::NotifyOnlyFromZero
    ));
}

/// (f) Taking a permit by a load and a store.
#[test]
fn acquire_by_load_and_store() {
    rejected!("assertion", "sequential-", || atomic_count(
        |count| {
            let seen = count.load(Acquire);
            assert!(seen > 0, "only two threads want the two permits");
            count.store(seen - 1, Release);
        },
        give_in_one_step
    ));
}

/// (f) Giving a permit back by a load and a store.
#[test]
fn release_by_load_and_store() {
    rejected!("assertion", "sequential-", || atomic_count(
        take_in_one_step,
        |count| {
            let seen = count.load(Acquire);
            count.store(seen + 1, Release);
        }
    ));
}

/// Right: a lock of a mutex and a condition variable, two threads.
#[test]
fn right_with_two_threads() {
    accepted!(|| exclusion(Bug::None, 1));
}

/// Right: three threads.
#[test]
fn right_with_three_threads() {
    accepted!(|| exclusion(Bug::None, 2));
}

/// Right: an atomic count changed in one step.
#[test]
fn right_atomic_count() {
    accepted!(|| atomic_count(take_in_one_step, give_in_one_step));
}
