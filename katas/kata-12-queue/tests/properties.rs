//! Any calls in one thread, and in several, against a queue that does one after the other.

mod support;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use heddle::proptest::collection::vec;
use heddle::proptest::prelude::*;
use heddle::proptest::sample::select;
use heddle::sync::Arc;
use heddle::thread;
use heddle::time::Duration;
use kata_12_queue::{Queue, Shutdown, TooManyDone};
use support::drops::Bomb;
use support::scenario::{SOME_TIME, Scenario};
use support::sequential::{Call, Sequential, Wait};

/// Any call with one of these ways to wait; shutdowns are rare.
fn call(waits: &[Wait]) -> impl Strategy<Value = Call> + use<> {
    let puts = waits.iter().map(|&wait| Call::Put(wait, 0));
    let gets = waits.iter().map(|&wait| Call::Get(wait));
    let both: Vec<Call> = puts.chain(gets).collect();
    let rest = vec![
        Call::TaskDone,
        Call::Join,
        Call::Shutdown(Shutdown::Drain),
        Call::Shutdown(Shutdown::Immediate),
    ];
    prop_oneof![4 => select(both), 1 => select(rest)]
}

/// As long as nobody has to wait, the queue answers every call in one thread as a simple one does.
#[test]
fn every_answer_is_that_of_a_simple_queue() {
    let waits = [Wait::No, Wait::For(Duration::ZERO), Wait::Forever];
    let history = (0..4_usize, vec(call(&waits), 0..24));
    heddle::property(history, |(capacity, calls)| {
        let (queue, mut simple) = (Queue::new(capacity), Sequential::new(capacity));
        for (item, mut call) in (0..).zip(calls) {
            if let Call::Put(_, number) = &mut call {
                *number = item;
            }
            // One that would have to wait is left out: there is nobody to end its wait.
            if let Some(expected) = simple.answer(call) {
                assert_eq!(call.of(&queue), expected, "{call:?}");
            }
            let look = (queue.len(), queue.is_empty(), queue.is_full());
            assert_eq!(
                look,
                (simple.len(), simple.len() == 0, simple.is_full()),
                "after {call:?}"
            );
        }
    });
}

/// Whatever two or three threads call, some order of the calls explains all their answers.
#[test]
fn one_order_explains_what_threads_see() {
    let waits = [Wait::No, SOME_TIME, Wait::Forever];
    let threads = vec(vec(call(&waits), 0..4), 2..=3);
    let scenario = (0..3_usize, 0..2_u32, threads);
    let scenario = scenario.prop_filter_map("somebody could wait for ever", |it| {
        let (capacity, filled, threads) = it;
        Scenario::new(capacity, filled.min(capacity as u32), threads)
    });
    heddle::property(scenario, |scenario| scenario.play());
}

/// A task is over when it is dropped, and so it is when the drop of its item panics.
#[test]
fn every_task_that_was_dropped_is_over() {
    heddle::property(vec(any::<bool>(), 0..8), |live| {
        let queue = Queue::new(0);
        for &live in &live {
            assert!(queue.put(Bomb(live)).is_ok());
        }
        for live in live {
            let task = queue.get_task().ok();
            let dropped = catch_unwind(AssertUnwindSafe(|| drop(task)));
            assert_eq!(dropped.is_err(), live, "the panic goes on");
        }
        assert_eq!(queue.task_done(), Err(TooManyDone));
    });
}

/// With two producers and two workers every item is worked on once, and those of a producer in order.
#[test]
fn every_item_is_worked_on_once() {
    heddle::property(
        (0..4_usize, 0..20_u32, 0..20_u32),
        |(capacity, first, second)| {
            let queue = Arc::new(Queue::new(capacity));
            let workers = [(); 2].map(|()| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || {
                    let mut seen = Vec::new();
                    while let Ok(task) = queue.get_task() {
                        seen.push(*task);
                    }
                    seen
                })
            });
            let producers = [(0, first), (1, second)].map(|(producer, items)| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || {
                    for item in 0..items {
                        queue.put((producer, item)).unwrap();
                    }
                })
            });
            for producer in producers {
                producer.join().unwrap();
            }
            queue.join();
            assert!(queue.is_empty(), "all is done, but something is left");
            queue.shutdown(Shutdown::Drain);
            let mut all = HashMap::from([(0, vec![]), (1, vec![])]);
            for worker in workers {
                let seen = worker.join().unwrap();
                for producer in 0..2 {
                    let of = seen.iter().filter(|(of, _)| *of == producer);
                    let of: Vec<u32> = of.map(|&(_, item)| item).collect();
                    assert!(of.is_sorted(), "overtaken: {of:?}");
                    all.entry(producer).or_default().extend(of);
                }
            }
            for (producer, items) in [(0, first), (1, second)] {
                let seen = all.entry(producer).or_default();
                seen.sort_unstable();
                assert!(
                    seen.iter().copied().eq(0..items),
                    "lost or doubled: {seen:?}"
                );
            }
        },
    );
}
