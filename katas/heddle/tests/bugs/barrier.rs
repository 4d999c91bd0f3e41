//! Barriers and reader-writer locks, and their bugs.

use heddle::cell::UnsafeCell;
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;

#[derive(Clone, Copy, PartialEq)]
enum Wait {
    Generation,
    NoPredicate,
    CountIsZero,
}

#[derive(Default)]
struct Count {
    arrived: usize,
    generation: usize,
}

struct Barrier {
    count: Mutex<Count>,
    all_here: Condvar,
    parties: usize,
    wait: Wait,
}

impl Barrier {
    fn wait(&self) {
        let mut count = self.count.lock().unwrap();
        let mine = count.generation;
        count.arrived += 1;
        if count.arrived == self.parties {
            count.arrived = 0;
            count.generation += 1;
            self.all_here.notify_all();
            return;
        }
        match self.wait {
            Wait::NoPredicate => drop(self.all_here.wait(count).unwrap()),
            Wait::CountIsZero => drop(self.all_here.wait_while(count, |c| c.arrived != 0).unwrap()),
            Wait::Generation => drop(
                self.all_here
                    .wait_while(count, |c| c.generation == mine)
                    .unwrap(),
            ),
        }
    }
}

/// Nobody passes a round before all `parties` threads came to it.
fn nobody_passes_early(parties: usize, rounds: usize, wait: Wait) {
    let barrier = Barrier {
        count: Mutex::default(),
        all_here: Condvar::new(),
        parties,
        wait,
    };
    let shared = Arc::new((barrier, Mutex::new(0)));
    let party = move |shared: &(Barrier, Mutex<usize>)| {
        for round in 1..=rounds {
            *shared.1.lock().unwrap() += 1;
            shared.0.wait();
            assert!(
                *shared.1.lock().unwrap() >= round * parties,
                "passed before all had come"
            );
        }
    };
    let handles: Vec<_> = (1..parties)
        .map(|_| {
            let shared = shared.clone();
            thread::spawn(move || party(&shared))
        })
        .collect();
    party(&shared);
    handles.into_iter().for_each(|h| h.join().unwrap());
}

/// A barrier without a predicate: only a spurious wakeup shows it with two parties.
#[test]
fn barrier_without_a_predicate() {
    rejected!("assertion", "fault:", || nobody_passes_early(
        2,
        1,
        Wait::NoPredicate
    ));
}

/// A reused barrier whose sleepers wait for the count to be zero again.
#[test]
fn barrier_that_waits_for_zero() {
    rejected!("deadlock", "sequential-", || nobody_passes_early(
        2,
        2,
        Wait::CountIsZero
    ));
}

/// Right: one round of three.
#[test]
fn right_barrier_one_round() {
    accepted!(|| nobody_passes_early(3, 1, Wait::Generation));
}

/// Right: two rounds of two.
#[test]
fn right_barrier_two_rounds() {
    accepted!(|| nobody_passes_early(2, 2, Wait::Generation));
}

#[derive(Clone, Copy, PartialEq)]
enum Bug {
    None,
    TwoSections,
    ReadersIgnored,
}

#[derive(Default)]
struct Holders {
    readers: usize,
    writer: bool,
}

struct ReadWrite {
    holders: Mutex<Holders>,
    released: Condvar,
    value: UnsafeCell<usize>,
    bug: Bug,
}

// SAFETY: `value` is read under `read` and written under `write`; the claims find out whether that is enough.
unsafe impl Sync for ReadWrite {}

impl ReadWrite {
    fn read(&self) -> usize {
        let holders = self.holders.lock().unwrap();
        let mut holders = self.released.wait_while(holders, |h| h.writer).unwrap();
        holders.readers += 1;
        drop(holders);
        // SAFETY: this thread is a reader.
        let value = self.value.with(|value| unsafe { *value });
        let mut holders = self.holders.lock().unwrap();
        holders.readers -= 1;
        if holders.readers == 0 {
            self.released.notify_all();
        }
        value
    }

    fn write(&self, new: usize) {
        let bug = self.bug;
        let busy = move |h: &mut Holders| h.writer || (h.readers > 0 && bug != Bug::ReadersIgnored);
        let holders = self.holders.lock().unwrap();
        let mut holders = self.released.wait_while(holders, busy).unwrap();
        if bug == Bug::TwoSections {
            drop(holders);
            holders = self.holders.lock().unwrap();
        }
        holders.writer = true;
        drop(holders);
        // SAFETY: this thread is the writer.
        self.value.with_mut(|value| unsafe { *value = new });
        self.holders.lock().unwrap().writer = false;
        self.released.notify_all();
    }
}

/// `readers` threads read what thread 0 writes.
fn readers_and_a_writer(readers: usize, bug: Bug) {
    let lock = ReadWrite {
        holders: Mutex::default(),
        released: Condvar::new(),
        value: UnsafeCell::new(0),
        bug,
    };
    let lock = Arc::new(lock);
    let handles: Vec<_> = (0..readers)
        .map(|_| {
            let lock = lock.clone();
            thread::spawn(move || lock.read())
        })
        .collect();
    lock.write(1);
    handles
        .into_iter()
        .for_each(|h| assert!(h.join().unwrap() <= 1));
}

/// (q) Looking and taking in two critical sections.
#[test]
fn check_and_set_in_two_sections() {
    rejected!("data-race", "sequential-", || readers_and_a_writer(
        1,
        Bug::TwoSections
    ));
}

/// (q) A writer that ignores readers.
#[test]
fn readers_ignored_by_the_writer() {
    rejected!("data-race", "sequential-", || readers_and_a_writer(
        1,
        Bug::ReadersIgnored
    ));
}

/// Right: one reader.
#[test]
fn right_one_writer_one_reader() {
    accepted!(|| readers_and_a_writer(1, Bug::None));
}

/// Right: two readers.
#[test]
fn right_one_writer_two_readers() {
    accepted!(|| readers_and_a_writer(2, Bug::None));
}
