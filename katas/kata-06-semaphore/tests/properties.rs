//! The semaphore against a model that is a few numbers and a queue.

use std::collections::VecDeque;
use std::num::NonZeroUsize;

use heddle::proptest::collection::vec;
use heddle::proptest::prelude::*;
use heddle::sync::Arc;
use heddle::thread::{self, JoinHandle, until_blocked};
use heddle::time::Duration;
use kata_06_semaphore::{OverRelease, Permit, Semaphore};

const AGES: Duration = Duration::from_hours(24);
const NO_TIME: Duration = Duration::from_nanos(1);

/// One call that does not wait.
#[derive(Clone, Copy, Debug)]
enum Call {
    Try,
    TryMany(NonZeroUsize),
    Release(NonZeroUsize),
    /// Drops the permit that was taken first and is still held.
    Drop,
    /// Forgets that permit.
    Forget,
}

fn count() -> impl Strategy<Value = NonZeroUsize> {
    (1..4_usize).prop_map(|count| NonZeroUsize::new(count).unwrap())
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        2 => Just(Call::Try),
        2 => count().prop_map(Call::TryMany),
        1 => count().prop_map(Call::Release),
        2 => Just(Call::Drop),
        1 => Just(Call::Forget),
    ]
}

/// Any sequence of calls in one thread answers as two numbers would, with a bound and without.
#[test]
fn the_semaphore_answers_as_a_number() {
    let calls = (0..4_usize, any::<bool>(), vec(call(), 0..16));
    heddle::property(calls, |(permits, bounded, calls)| {
        let (semaphore, bound) = match bounded {
            true => (Semaphore::bounded(permits), permits),
            false => (Semaphore::new(permits), usize::MAX),
        };
        let mut available = permits;
        let mut held = VecDeque::new();
        for call in calls {
            match call {
                Call::Try => {
                    let permit = semaphore.try_acquire();
                    assert_eq!(permit.is_some(), available > 0, "{call:?}");
                    held.extend(permit);
                    available = available.saturating_sub(1);
                }
                Call::TryMany(count) => {
                    let permit = semaphore.acquire_many_timeout(count, Duration::ZERO);
                    assert_eq!(permit.is_some(), available >= count.get(), "{call:?}");
                    available -= permit.as_ref().map_or(0, |permit| permit.count());
                    held.extend(permit);
                }
                Call::Release(count) => {
                    let out: usize = held.iter().map(|permit| permit.count()).sum();
                    let fits = available + out + count.get() <= bound;
                    let expected = if fits { Ok(()) } else { Err(OverRelease) };
                    assert_eq!(semaphore.release(count), expected, "{call:?}");
                    available += if fits { count.get() } else { 0 };
                }
                Call::Drop => {
                    let permit = held.pop_front();
                    available += permit.as_ref().map_or(0, |permit| permit.count());
                }
                Call::Forget => {
                    if let Some(permit) = held.pop_front() {
                        permit.forget();
                    }
                }
            }
            assert_eq!(semaphore.available(), available, "after {call:?}");
        }
    });
}

/// How a thread asks for permits.
#[derive(Clone, Copy, Debug)]
enum Wish {
    One,
    OneInTime,
    Many(NonZeroUsize),
    ManyInTime(NonZeroUsize),
}

impl Wish {
    fn count(self) -> usize {
        match self {
            Wish::One | Wish::OneInTime => 1,
            Wish::Many(count) | Wish::ManyInTime(count) => count.get(),
        }
    }

    fn take(self, semaphore: &Semaphore) -> Permit<'_> {
        let in_time = match self {
            Wish::One => return semaphore.acquire(),
            Wish::Many(count) => return semaphore.acquire_many(count),
            Wish::OneInTime => semaphore.acquire_timeout(AGES),
            Wish::ManyInTime(count) => semaphore.acquire_many_timeout(count, AGES),
        };
        in_time.expect("there is time left")
    }
}

/// One step in the life of a semaphore that threads wait for.
#[derive(Clone, Copy, Debug)]
enum Step {
    Come(Wish),
    Release(NonZeroUsize),
    /// Drops a permit that stands for so many.
    Drop(NonZeroUsize),
    /// Comes, and gives up at once if it has to wait.
    GiveUp(NonZeroUsize),
}

fn step() -> impl Strategy<Value = Step> {
    let wish = prop_oneof![
        Just(Wish::One),
        Just(Wish::OneInTime),
        count().prop_map(Wish::Many),
        count().prop_map(Wish::ManyInTime),
    ];
    prop_oneof![
        4 => wish.prop_map(Step::Come),
        2 => count().prop_map(Step::Release),
        2 => count().prop_map(Step::Drop),
        1 => count().prop_map(Step::GiveUp),
    ]
}

/// Whoever comes and whatever comes back, those are served who came first, and nobody else.
#[test]
fn threads_are_served_as_a_queue() {
    heddle::property(vec(step(), 0..8), |steps| {
        // Three for each step that drops some, at most.
        let semaphore = Arc::new(Semaphore::new(3 * 8));
        let dropped = steps.iter().filter_map(|step| match step {
            Step::Drop(count) => Some(*count),
            _ => None,
        });
        let take = |count| semaphore.acquire_many(count);
        let mut held: VecDeque<Permit<'_>> = dropped.map(take).collect();
        while let Some(rest) = semaphore.try_acquire() {
            rest.forget();
        }
        let mut available = 0;
        let mut waiting: VecDeque<(usize, JoinHandle<()>)> = VecDeque::new();
        // In the end nobody may be left behind.
        let enough = NonZeroUsize::new(3 * 8).unwrap();
        for step in steps.into_iter().chain([Step::Release(enough)]) {
            match step {
                Step::Come(wish) => waiting.push_back((wish.count(), waiter(&semaphore, wish))),
                Step::Release(count) => {
                    semaphore.release(count).unwrap();
                    available += count.get();
                }
                Step::Drop(count) => {
                    held.pop_front();
                    available += count.get();
                }
                Step::GiveUp(count) => {
                    let permit = semaphore.acquire_many_timeout(count, NO_TIME);
                    let free = waiting.is_empty() && count.get() <= available;
                    assert_eq!(permit.is_some(), free, "after {step:?}");
                }
            }
            while waiting
                .front()
                .is_some_and(|(wants, _)| *wants <= available)
            {
                let (wants, served) = waiting.pop_front().expect("there is a front");
                served.join().unwrap();
                available -= wants;
            }
            assert_eq!(semaphore.available(), available, "after {step:?}");
            let free = waiting.is_empty() && available > 0;
            assert_eq!(semaphore.try_acquire().is_some(), free, "after {step:?}");
            // A release may wake them all to look. One that looks holds the next one up, which counts
            // as blocked too; after as many rounds as there are threads, everybody is asleep again.
            for _ in 0..waiting.len() {
                for (_, waiter) in &waiting {
                    until_blocked(waiter.thread());
                }
            }
        }
        assert!(waiting.is_empty(), "the last release is enough for all");
    });
}

/// Starts a thread that takes permits for good; when this returns, it waits or has them.
fn waiter(semaphore: &Arc<Semaphore>, wish: Wish) -> JoinHandle<()> {
    let semaphore = Arc::clone(semaphore);
    let waiter = thread::spawn(move || {
        let permit = wish.take(&semaphore);
        assert_eq!(permit.count(), wish.count());
        permit.forget();
    });
    until_blocked(waiter.thread());
    waiter
}
