//! What holds in one thread, or when every thread is known to be where the claim wants it. Long, as a phase is one file of short claims.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use heddle::sync::{Arc, Mutex};
use heddle::thread::until_blocked;
use heddle::time::{Duration, Instant};
use kata_12_queue::{GetError, PutError, Queue, Shutdown, TooManyDone};
use support::drops::{Bomb, Watcher};
use support::threads::{holding, waiting};

const MOMENT: Duration = Duration::from_millis(5);
/// Longer than any claim may take: who waits for it and is not woken hangs.
const LONG: Duration = Duration::from_secs(3600);
/// One more than two bytes can count.
const MANY: usize = 1 << 16;

type Put = fn(&Queue<u32>, u32) -> Result<(), PutError<u32>>;
type Get = fn(&Queue<u32>) -> Result<u32, GetError>;

const PUTS: [Put; 2] = [Queue::put, |it, item| it.put_timeout(item, LONG)];
const GETS: [Get; 3] = [
    Queue::get,
    |it| it.get_timeout(LONG),
    |it| it.get_task().map(|task| *task),
];

/// Everything that can be got without waiting, and why there is no more.
fn drained<T>(queue: &Queue<T>) -> (Vec<T>, GetError) {
    let mut items = Vec::new();
    loop {
        match queue.try_get() {
            Ok(item) => items.push(item),
            Err(why) => return (items, why),
        }
    }
}

/// What was put in first comes out first, however it is put and got.
#[test]
fn items_come_out_in_the_order_they_went_in() {
    heddle::spec(|| {
        let queue = Queue::new(0);
        queue.put(1).unwrap();
        queue.try_put(2).unwrap();
        queue.put_timeout(3, MOMENT).unwrap();
        queue.put(4).unwrap();
        assert_eq!(queue.try_get(), Ok(1));
        assert_eq!(queue.get_timeout(MOMENT), Ok(2));
        assert_eq!(queue.get(), Ok(3));
        assert_eq!(queue.get_task().as_deref(), Ok(&4));
    });
}

/// A capacity of zero is no limit, and neither is one that nobody can reach.
#[test]
fn a_queue_without_a_limit_is_never_full() {
    heddle::spec(|| {
        for capacity in [MANY + 2, usize::MAX / 2 + 2, usize::MAX] {
            assert!(!holding(capacity, [1, 2]).is_full());
        }
        let queue = holding(0, 0..MANY);
        assert_eq!((queue.len(), queue.is_full()), (MANY, false));
        assert_eq!(queue.task_done(), Ok(()), "all of them are unfinished");
    });
}

/// A queue with room for more than a few takes as many, and each counts until it is done.
#[test]
fn a_large_queue_counts_every_item() {
    heddle::spec(|| {
        let queue = holding(300, 0..300);
        assert_eq!((queue.len(), queue.is_full()), (300, true));
        assert_eq!(queue.try_put(300), Err(PutError::Full(300)));
        assert_eq!(drained(&queue).0, Vec::from_iter(0..300));
        (0..300).for_each(|done| assert_eq!(queue.task_done(), Ok(()), "{done} are done"));
        assert_eq!(queue.task_done(), Err(TooManyDone));
    });
}

/// A queue takes as many items as it has room for, and gives the next one back.
#[test]
fn an_attempt_to_overfill_gives_the_item_back() {
    heddle::spec(|| {
        for capacity in 1..4 {
            let queue = holding(capacity, 0..capacity);
            assert_eq!(queue.try_put(7), Err(PutError::Full(7)));
            assert_eq!(queue.put_timeout(8, MOMENT), Err(PutError::Full(8)));
            assert_eq!(queue.try_get(), Ok(0));
            assert_eq!(queue.try_put(9), Ok(()), "there is room again");
            assert_eq!(queue.len(), capacity);
        }
    });
}

/// An attempt to get from an empty queue says that it is empty.
#[test]
fn an_attempt_on_an_empty_queue_gives_nothing() {
    heddle::spec(|| {
        let queue: Queue<u8> = Queue::new(1);
        assert_eq!(queue.try_get(), Err(GetError::Empty));
        assert_eq!(queue.get_timeout(Duration::ZERO), Err(GetError::Empty));
        assert_eq!(queue.get_timeout(MOMENT), Err(GetError::Empty));
    });
}

/// How much there is can be asked, and asking changes nothing.
#[test]
fn a_look_tells_how_much_there_is() {
    heddle::spec(|| {
        let queue = Queue::new(2);
        let look = || (queue.len(), queue.is_empty(), queue.is_full());
        assert_eq!(look(), (0, true, false));
        queue.put(1).unwrap();
        assert_eq!(look(), (1, false, false));
        queue.put(2).unwrap();
        assert_eq!(look(), (2, false, true));
        assert_eq!([queue.get(), queue.get()], [Ok(1), Ok(2)]);
        assert_eq!(look(), (0, true, false));
    });
}

/// A producer waits while the queue is full, and goes on when there is room, however it is made.
#[test]
fn a_producer_waits_for_room() {
    heddle::spec(|| {
        let attempt: Get = Queue::try_get;
        for (put, get) in PUTS.into_iter().flat_map(|put| {
            let gets = GETS.into_iter().chain([attempt]);
            gets.map(move |get| (put, get))
        }) {
            let queue = holding(2, [1, 2]);
            let producer = waiting("producer", &queue, move |queue| put(queue, 3));
            assert_eq!(queue.len(), 2, "there is room for two");
            let done = [(); 3].map(|()| queue.task_done());
            assert_eq!(done, [Ok(()), Ok(()), Err(TooManyDone)], "two were put");
            assert_eq!(get(&queue), Ok(1));
            assert_eq!(producer.join().unwrap(), Ok(()));
            assert_eq!(drained(&queue).0, [2, 3]);
        }
    });
}

/// A consumer waits while the queue is empty, and gets the next item, however it is put.
#[test]
fn a_consumer_waits_for_an_item() {
    heddle::spec(|| {
        let attempt: Put = Queue::try_put;
        for (get, put) in GETS.into_iter().flat_map(|get| {
            let puts = PUTS.into_iter().chain([attempt]);
            puts.map(move |put| (get, put))
        }) {
            let queue = holding(1, []);
            let consumer = waiting("consumer", &queue, get);
            assert_eq!(put(&queue, 7), Ok(()));
            assert_eq!(consumer.join().unwrap(), Ok(7));
        }
    });
}

/// A timed put or get that fails has waited all its time.
#[test]
fn a_limited_wait_lasts_its_time() {
    heddle::spec(|| {
        let queue = holding(1, [1]);
        let begun = Instant::now();
        assert_eq!(queue.put_timeout(2, MOMENT), Err(PutError::Full(2)));
        assert!(begun.elapsed() >= MOMENT, "the put gave up too early");
        assert_eq!(queue.get(), Ok(1));
        let begun = Instant::now();
        assert_eq!(queue.get_timeout(MOMENT), Err(GetError::Empty));
        assert!(begun.elapsed() >= MOMENT, "the get gave up too early");
    });
}

/// A timeout that is too long for the clock does not overflow it.
#[test]
fn the_longest_timeout_is_no_timeout() {
    heddle::spec(|| {
        let queue = holding(1, []);
        for limit in [Duration::MAX, Duration::from_secs(1 << 63)] {
            let consumer = waiting("consumer", &queue, move |it| it.get_timeout(limit));
            queue.put(1).unwrap();
            assert_eq!(consumer.join().unwrap(), Ok(1));
            queue.put(2).unwrap();
            let producer = waiting("producer", &queue, move |it| it.put_timeout(3, limit));
            assert_eq!([queue.get(), queue.get()], [Ok(2), Ok(3)]);
            assert_eq!(producer.join().unwrap(), Ok(()));
        }
    });
}

/// An item that was refused is no unfinished work.
#[test]
fn a_refused_item_counts_for_nothing() {
    heddle::spec(|| {
        let queue = holding(1, [1]);
        assert_eq!(queue.try_put(2), Err(PutError::Full(2)));
        assert_eq!(queue.put_timeout(3, MOMENT), Err(PutError::Full(3)));
        queue.shutdown(Shutdown::Drain);
        assert_eq!(queue.put(4), Err(PutError::ShutDown(4)));
        assert_eq!(queue.get(), Ok(1));
        assert_eq!(queue.task_done(), Ok(()));
        assert_eq!(queue.task_done(), Err(TooManyDone));
        queue.join();
    });
}

/// Calling more done than was put is an error that changes nothing.
#[test]
fn no_more_is_done_than_was_put() {
    heddle::spec(|| {
        let queue = holding(0, []);
        assert_eq!(queue.task_done(), Err(TooManyDone));
        queue.join();
        queue.put(1).unwrap();
        let joiner = waiting("joiner", &queue, Queue::join);
        assert!(!joiner.is_finished(), "the refused one was counted");
        assert_eq!(queue.task_done(), Ok(()));
        joiner.join().unwrap();
        assert_eq!(queue.task_done(), Err(TooManyDone));
    });
}

/// A join waits until what was put is done, also while it waits; that it was got is not enough.
#[test]
fn a_join_waits_for_work_and_not_for_an_empty_queue() {
    heddle::spec(|| {
        let queue = holding(0, [1]);
        let joiner = waiting("joiner", &queue, Queue::join);
        queue.put(2).unwrap();
        assert_eq!(drained(&queue).0, [1, 2]);
        until_blocked(joiner.thread());
        assert!(!joiner.is_finished(), "nothing is done yet");
        queue.task_done().unwrap();
        until_blocked(joiner.thread());
        assert!(!joiner.is_finished(), "one of two is done");
        queue.task_done().unwrap();
        joiner.join().unwrap();
    });
}

/// Everyone who joins is woken, a join with nothing to wait for returns, and there may be another.
#[test]
fn everyone_who_joins_is_woken() {
    heddle::spec(|| {
        let queue = holding(0, []);
        queue.join();
        for item in 0..2 {
            queue.put(item).unwrap();
            let joiners = [(); 3].map(|()| waiting("joiner", &queue, Queue::join));
            assert_eq!(queue.get(), Ok(item));
            queue.task_done().unwrap();
            for joiner in joiners {
                joiner.join().unwrap();
            }
        }
    });
}

/// A task is done when it is dropped, and not before.
#[test]
fn a_task_is_done_when_it_is_dropped() {
    heddle::spec(|| {
        let queue = holding(0, [1]);
        let mut task = queue.get_task().unwrap();
        *task += 1;
        let joiner = waiting("joiner", &queue, Queue::join);
        assert_eq!(*task, 2);
        assert!(!joiner.is_finished(), "the task is still at work");
        drop(task);
        joiner.join().unwrap();
        assert_eq!(queue.task_done(), Err(TooManyDone));
    });
}

/// A worker that panics with a task leaves nobody waiting for it.
#[test]
fn a_panic_of_a_worker_ends_its_task() {
    heddle::spec(|| {
        let queue = holding(0, [1]);
        let worker = waiting("worker", &queue, |queue| {
            let _task = queue.get_task();
            resume_unwind(Box::new("the worker fails"));
        });
        assert!(worker.join().is_err());
        queue.join();
        queue.put(2).unwrap();
        assert_eq!(queue.get(), Ok(2), "the queue works on");
    });
}

/// A task that somebody else has called done is no reason to panic when it is dropped.
#[test]
fn a_task_done_by_another_is_dropped_quietly() {
    heddle::spec(|| {
        let queue = holding(0, [1]);
        let task = queue.get_task().unwrap();
        assert_eq!(queue.task_done(), Ok(()));
        drop(task);
        queue.join();
    });
}

/// After a shutdown nothing can be put, also if there is room, and each item comes back.
#[test]
fn after_a_shutdown_nothing_is_put() {
    heddle::spec(|| {
        use Shutdown::{Drain, Immediate};
        for (capacity, how) in [(0, Drain), (1, Drain), (0, Immediate)] {
            let queue = holding(capacity, [0]);
            queue.shutdown(how);
            assert_eq!(queue.put(1), Err(PutError::ShutDown(1)));
            assert_eq!(queue.try_put(2), Err(PutError::ShutDown(2)));
            assert_eq!(queue.put_timeout(3, MOMENT), Err(PutError::ShutDown(3)));
            assert!(queue.len() <= 1, "something was put");
        }
    });
}

/// What is in the queue at a shutdown still comes out, and then every get says that this is the end.
#[test]
fn what_a_shutdown_leaves_comes_out() {
    heddle::spec(|| {
        let queue = holding(4, [1, 2, 3, 4]);
        queue.shutdown(Shutdown::Drain);
        assert_eq!([queue.get(), queue.try_get()], [Ok(1), Ok(2)]);
        assert_eq!(queue.get_timeout(MOMENT), Ok(3));
        assert_eq!(queue.get_task().as_deref(), Ok(&4));
        assert_eq!(queue.get(), Err(GetError::ShutDown));
        assert_eq!(queue.try_get(), Err(GetError::ShutDown));
        assert_eq!(queue.get_timeout(MOMENT), Err(GetError::ShutDown));
        assert_eq!(queue.get_task().err(), Some(GetError::ShutDown));
    });
}

/// One shutdown ends every consumer that waits: no item is needed for each of them.
#[test]
fn one_shutdown_ends_every_consumer() {
    heddle::spec(|| {
        for how in [Shutdown::Drain, Shutdown::Immediate] {
            let queue = holding(1, []);
            let consumers = GETS.map(|get| waiting("consumer", &queue, get));
            queue.shutdown(how);
            for consumer in consumers {
                assert_eq!(consumer.join().unwrap(), Err(GetError::ShutDown));
            }
        }
    });
}

/// A shutdown wakes every producer that waits, and gives it its item back.
#[test]
fn a_shutdown_ends_every_producer() {
    heddle::spec(|| {
        for how in [Shutdown::Drain, Shutdown::Immediate] {
            let queue = holding(1, [0]);
            let ways = [(1, PUTS[0]), (2, PUTS[1]), (3, PUTS[0])];
            let producers =
                ways.map(|(item, put)| waiting("producer", &queue, move |it| put(it, item)));
            queue.shutdown(how);
            let refused = producers.map(|producer| producer.join().unwrap());
            assert_eq!(refused, [1, 2, 3].map(|it| Err(PutError::ShutDown(it))));
        }
    });
}

/// What a shutdown has kept is still to be done: a join waits for it.
#[test]
fn a_join_waits_for_what_a_shutdown_has_kept() {
    heddle::spec(|| {
        let queue = holding(0, [1]);
        assert_joined_at_the_end(&queue, Shutdown::Drain, || drop(queue.get_task()));
    });
}

/// Asserts that joins from before and after the shutdown wait until the work has ended.
fn assert_joined_at_the_end(queue: &Arc<Queue<u32>>, how: Shutdown, end: impl FnOnce()) {
    let before = waiting("before", queue, Queue::join);
    queue.shutdown(how);
    let after = waiting("after", queue, Queue::join);
    until_blocked(before.thread());
    let joined = [&before, &after].map(|joiner| joiner.is_finished());
    assert_eq!(joined, [false; 2], "one item is not done");
    end();
    let _ended = [before, after].map(|joiner| joiner.join().unwrap());
}

/// An immediate shutdown drops what is left, and whoever waits for it to be done goes on.
#[test]
fn an_immediate_shutdown_drops_what_is_left() {
    heddle::spec(|| {
        let item = std::sync::Arc::new(());
        let queue = holding(0, [item.clone(), item.clone()]);
        let joiners = [(); 3].map(|()| waiting("joiner", &queue, Queue::join));
        queue.shutdown(Shutdown::Immediate);
        let _ended = joiners.map(|joiner| joiner.join().unwrap());
        assert_eq!(std::sync::Arc::strong_count(&item), 1, "an item was kept");
        assert_eq!(drained(&queue), (vec![], GetError::ShutDown));
        assert_eq!((queue.len(), queue.is_empty()), (0, true));
    });
}

/// An immediate shutdown does not call done what somebody is at work on.
#[test]
fn what_was_got_before_an_immediate_shutdown_is_still_to_be_done() {
    heddle::spec(|| {
        let queue = holding(0, [1, 2, 3]);
        let task = queue.get_task().unwrap();
        assert_joined_at_the_end(&queue, Shutdown::Immediate, || drop(task));
        assert_eq!(queue.task_done(), Err(TooManyDone));
    });
}

/// An immediate shutdown copes with items that were called done before anybody got them.
#[test]
fn an_immediate_shutdown_counts_no_item_twice() {
    heddle::spec(|| {
        let queue = holding(0, [1, 2]);
        queue.task_done().unwrap();
        queue.shutdown(Shutdown::Immediate);
        assert_eq!(queue.task_done(), Err(TooManyDone));
        queue.join();
    });
}

/// A second shutdown does no harm, an immediate one drops the rest, and none opens the queue again.
#[test]
fn shutdowns_may_follow_each_other() {
    heddle::spec(|| {
        use Shutdown::{Drain, Immediate};
        let kept = [([Drain, Drain], vec![1, 2]), ([Drain, Immediate], vec![])];
        let dropped = [
            ([Immediate, Drain], vec![]),
            ([Immediate, Immediate], vec![]),
        ];
        for (order, left) in kept.into_iter().chain(dropped) {
            let queue = holding(0, [1, 2]);
            queue.shutdown(order[0]);
            let joiner = waiting("joiner", &queue, Queue::join);
            queue.shutdown(order[1]);
            assert_eq!(queue.try_put(3), Err(PutError::ShutDown(3)), "{order:?}");
            assert_eq!(drained(&queue), (left, GetError::ShutDown), "{order:?}");
            for _ in 0..2 {
                let _ = queue.task_done();
            }
            joiner.join().unwrap();
        }
    });
}

/// The items are dropped when the queue is free again: their drop may use it.
#[test]
fn items_are_dropped_outside_the_lock() {
    heddle::spec(|| {
        let shared = Arc::new((Queue::new(0), Mutex::new(Vec::new())));
        for _ in 0..3 {
            let watcher = Watcher(Some(Arc::clone(&shared)));
            assert!(shared.0.put(watcher).is_ok());
        }
        drop(shared.0.get_task());
        shared.0.shutdown(Shutdown::Immediate);
        let found = shared.1.lock().unwrap();
        assert_eq!(found[0].0, 2, "a task has gone, and two items are left");
        assert_eq!(found[1..], [(0, Err(TooManyDone)); 2]);
    });
}

/// An item whose drop panics keeps nobody waiting: everyone was told of the shutdown before.
#[test]
fn an_item_that_panics_keeps_nobody_waiting() {
    heddle::spec(|| {
        let queue = holding(1, [Bomb(true)]);
        let joiner = waiting("joiner", &queue, Queue::join);
        let producer = waiting("producer", &queue, |queue| queue.put(Bomb(false)));
        // Whether the panic reaches the caller is not promised.
        let _ = catch_unwind(AssertUnwindSafe(|| queue.shutdown(Shutdown::Immediate)));
        assert!(producer.join().unwrap().is_err());
        joiner.join().unwrap();
    });
}

/// A queue keeps nothing of an item that it has given, and drops what is left when it goes itself.
#[test]
fn a_queue_keeps_nothing_of_what_it_gave() {
    heddle::spec(|| {
        let item = std::sync::Arc::new(());
        let owners = || std::sync::Arc::strong_count(&item) - 1;
        let queue = holding(2, [item.clone(), item.clone()]);
        drop(queue.get());
        assert_eq!(owners(), 1);
        drop(queue.get_task());
        assert_eq!(owners(), 0);
        assert!(queue.put(item.clone()).is_ok());
        drop(queue);
        assert_eq!(owners(), 0);
    });
}
