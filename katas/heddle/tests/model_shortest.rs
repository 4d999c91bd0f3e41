//! After the first schedule that fails: a shorter one is looked for, and nothing can undo the failure.

#![cfg(feature = "model")]

mod child;

use std::panic::{AssertUnwindSafe, catch_unwind};

use child::{Child, Claim, Ended};
use heddle::sync::atomic::AtomicUsize;
use heddle::sync::atomic::Ordering::{Relaxed, SeqCst};
use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;
use serde_json::Value;

const CLAIMS: &[Claim] = &[
    ("first long, then short", || heddle::model(long_then_short)),
    ("another order", || heddle::model(another_order)),
    ("many schedules", || heddle::model(many_schedules)),
    ("another kind", || heddle::model(another_kind)),
    ("a second panic", || {
        heddle::model(|| broken_with(PanicsInDrop))
    }),
    ("an abort", || heddle::model(|| broken_with(AbortsInDrop))),
    ("a good end", || heddle::model(|| broken_with(ExitsInDrop))),
    ("no end", || heddle::model(|| broken_with(NeverEndsInDrop))),
    ("waits in drop", || {
        heddle::model(|| broken_with(WaitsInDrop(AtomicUsize::new(0))))
    }),
    ("joins in drop", || heddle::model(a_pool_is_dropped)),
    ("a scope", || heddle::model(a_scope_is_left)),
    ("a join in a scope", || {
        heddle::model(a_join_in_a_scope_is_left)
    }),
    ("catches", || heddle::model(a_panic_is_caught)),
    ("several wait", || heddle::model(several_wait_for_a_lock)),
    ("a local", || heddle::model(a_local_is_destroyed)),
    ("a lost wakeup", || heddle::model(a_lost_wakeup)),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(CLAIMS);
}

/// What is known of the search that followed a failure.
fn shortening(ended: &Ended) -> &Value {
    &ended.end()["counterexample"]["search"]["shortening"]
}

/// How long the schedule of a record is: switches, then steps.
fn length(record: &Value) -> (u64, u64) {
    let kept = record["kept"].as_str().expect("a schedule is named");
    let turns = kept.rsplit(' ').next().expect("its turns come last");
    let steps = turns
        .split(',')
        .map(|turn| turn.split_once('x').expect("thread x steps").1);
    let steps = steps
        .map(|steps| steps.parse::<u64>().expect("a number"))
        .sum();
    (
        record["counterexample"]["search"]["switches"]
            .as_u64()
            .expect("they are counted"),
        steps,
    )
}

/// The first failure is told at once, and once more when a shorter schedule was found.
#[test]
fn a_shorter_schedule_is_found() {
    let ended = Child::graded("first long, then short").run();
    ended.assert_failed("deadlock");
    let [_, first, last] = &ended.records[..] else {
        panic!("{:?}", ended.records)
    };
    assert_eq!(first["provisional"], true);
    assert!(
        length(last) < length(first),
        "{:?} {:?}",
        length(last),
        length(first)
    );
    assert_eq!(first["rung"], last["rung"]);
    // How long it took until the first one stays as it was.
    assert_eq!(
        first["counterexample"]["search"]["schedules"],
        last["counterexample"]["search"]["schedules"]
    );
    assert_eq!(first["schedules"], last["schedules"]);
}

/// What two threads do to each other can be done in several orders: the one with fewest switches is shown.
#[test]
fn a_shorter_order_is_found() {
    let ended = Child::graded("another order").run();
    ended.assert_failed("assertion");
    let first = length(&ended.records[1]);
    assert!(
        length(ended.end()) < first,
        "{} {first:?}",
        ended.end()["kept"]
    );
}

/// The record says that a search was finished, and only then.
#[test]
fn a_finished_search_says_so() {
    let ended = Child::graded("first long, then short").run();
    assert_eq!(shortening(&ended)["exhausted"], true);
    assert!(shortening(&ended)["schedules"].as_u64() > Some(0));
    let ended = Child::graded("many schedules").run();
    ended.assert_failed("assertion");
    assert_eq!(shortening(&ended)["exhausted"], false);
    let tried = shortening(&ended)["schedules"]
        .as_u64()
        .expect("they are counted");
    assert!((1_000..=1_200).contains(&tried), "{tried}");
}

/// A search that the clock has ended is not finished either.
#[test]
fn a_search_without_time_does_not_say_so() {
    let ended = Child::graded("many schedules")
        .with("HEDDLE_BUDGET_MS", "1")
        .run();
    if ended.events().last() == Some(&"failed") {
        assert_eq!(shortening(&ended)["exhausted"], false);
    }
}

/// The same schedules are tried each time, and the same one is shown.
#[test]
fn the_choice_is_always_the_same() {
    for claim in ["first long, then short", "many schedules", "a lost wakeup"] {
        let (one, other) = (Child::graded(claim).run(), Child::graded(claim).run());
        assert_eq!(one.end(), other.end(), "{claim}");
    }
}

/// A shorter schedule that breaks the claim in another way is another failure.
#[test]
fn the_kind_of_the_first_failure_stays() {
    let ended = Child::graded("another kind").run();
    let first = ended.records[1]["kind"].clone();
    assert_eq!(ended.end()["kind"], first);
    assert!(
        shortening(&ended)["failures"].as_u64() > Some(0),
        "{}",
        ended.end()
    );
}

/// Whatever becomes of the process afterwards: what has failed is on record.
#[test]
fn the_first_failure_survives_every_end() {
    for claim in ["a second panic", "an abort", "a good end"] {
        let ended = Child::graded(claim).run();
        assert_eq!(
            ended.events().last(),
            Some(&"failed"),
            "{claim}: {:?}",
            ended.records
        );
        assert_eq!(ended.text("message"), "the claim is broken", "{claim}");
        assert_eq!(ended.text("kind"), "assertion", "{claim}");
        assert!(
            ended
                .records
                .iter()
                .all(|record| record["event"] != "passed")
        );
    }
}

/// A destructor that never comes back is ended by the watchdog; it does not make a time-out of it.
#[test]
fn the_first_failure_survives_the_deadline() {
    let ended = Child::graded("no end")
        .with("HEDDLE_DEADLINE_MS", "1000")
        .run();
    ended.assert_failed("assertion");
    assert_eq!(ended.end()["provisional"], true);
}

/// A schedule can be left in the middle of everything, and the search goes on.
#[test]
fn a_schedule_is_left_cleanly() {
    for (claim, kind) in [
        ("joins in drop", "assertion"),
        ("a scope", "assertion"),
        ("a join in a scope", "assertion"),
        ("catches", "assertion"),
        ("several wait", "assertion"),
        ("a local", "assertion"),
        ("a lost wakeup", "deadlock"),
    ] {
        let ended = Child::graded(claim).run();
        ended.assert_failed(kind);
        assert_eq!(
            shortening(&ended)["exhausted"],
            true,
            "{claim}: {}",
            ended.end()
        );
        assert_eq!(ended.end()["provisional"], Value::Null, "{claim}");
    }
}

/// A destructor that waits for what cannot come ends the search, not the failure.
#[test]
fn a_destructor_that_waits_is_given_up() {
    let ended = Child::graded("waits in drop").run();
    ended.assert_failed("assertion");
    assert_eq!(ended.end()["provisional"], Value::Null);
    assert_eq!(ended.text("message"), "the claim is broken");
}

/// Wakes one of two that wait.
fn long_then_short() {
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
fn another_order() {
    let flag = Arc::new(AtomicUsize::new(0));
    let idle = thread::spawn(|| AtomicUsize::new(0).load(Relaxed));
    let shared = Arc::clone(&flag);
    let other = thread::spawn(move || assert_eq!(shared.load(SeqCst), 1, "too early"));
    idle.join().unwrap();
    flag.store(1, SeqCst);
    other.join().unwrap();
}

/// Takes two preemptions to break, which can be anywhere among much else that goes on.
fn many_schedules() {
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
fn another_kind() {
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

struct PanicsInDrop;
struct AbortsInDrop;
struct ExitsInDrop;
struct NeverEndsInDrop;
struct WaitsInDrop(AtomicUsize);

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

impl Drop for WaitsInDrop {
    fn drop(&mut self) {
        while self.0.load(SeqCst) == 0 {
            thread::yield_now();
        }
    }
}

fn broken_with<T>(value: T) {
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

fn a_pool_is_dropped() {
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

fn a_scope_is_left() {
    let numbers = [1, 2, 3].map(Box::new);
    let turn = (Mutex::new(false), Condvar::new());
    let sum = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = turn.0.lock().unwrap();
            drop(turn.1.wait_while(guard, |turn| !*turn).unwrap());
            sum.fetch_add(numbers.iter().map(|number| **number).sum::<usize>(), SeqCst);
        });
        scope.spawn(|| assert_ne!(sum.load(SeqCst), 6, "the sum was there"));
        *turn.0.lock().unwrap() = true;
        turn.1.notify_all();
    });
}

fn a_join_in_a_scope_is_left() {
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
fn a_panic_is_caught() {
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

fn several_wait_for_a_lock() {
    let count = Arc::new(Mutex::new(0));
    let others: Vec<_> = (0..3)
        .map(|_| {
            let count = Arc::clone(&count);
            thread::spawn(move || {
                let mut count = count.lock().unwrap();
                thread::yield_now();
                assert_ne!(*count, 2, "the third");
                *count += 1;
            })
        })
        .collect();
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

fn a_local_is_destroyed() {
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

fn a_lost_wakeup() {
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
