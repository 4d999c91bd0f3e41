//! Random histories, compared with what a simple sequential model says.

use std::collections::VecDeque;
use std::num::NonZeroUsize;

use heddle::proptest::collection::vec;
use heddle::proptest::prelude::*;
use heddle::proptest::sample::select;
use heddle::sync::{Arc, Mutex};
use heddle::thread::{Builder, JoinHandle, until_blocked};
use kata_08_condition::{BoundedBuffer, Condition, lock};

/// One step in the life of a condition.
#[derive(Clone, Copy, Debug)]
enum Step {
    Wait,
    Notify(usize),
    NotifyAll,
}

/// Waits are as frequent as notifies of all kinds together.
fn step() -> impl Strategy<Value = Step> {
    let notifies = [
        Step::Notify(0),
        Step::Notify(1),
        Step::Notify(2),
        Step::NotifyAll,
    ];
    select([notifies, [Step::Wait; 4]].concat())
}

/// Whoever comes and whatever is notified, a notify picks as many as it may, the oldest first.
#[test]
fn notifies_match_a_queue_of_waiters() {
    heddle::property(vec(step(), 0..8), |steps| {
        let place = Arc::new((Mutex::new(0), Condition::new()));
        let mut waiting: VecDeque<JoinHandle<()>> = VecDeque::new();
        let mut picked_in_all = 0;
        // In the end nobody may be left behind.
        for step in steps.into_iter().chain([Step::NotifyAll]) {
            let (limit, picked) = match step {
                Step::Wait => {
                    waiting.push_back(waiter(&place));
                    continue;
                }
                Step::Notify(n) => (n, place.1.notify(n)),
                Step::NotifyAll => (usize::MAX, place.1.notify_all()),
            };
            assert_eq!(picked, limit.min(waiting.len()));
            for woken in waiting.drain(..picked) {
                woken.join().unwrap();
            }
            picked_in_all += picked;
            assert_eq!(*lock(&place.0), picked_in_all, "as many end their wait");
        }
    });
}

/// Starts a thread that waits once and then adds one; when this returns, it waits.
fn waiter(place: &Arc<(Mutex<usize>, Condition)>) -> JoinHandle<()> {
    let place = Arc::clone(place);
    let body = move || *place.1.wait(lock(&place.0)) += 1;
    let waiter = Builder::new().name("waiter".into()).spawn(body).unwrap();
    until_blocked(waiter.thread());
    waiter
}

/// As long as nobody has to wait, a buffer is a queue.
#[test]
fn a_buffer_matches_a_queue() {
    let history = (1..5_usize, vec(any::<bool>(), 0..16));
    heddle::property(history, |(capacity, puts)| {
        let buffer = BoundedBuffer::new(NonZeroUsize::new(capacity).unwrap());
        let mut queue = VecDeque::new();
        for (item, put) in puts.into_iter().enumerate() {
            if put && queue.len() < capacity {
                buffer.put(item);
                queue.push_back(item);
            } else if !put && !queue.is_empty() {
                assert_eq!(Some(buffer.get()), queue.pop_front());
            }
        }
    });
}
