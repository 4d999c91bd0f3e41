//! The shared value against a number and a count.

use std::panic::{AssertUnwindSafe, catch_unwind};

use heddle::process::Owner;
use heddle::proptest::array::uniform24;
use heddle::proptest::collection::vec;
use heddle::proptest::prelude::any;
use heddle::proptest::sample::select;
use heddle::thread;

use kata_20_shared_value::{Lock, LockResult, Taken, Value};
use told::ToldWord;

#[path = "support/told.rs"]
mod told;

/// One call of the thread that may hold the lock.
#[derive(Clone, Copy, Debug)]
enum Call {
    Lock,
    Attempt,
    Drop(usize),
    Get,
    Set(i32),
    SetThroughGuard(i32),
}

const CALLS: [Call; 8] = [
    Call::Lock,
    Call::Attempt,
    Call::Drop(0),
    Call::Drop(1),
    Call::Drop(2),
    Call::Get,
    Call::Set(1),
    Call::SetThroughGuard(2),
];

fn free<G>(result: LockResult<G>) -> G {
    result.unwrap_or_else(|_| panic!("nobody died"))
}

fn attempt(value: &Value<i32>) -> Option<Result<i32, i32>> {
    Some(match value.try_lock()? {
        Ok(guard) => Ok(guard.get()),
        Err(died) => Err(died.into_inner().get()),
    })
}

/// Any calls of one thread act on one number, and others get in when it holds no guard any more.
#[test]
fn the_value_is_a_number_and_the_lock_a_count() {
    heddle::property(vec(select(&CALLS[..]), 0..12), |calls| {
        let value = Value::create(0_i32).unwrap();
        let other = Value::<i32>::open(value.name()).unwrap();
        let (mut guards, mut number) = (Vec::new(), 0);
        let stranger = || thread::scope(|scope| scope.spawn(|| attempt(&value)).join().unwrap());
        for call in calls {
            match call {
                Call::Lock => guards.push(free(value.lock())),
                Call::Attempt => guards.push(free(other.try_lock().unwrap())),
                Call::Drop(place) if guards.is_empty() => assert!(place < 3),
                Call::Drop(place) => {
                    drop(guards.swap_remove(place % guards.len()));
                    let expected = guards.is_empty().then_some(Ok(number));
                    assert_eq!(stranger(), expected);
                }
                Call::Get => assert_eq!(other.get(), Ok(number)),
                Call::Set(new) => {
                    number += new;
                    assert_eq!(other.set(number), Ok(()));
                }
                Call::SetThroughGuard(new) => {
                    if let Some(guard) = guards.last() {
                        number += new;
                        guard.set(number);
                    }
                }
            }
        }
        let expected = guards.is_empty().then_some(Ok(number));
        assert_eq!(stranger(), expected);
    });
}

/// Whatever bytes are set come back, whatever the size, and nothing beside them changes.
#[test]
fn any_bytes_come_back() {
    let input = (uniform24(any::<u8>()), any::<[u64; 5]>(), any::<u16>());
    heddle::property(input, |(bytes, words, short)| {
        let values = (
            Value::create([0_u8; 24]).unwrap(),
            Value::create([0_u64; 5]).unwrap(),
            Value::create(0_u16).unwrap(),
        );
        let others = (
            Value::<[u8; 24]>::open(values.0.name()).unwrap(),
            Value::<[u64; 5]>::open(values.1.name()).unwrap(),
            Value::<u16>::open(values.2.name()).unwrap(),
        );
        values.0.set(bytes).unwrap();
        free(values.1.lock()).set(words);
        values.2.set(short).unwrap();
        assert_eq!(others.0.get(), Ok(bytes));
        assert_eq!(free(others.1.lock()).get(), words);
        assert_eq!(others.2.get(), Ok(short));
    });
}

/// Each bit of an owner counts: who differs in one of them is another, dead or alive, whatever it does.
#[test]
fn every_bit_of_an_owner_counts() {
    let input = (1_u32..1 << 22, any::<u32>(), 0..54, any::<bool>());
    heddle::property(input, |(thread, started, bit, waits)| {
        let holder = Owner { thread, started };
        let other = match bit {
            0..22 => Owner {
                thread: thread ^ 1 << bit,
                started,
            },
            _ => Owner {
                thread,
                started: started ^ 1 << (bit - 22),
            },
        };
        // No thread has the number zero.
        if other.thread == 0 {
            return;
        }
        let word = ToldWord::new(holder);
        let lock = Lock::new(&word);
        assert_eq!(lock.try_acquire(), Taken::Yes);
        word.caller.set(other);
        assert_eq!(lock.try_acquire(), Taken::No, "{other:?} is another");
        let release = || catch_unwind(AssertUnwindSafe(|| lock.release()));
        assert!(release().is_err(), "{other:?} is another");
        word.living.set(other);
        let take = || match waits {
            true => lock.acquire(),
            false => lock.try_acquire(),
        };
        assert_eq!(take(), Taken::FromTheDead);
        assert_eq!(take(), Taken::Yes, "{other:?} holds it now");
        let sleeps = word.sleeps.take();
        assert!(waits || sleeps.is_empty(), "an attempt sleeps");
    });
}
