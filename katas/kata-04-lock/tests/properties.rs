//! The lock against a model that is one `bool`.

use heddle::proptest::collection::vec;
use heddle::proptest::prelude::*;
use heddle::time::Duration;

use kata_04_lock::{Lock, NotLocked, RawLock, Wait};

/// One call of the raw lock that never waits.
#[derive(Clone, Copy, Debug)]
enum Call {
    Acquire(Wait),
    Release,
    IsLocked,
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        Just(Call::Acquire(Wait::No)),
        Just(Call::Acquire(Wait::For(Duration::ZERO))),
        Just(Call::Release),
        Just(Call::IsLocked),
    ]
}

/// Any sequence of calls in one thread answers as a single flag would.
#[test]
fn the_raw_lock_answers_as_a_flag() {
    heddle::property(vec(call(), 0..12), |calls| {
        let raw = RawLock::new();
        let mut held = false;
        for call in calls {
            match call {
                Call::Acquire(wait) => {
                    assert_eq!(raw.acquire(wait), !held, "{call:?}");
                    held = true;
                }
                Call::Release => {
                    let expected = if held { Ok(()) } else { Err(NotLocked) };
                    assert_eq!(raw.release(), expected);
                    held = false;
                }
                Call::IsLocked => assert_eq!(raw.is_locked(), held),
            }
        }
    });
}

/// One step with guards in one thread.
#[derive(Clone, Copy, Debug)]
enum Step {
    TryLock,
    Add(u8),
    Drop,
    Set(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::TryLock),
        any::<u8>().prop_map(Step::Add),
        Just(Step::Drop),
        any::<u8>().prop_map(Step::Set),
    ]
}

/// The value behind the lock changes only through a guard or `set`, and there is one guard at most.
#[test]
fn the_value_follows_the_guard() {
    heddle::property((any::<u8>(), vec(step(), 0..12)), |(start, steps)| {
        let lock = Lock::new(start);
        let mut value = start;
        let mut guard = None;
        for step in steps {
            match (step, &mut guard) {
                (Step::TryLock, None) => guard = Some(lock.try_lock().expect("the lock is free")),
                (Step::TryLock, Some(_)) => assert!(lock.try_lock().is_none()),
                (Step::Add(more), Some(held)) => {
                    **held = held.wrapping_add(more);
                    value = value.wrapping_add(more);
                }
                (Step::Drop, _) => guard = None,
                (Step::Set(new), None) => {
                    lock.set(new);
                    value = new;
                }
                (Step::Add(_), None) | (Step::Set(_), Some(_)) => {}
            }
            assert_eq!(lock.is_locked(), guard.is_some());
        }
        drop(guard);
        assert_eq!(*lock.lock(), value);
    });
}
