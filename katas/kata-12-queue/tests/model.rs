//! What holds under every schedule. Long, as a phase is one file of short claims.

mod support;

use heddle::sync::Arc;
use heddle::thread;
use heddle::time::{Duration, Instant};
use kata_12_queue::{GetError, PutError, Queue, Shutdown, TooManyDone};
use support::drops::Awaits;
use support::scenario::{ATTEMPTS, ENDS, LIMITED_WAITS, Scenario, WAITS, WORK};
use support::threads::{holding, spawn, waiting};
use support::virtual_time::{LIMITS, MOMENT, ODD, assert_kept, gives_up_in_time};
use support::work::{Probe, Work};

const LIMIT: Duration = Duration::from_secs(1);

/// What is put or taken while the other side goes to sleep reaches it.
#[test]
fn items_and_room_reach_the_other_side() {
    heddle::model(|| {
        let queue = holding(1, 0..0);
        let producer = spawn("producer", &queue, |queue| [queue.put(1), queue.put(2)]);
        assert_eq!([queue.get(), queue.get()], [Ok(1), Ok(2)]);
        assert_eq!(producer.join().unwrap(), [Ok(()), Ok(())]);
    });
}

/// When two consumers and then the producer wait, a consumer that makes room wakes the producer.
#[test]
fn no_consumer_wakes_in_place_of_the_producer() {
    heddle::model(|| {
        let queue = holding(1, 0..0);
        let consumers = ["first", "second"].map(|name| waiting(name, &queue, Queue::get));
        queue.put(1).unwrap();
        queue.put(2).unwrap();
        let got = consumers.map(|consumer| consumer.join().unwrap().unwrap());
        assert!(got == [1, 2] || got == [2, 1], "{got:?}");
    });
}

/// The same the other way round: two producers wait, and then the consumer.
#[test]
fn no_producer_wakes_in_place_of_the_consumer() {
    heddle::model(|| {
        let queue = holding(1, 0..1);
        let producers = [1, 2].map(|item| waiting("producer", &queue, move |it| it.put(item)));
        assert_eq!(queue.get(), Ok(0));
        assert!(matches!(queue.get(), Ok(1 | 2)));
        assert_eq!(producers.map(|it| it.join().unwrap()), [Ok(()); 2]);
    });
}

/// With two producers and two consumers at a queue of one, everybody comes through.
#[test]
fn two_producers_and_two_consumers_come_through() {
    heddle::model(|| {
        let queue = holding(1, 0..0);
        let consumers = ["first", "second"].map(|name| waiting(name, &queue, Queue::get));
        let producer = spawn("producer", &queue, |queue| queue.put(1));
        queue.put(2).unwrap();
        let got = consumers.map(|consumer| consumer.join().unwrap());
        assert!(got.contains(&Ok(1)) && got.contains(&Ok(2)), "{got:?}");
        producer.join().unwrap().unwrap();
    });
}

/// Who has waited gets the first item there is, also if more than one was put before it comes.
#[test]
fn who_has_waited_gets_the_first_item() {
    heddle::model(|| {
        let queue = holding(0, 0..0);
        let timed = waiting("timed", &queue, |queue| queue.get_timeout(LIMIT));
        (1..=2).for_each(|item| queue.put(item).unwrap());
        // It has none if its time was over before.
        let first = timed.join().unwrap().or_else(|_| queue.get());
        assert_eq!([first, queue.get()], [Ok(1), Ok(2)]);
    });
}

/// Each of two items reaches a consumer, even if the one who was woken for the first comes too late.
#[test]
fn the_second_item_wakes_too() {
    heddle::model(|| {
        let queue = holding(2, 0..0);
        let first = waiting("first", &queue, |queue| queue.get_timeout(LIMIT));
        let second = spawn("second", &queue, Queue::get);
        (1..=2).for_each(|item| queue.put(item).unwrap());
        // The first has none if its time was over before.
        let first = first.join().unwrap().or_else(|_| queue.get()).unwrap();
        let second = second.join().unwrap().unwrap();
        assert_eq!(first + second, 3, "{first} and {second}");
    });
}

/// With two places and two producers, each room that is made wakes its producer.
#[test]
fn the_second_room_wakes_too() {
    heddle::model(|| {
        let queue = holding(2, 0..2);
        let producers = ["first", "second"].map(|name| spawn(name, &queue, |queue| queue.put(2)));
        assert_eq!([queue.get(), queue.get()], [Ok(0), Ok(1)]);
        assert_eq!(producers.map(|it| it.join().unwrap()), [Ok(()); 2]);
    });
}

/// A consumer that is woken for an item which another has taken meanwhile goes on waiting.
#[test]
fn what_a_consumer_was_woken_for_may_be_gone() {
    heddle::model(|| {
        let queue = holding(1, 0..0);
        let consumer = spawn("consumer", &queue, Queue::get);
        queue.put(1).unwrap();
        if queue.try_get() == Ok(1) {
            queue.put(2).unwrap();
        }
        assert!(matches!(consumer.join().unwrap(), Ok(1 | 2)));
    });
}

/// A producer that is woken for room which another has filled meanwhile goes on waiting.
#[test]
fn the_room_a_producer_was_woken_for_may_be_gone() {
    heddle::model(|| {
        let queue = holding(1, 0..1);
        let producer = spawn("producer", &queue, |queue| queue.put(1));
        queue.get().unwrap();
        if queue.try_put(2) == Ok(()) {
            assert_eq!(queue.len(), 1, "there is room for one");
            assert_eq!(queue.get(), Ok(2));
        }
        assert_eq!((producer.join().unwrap(), queue.len()), (Ok(()), 1));
    });
}

/// Of two attempts at the last item, or at the last room, one is told so instead of waiting.
#[test]
fn an_attempt_at_the_last_one_does_not_wait() {
    heddle::model(|| {
        let queues = Arc::new((Queue::new(0), Queue::new(1)));
        queues.0.put(7).unwrap();
        let attempts = |queues: &(Queue<_>, Queue<_>)| (queues.0.try_get(), queues.1.try_put(7));
        let other = spawn("other", &queues, attempts);
        let (mine, others) = (attempts(&queues), other.join().unwrap());
        let got = [mine.0, others.0];
        assert!(matches!(got, [Ok(7), Err(_)] | [Err(_), Ok(7)]), "{got:?}");
        assert_ne!(mine.1.is_ok(), others.1.is_ok(), "there is room for one");
    });
}

/// An attempt takes no time, nor does a limit of zero, nor a put or a get that need not wait.
#[test]
fn an_attempt_takes_no_time() {
    heddle::model(|| {
        let (begun, queue) = (Instant::now(), holding(1, 0..0));
        assert_eq!(queue.try_get(), Err(GetError::Empty));
        assert_eq!(queue.get_timeout(Duration::ZERO), Err(GetError::Empty));
        assert_eq!(queue.put_timeout(1, LIMIT), Ok(()));
        assert_eq!(queue.try_put(2), Err(PutError::Full(2)));
        let refused = Err(PutError::Full(2));
        assert_eq!(queue.put_timeout(2, Duration::ZERO), refused);
        assert_eq!(queue.get_timeout(LIMIT), Ok(1));
        queue.shutdown(Shutdown::Drain);
        assert_eq!(queue.put_timeout(3, LIMIT), Err(PutError::ShutDown(3)));
        assert_eq!(queue.get_timeout(LIMIT), Err(GetError::ShutDown));
        assert!(begun.elapsed() < MOMENT, "waited for nothing");
    });
}

/// Waits without a time limit look at no clock: they sleep until they are woken.
#[test]
fn a_wait_without_a_limit_does_not_poll() {
    heddle::model(|| {
        let (begun, queue) = (Instant::now(), holding(1, 0..1));
        let worker = spawn("worker", &queue, |queue| {
            drop(queue.get_task());
            drop(queue.get_task());
        });
        queue.put(2).unwrap();
        queue.join();
        worker.join().unwrap();
        // In a model time passes only while somebody waits for it.
        assert!(begun.elapsed().is_zero(), "asked again after some time");
    });
}

/// A put ends a timed get at once, and so does a shutdown: not when its time is over.
#[test]
fn a_timed_get_ends_with_its_reason() {
    heddle::model(|| {
        let (begun, queue) = (Instant::now(), holding(1, 0..0));
        let consumer = spawn("consumer", &queue, move |queue| {
            [(); 2].map(|()| (queue.get_timeout(LIMIT), begun.elapsed()))
        });
        queue.put(7).unwrap();
        queue.shutdown(Shutdown::Drain);
        let acted = begun.elapsed();
        let [first, second] = consumer.join().unwrap();
        // Otherwise its time was over before.
        if acted.is_zero() {
            assert_eq!(first, (Ok(7), Duration::ZERO));
            assert_eq!(second, (Err(GetError::ShutDown), Duration::ZERO));
        }
    });
}

/// A get ends a timed put at once, and so does a shutdown.
#[test]
fn a_timed_put_ends_with_its_reason() {
    heddle::model(|| {
        let (begun, queue) = (Instant::now(), holding(1, 0..1));
        let producer = spawn("producer", &queue, move |queue| {
            [1, 2].map(|item| (queue.put_timeout(item, LIMIT), begun.elapsed()))
        });
        queue.get().unwrap();
        queue.shutdown(Shutdown::Drain);
        let acted = begun.elapsed();
        let [first, second] = producer.join().unwrap();
        if acted.is_zero() {
            assert!(matches!(first.0, Ok(()) | Err(PutError::ShutDown(1))));
            assert_eq!(first.1, Duration::ZERO);
            assert_eq!(second, (Err(PutError::ShutDown(2)), Duration::ZERO));
        }
    });
}

/// A get or put that nobody wakes gives up when its time is over, be that short, odd or long.
#[test]
fn a_limit_is_kept_whatever_its_length() {
    heddle::model(|| {
        let queue = holding(1, 0..1);
        for limit in LIMITS {
            let put = assert_kept(limit, |limit| queue.put_timeout(7, limit));
            assert_eq!(put, Err(PutError::Full(7)));
        }
        queue.get().unwrap();
        for limit in LIMITS {
            let got = assert_kept(limit, |limit| queue.get_timeout(limit));
            assert_eq!(got, Err(GetError::Empty));
        }
    });
}

/// A get that is woken in vain gives up when its time is over, neither later nor sooner.
#[test]
fn one_time_limit_holds_for_all_that_a_get_waits() {
    heddle::model(|| {
        let get = |queue: &Queue<_>| queue.get_timeout(ODD) == Err(GetError::Empty);
        gives_up_in_time(&holding(1, 0..0), get, |queue| {
            queue.put(7).unwrap();
            let _taken_back = queue.try_get();
        });
    });
}

/// A put that is woken in vain gives up when its time is over, neither later nor sooner.
#[test]
fn one_time_limit_holds_for_all_that_a_put_waits() {
    heddle::model(|| {
        let put = |queue: &Queue<_>| queue.put_timeout(7, ODD) == Err(PutError::Full(7));
        gives_up_in_time(&holding(1, 0..1), put, |queue| {
            queue.get().unwrap();
            let _filled_again = queue.try_put(8);
        });
    });
}

/// Who waits with a limit that is too long for the clock never gives up.
#[test]
fn the_longest_limit_never_ends() {
    heddle::model(|| {
        let queue = holding(1, 0..1);
        let producer = spawn("producer", &queue, |it| it.put_timeout(1, Duration::MAX));
        let limits = [Duration::MAX, Duration::from_secs(1 << 63)];
        let got = limits.map(|limit| queue.get_timeout(limit));
        assert_eq!((got, producer.join().unwrap()), ([Ok(0), Ok(1)], Ok(())));
    });
}

/// A get whose time is over takes the wake-up for an item with it only if it takes the item.
#[test]
fn a_get_that_gives_up_leaves_no_item_behind() {
    heddle::model(|| {
        let queue = holding(1, 0..0);
        let timed = spawn("timed", &queue, |queue| queue.get_timeout(LIMIT));
        let patient = spawn("patient", &queue, Queue::get);
        // From here on the time of the first may be over when it is woken.
        thread::sleep(LIMIT);
        queue.put(1).unwrap();
        if timed.join().unwrap() == Ok(1) {
            queue.put(2).unwrap();
        }
        assert!(matches!(patient.join().unwrap(), Ok(1 | 2)));
    });
}

/// A put whose time is over takes the wake-up for room with it only if it takes the room.
#[test]
fn a_put_that_gives_up_leaves_no_room_behind() {
    heddle::model(|| {
        let queue = holding(1, 0..1);
        let timed = spawn("timed", &queue, |queue| queue.put_timeout(1, LIMIT));
        let patient = spawn("patient", &queue, |queue| queue.put(2));
        thread::sleep(LIMIT);
        assert_eq!(queue.get(), Ok(0));
        if timed.join().unwrap() == Ok(()) {
            assert!(matches!(queue.get(), Ok(1 | 2)));
        }
        assert_eq!(patient.join().unwrap(), Ok(()));
    });
}

/// When two workers are done at the same time, the join does not miss it.
#[test]
fn no_task_is_lost_from_the_count() {
    heddle::model(|| {
        let queue = holding(0, 0..2);
        let work = |queue: &Queue<_>| drop(queue.get_task());
        let workers = ["first", "second"].map(|name| spawn(name, &queue, work));
        queue.join();
        assert!(queue.is_empty(), "joined before all was done");
        let _ended = workers.map(|worker| worker.join().unwrap());
    });
}

/// Who joins waits for something else than a consumer, and takes none of its wake-ups.
#[test]
fn who_joins_takes_no_wake_up_of_a_consumer() {
    heddle::model(|| {
        let queue = holding(0, 0..1);
        assert_eq!(queue.get(), Ok(0));
        let joiner = waiting("joiner", &queue, Queue::join);
        let consumer = waiting("consumer", &queue, Queue::get);
        queue.put(1).unwrap();
        assert_eq!(consumer.join().unwrap(), Ok(1));
        (0..2).for_each(|_| queue.task_done().unwrap());
        joiner.join().unwrap();
    });
}

/// Nor does it take a wake-up of a producer.
#[test]
fn who_joins_takes_no_wake_up_of_a_producer() {
    heddle::model(|| {
        let queue = holding(1, 0..1);
        let joiner = waiting("joiner", &queue, Queue::join);
        let producer = waiting("producer", &queue, |queue| queue.put(1));
        assert_eq!(queue.get(), Ok(0));
        assert_eq!(producer.join().unwrap(), Ok(()));
        (0..2).for_each(|_| queue.task_done().unwrap());
        joiner.join().unwrap();
    });
}

/// A join returns when the work is done and its item is gone, and sees all of it.
#[test]
fn a_join_sees_the_work() {
    heddle::model(|| {
        let work = Work::new();
        let queue = holding(0, [Probe(work.clone())]);
        let joiner = spawn("joiner", &queue, move |queue| {
            queue.join();
            work.assert_done();
        });
        drop(queue.get_task());
        joiner.join().unwrap();
    });
}

/// Whoever is told of the end sees what was done before it.
#[test]
fn the_end_is_seen_with_what_came_before_it() {
    heddle::model(|| {
        let (queue, work) = (holding(1, 0..0), Work::new());
        let [to_get, to_put] = [work.clone(), work.clone()];
        let consumer = spawn("consumer", &queue, move |queue| {
            if queue.try_get() == Err(GetError::ShutDown) {
                to_get.assert_done();
            }
        });
        let producer = spawn("producer", &queue, move |queue| {
            if queue.try_put(7) == Err(PutError::ShutDown(7)) {
                to_put.assert_done();
            }
        });
        work.is_done();
        queue.shutdown(Shutdown::Drain);
        let _ended = [consumer, producer].map(|thread| thread.join().unwrap());
    });
}

/// A shutdown that comes while a consumer and a producer go to sleep is not missed.
#[test]
fn a_shutdown_reaches_who_goes_to_sleep() {
    heddle::model(|| {
        let (empty, full) = (holding(1, 0..0), holding(1, 0..1));
        let consumer = spawn("consumer", &empty, Queue::get);
        let producer = spawn("producer", &full, |queue| queue.put(7));
        empty.shutdown(Shutdown::Drain);
        full.shutdown(Shutdown::Immediate);
        assert_eq!(consumer.join().unwrap(), Err(GetError::ShutDown));
        assert_eq!(producer.join().unwrap(), Err(PutError::ShutDown(7)));
    });
}

/// Of two producers that wait, a shutdown reaches also the one for whom room is made too late.
#[test]
fn a_shutdown_reaches_who_sleeps_beside_room() {
    heddle::model(|| {
        let queue = holding(1, 0..1);
        let producers = ["first", "second"].map(|name| waiting(name, &queue, |it| it.put(7)));
        queue.get().unwrap();
        queue.shutdown(Shutdown::Drain);
        let _left = (!queue.is_empty()).then(|| queue.get());
        let put = producers.map(|producer| producer.join().unwrap());
        assert!(put.contains(&Err(PutError::ShutDown(7))), "{put:?}");
    });
}

/// Who is told of an immediate end finds what it drops counted as done: all is one step.
#[test]
fn what_an_immediate_end_drops_is_done_with_it() {
    heddle::model(|| {
        let queue = holding(1, 0..1);
        let other = spawn("other", &queue, |queue| {
            if queue.try_put(7) == Err(PutError::ShutDown(7)) {
                assert!(queue.is_empty(), "something is left");
                assert_eq!(queue.task_done(), Err(TooManyDone));
                queue.join();
            }
        });
        queue.shutdown(Shutdown::Immediate);
        other.join().unwrap();
    });
}

/// All whom an immediate end concerns are told of it before what it drops can keep them waiting.
#[test]
fn nobody_waits_for_what_an_immediate_end_drops() {
    heddle::model(|| {
        let queue = holding(1, []);
        let get = |queue: &Queue<Awaits>| queue.get().map_or((), Awaits::nobody);
        let consumers = ["first", "second"].map(|name| waiting(name, &queue, get));
        assert!(queue.put(Awaits(consumers.into())).is_ok());
        queue.shutdown(Shutdown::Immediate);
    });
}

/// Two workers that get until the end, with one item for both of them, both come to the end.
#[test]
fn every_worker_comes_to_the_end() {
    heddle::model(|| {
        let queue = holding(0, 0..0);
        let work = |queue: &Queue<_>| std::iter::from_fn(|| queue.get().ok()).count();
        let workers = ["first", "second"].map(|name| spawn(name, &queue, work));
        queue.put(7).unwrap();
        queue.shutdown(Shutdown::Drain);
        let worked = workers.map(|worker| worker.join().unwrap());
        assert_eq!(worked[0] + worked[1], 1, "one item was put");
    });
}

/// Generated attempts to put and to get can be explained by one order.
#[test]
fn one_order_explains_attempts() {
    Scenario::explained(7, 2, [2, 2, 2], &ATTEMPTS);
}

/// Generated puts and gets that wait can be explained by one order.
#[test]
fn one_order_explains_waits() {
    Scenario::explained(2, 1, [2, 1, 1], &WAITS);
}

/// Generated puts and gets with a time limit can be explained by one order.
#[test]
fn one_order_explains_limited_waits() {
    Scenario::explained(2, 1, [1, 1, 1], &LIMITED_WAITS);
}

/// Generated work, tasks done and joins can be explained by one order.
#[test]
fn one_order_explains_work_and_joins() {
    Scenario::explained(7, 1, [2, 2, 1], &WORK);
}

/// Generated shutdowns of a full queue can be explained by one order.
#[test]
fn one_order_explains_the_end_of_a_full_queue() {
    Scenario::explained(1, 2, [2, 2, 1], &ENDS);
}

/// Generated shutdowns of an empty queue can be explained by one order.
#[test]
fn one_order_explains_the_end_of_an_empty_queue() {
    Scenario::explained(2, 1, [2, 1, 1], &ENDS);
}
