//! A bounded queue from a mutex and condition variables, its right form and the bugs people write.

use heddle::sync::{Arc, Condvar, Mutex};
use heddle::thread;
use std::collections::VecDeque;

#[derive(Clone, Copy, PartialEq)]
enum Bug {
    None,
    IfInGet,
    IfInPut,
    OneCondvar,
    NotifyOnlyWhenEmpty,
    TestOutsideTheLock,
    DoneInGet,
}

struct Items {
    queue: VecDeque<u32>,
    unfinished: usize,
}

struct Queue {
    items: Mutex<Items>,
    not_empty: Condvar,
    not_full: Condvar,
    all_done: Condvar,
    capacity: usize,
    bug: Bug,
}

impl Queue {
    fn new(capacity: usize, bug: Bug) -> Arc<Self> {
        Arc::new(Queue {
            items: Mutex::new(Items {
                queue: VecDeque::new(),
                unfinished: 0,
            }),
            not_empty: Condvar::new(),
            not_full: Condvar::new(),
            all_done: Condvar::new(),
            capacity,
            bug,
        })
    }

    fn space(&self) -> &Condvar {
        if self.bug == Bug::OneCondvar {
            &self.not_empty
        } else {
            &self.not_full
        }
    }

    fn put(&self, item: u32) {
        let mut items = self.items.lock().unwrap();
        while items.queue.len() == self.capacity {
            items = self.space().wait(items).unwrap();
            if self.bug == Bug::IfInPut {
                break;
            }
        }
        assert!(
            items.queue.len() < self.capacity,
            "more items than the capacity"
        );
        let was_empty = items.queue.is_empty();
        items.queue.push_back(item);
        items.unfinished += 1;
        if was_empty || self.bug != Bug::NotifyOnlyWhenEmpty {
            self.not_empty.notify_one();
        }
    }

    fn get(&self) -> u32 {
        if self.bug == Bug::TestOutsideTheLock {
            return self.get_testing_outside_the_lock();
        }
        let mut items = self.items.lock().unwrap();
        while items.queue.is_empty() {
            items = self.not_empty.wait(items).unwrap();
            if self.bug == Bug::IfInGet {
                break;
            }
        }
        self.take(&mut items)
    }

    fn get_testing_outside_the_lock(&self) -> u32 {
        if self.items.lock().unwrap().queue.is_empty() {
            let items = self.items.lock().unwrap();
            drop(self.not_empty.wait(items).unwrap());
        }
        self.take(&mut self.items.lock().unwrap())
    }

    fn take(&self, items: &mut Items) -> u32 {
        let item = items
            .queue
            .pop_front()
            .expect("get() woke up but the queue is empty");
        if self.bug == Bug::DoneInGet {
            items.unfinished -= 1;
            self.all_done.notify_all();
        }
        self.space().notify_one();
        item
    }

    fn task_done(&self) {
        if self.bug == Bug::DoneInGet {
            return;
        }
        let mut items = self.items.lock().unwrap();
        items.unfinished -= 1;
        if items.unfinished == 0 {
            self.all_done.notify_all();
        }
    }

    fn join(&self) {
        let items = self.items.lock().unwrap();
        drop(
            self.all_done
                .wait_while(items, |items| items.unfinished > 0)
                .unwrap(),
        );
    }
}

/// Thread 0 puts `items`, spread over `consumers` other threads that get as many together.
fn one_producer(bug: Bug, capacity: usize, consumers: u32, each: u32) {
    let queue = Queue::new(capacity, bug);
    let handles: Vec<_> = (0..consumers)
        .map(|_| {
            let queue = queue.clone();
            thread::spawn(move || (0..each).map(|_| queue.get()).sum::<u32>())
        })
        .collect();
    (1..=consumers * each).for_each(|item| queue.put(item));
    let sum: u32 = handles.into_iter().map(|h| h.join().unwrap()).sum::<u32>();
    assert_eq!(
        sum,
        (1..=consumers * each).sum::<u32>(),
        "an item was lost or given twice"
    );
}

/// Thread 0 gets what `producers` other threads put, one item each.
fn one_consumer(bug: Bug, capacity: usize, producers: u32) {
    let queue = Queue::new(capacity, bug);
    let handles: Vec<_> = (1..=producers)
        .map(|item| {
            let queue = queue.clone();
            thread::spawn(move || queue.put(item))
        })
        .collect();
    let sum: u32 = (0..producers).map(|_| queue.get()).sum::<u32>();
    handles.into_iter().for_each(|h| h.join().unwrap());
    assert_eq!(sum, (1..=producers).sum::<u32>());
}

/// Two producers and two consumers: thread 0 is one of the consumers.
fn two_and_two(bug: Bug) {
    let queue = Queue::new(1, bug);
    let producers: Vec<_> = (1..=2)
        .map(|item| {
            let queue = queue.clone();
            thread::spawn(move || queue.put(item))
        })
        .collect();
    let consumer = thread::spawn({
        let queue = queue.clone();
        move || queue.get()
    });
    let sum = queue.get();
    producers.into_iter().for_each(|h| h.join().unwrap());
    assert_eq!(sum + consumer.join().unwrap(), 3);
}

/// A worker does `jobs`; once `join` returns, all of them are done.
fn joined(bug: Bug, jobs: u32) {
    let queue = Queue::new(2, bug);
    let done = Arc::new(Mutex::new(0));
    let worker = thread::spawn({
        let (queue, done) = (queue.clone(), done.clone());
        move || {
            for _ in 0..jobs {
                queue.get();
                *done.lock().unwrap() += 1;
                queue.task_done();
            }
        }
    });
    (0..jobs).for_each(|job| queue.put(job));
    queue.join();
    assert_eq!(
        *done.lock().unwrap(),
        jobs,
        "join returned while a job was still at work"
    );
    worker.join().unwrap();
}

/// (a) `if` for `while` round the wait: one consumer falls to a spurious wakeup alone.
#[test]
fn if_for_while_with_one_consumer() {
    rejected!("assertion", "fault:", || one_producer(
        Bug::IfInGet,
        2,
        1,
        1
    ));
}

/// (a) `if` for `while`: of two consumers, one finds its item stolen.
#[test]
fn if_for_while_with_two_consumers() {
    rejected!("assertion", "", || one_producer(Bug::IfInGet, 2, 2, 1));
}

/// (a) `if` for `while` in `put`: two producers overfill a queue of one.
#[test]
fn if_for_while_in_put() {
    rejected!("assertion", "", || one_consumer(Bug::IfInPut, 1, 2));
}

/// (b) One condition variable for both directions: the notification reaches the wrong kind.
#[test]
fn one_condvar_for_both_directions() {
    rejected!("deadlock", "", || two_and_two(Bug::OneCondvar));
}

/// (b) Notifying only when the queue was empty leaves the second consumer asleep.
#[test]
fn notify_only_when_it_was_empty() {
    rejected!("deadlock", "sequential-", || one_producer(
        Bug::NotifyOnlyWhenEmpty,
        2,
        2,
        1
    ));
}

/// (c) The predicate is tested outside the lock, so the notification can fall between test and wait.
#[test]
fn predicate_tested_outside_the_lock() {
    rejected!("deadlock", "sequential-", || one_producer(
        Bug::TestOutsideTheLock,
        2,
        1,
        1
    ));
}

/// (o) Counting a job as done when it is taken lets `join` return while it is at work.
#[test]
fn unfinished_counted_down_in_get() {
    rejected!("assertion", "sequential-", || joined(Bug::DoneInGet, 1));
}

/// Right: one producer, one consumer, two items through a queue of one.
#[test]
fn right_queue_of_one() {
    accepted!(|| one_producer(Bug::None, 1, 1, 2));
}

/// Right: one producer, two consumers.
#[test]
fn right_queue_with_two_consumers() {
    accepted!(|| one_producer(Bug::None, 1, 2, 1));
}

/// Right: a condition variable shared by one producer and one consumer.
#[test]
fn right_shared_condvar_of_one_and_one() {
    accepted!(|| one_producer(Bug::OneCondvar, 1, 1, 2));
}

/// Right: `join` waits for one job.
#[test]
fn right_join_of_one_job() {
    accepted!(|| joined(Bug::None, 1));
}

/// Right: `join` waits for two jobs.
#[test]
fn right_join_of_two_jobs() {
    accepted!(|| joined(Bug::None, 2));
}
