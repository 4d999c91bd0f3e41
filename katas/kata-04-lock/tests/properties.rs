//! The lock against a model that is one `bool`.

use heddle::proptest::collection::vec;
use heddle::proptest::prelude::any;
use heddle::proptest::sample::select;
use heddle::time::Duration;

use kata_04_lock::{Lock, NotLocked, RawLock, Wait};

/// One call of the raw lock that never waits.
#[derive(Clone, Copy, Debug)]
enum Call {
    Acquire(Wait),
    Release,
    IsLocked,
}

const CALLS: [Call; 4] = [
    Call::Acquire(Wait::No),
    Call::Acquire(Wait::For(Duration::ZERO)),
    Call::Release,
    Call::IsLocked,
];

/// Any sequence of calls in one thread answers as a single flag would.
#[test]
fn the_raw_lock_answers_as_a_flag() {
    heddle::property(vec(select(&CALLS[..]), 0..12), |calls| {
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

/// One step with guards in one thread; `Add` and `Set` take a number.
#[derive(Clone, Copy, Debug)]
enum Step {
    TryLock,
    Add,
    Drop,
    Set,
}

const STEPS: [Step; 4] = [Step::TryLock, Step::Add, Step::Drop, Step::Set];

/// The value behind the lock changes only through a guard or `set`, and there is one guard at most.
#[test]
fn the_value_follows_the_guard() {
    let steps = vec((select(&STEPS[..]), any::<u8>()), 0..12);
    heddle::property((any::<u8>(), steps), |(start, steps)| {
        let lock = Lock::new(start);
        let mut value = start;
        let mut guard = None;
        for (step, number) in steps {
            match (step, &mut guard) {
                (Step::TryLock, None) => guard = Some(lock.try_lock().expect("the lock is free")),
                (Step::TryLock, Some(_)) => assert!(lock.try_lock().is_none()),
                (Step::Add, Some(held)) => {
                    **held = held.wrapping_add(number);
                    value = value.wrapping_add(number);
                }
                (Step::Drop, _) => guard = None,
                (Step::Set, None) => {
                    lock.set(number);
                    value = number;
                }
                (Step::Add, None) | (Step::Set, Some(_)) => {}
            }
            assert_eq!(lock.is_locked(), guard.is_some());
        }
        drop(guard);
        assert_eq!(*lock.lock(), value);
    });
}
