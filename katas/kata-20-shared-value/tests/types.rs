//! What the types of the shared value accept.

use std::fmt::Debug;

use kata_20_shared_value::{Guard, Lock, LockResult, OwnerDied, SharedWord, Taken, Value};

fn moved_and_shared<T: Send + Sync>() {}
fn plain_value<T: Copy + Eq + Debug>() {}

/// Values and locks go to other threads and are used by several at once.
#[test]
fn values_are_sent_and_shared() {
    heddle::spec(|| {
        moved_and_shared::<Value<i32>>();
        moved_and_shared::<Value<[f64; 4]>>();
        moved_and_shared::<Lock<SharedWord>>();
    });
}

/// Any plain data will do: numbers of every kind and arrays of them.
#[test]
fn plain_data_is_shared() {
    heddle::spec(|| {
        assert_eq!(Value::create(1.5_f64).unwrap().get(), Ok(1.5));
        assert_eq!(Value::create(u128::MAX).unwrap().get(), Ok(u128::MAX));
        assert_eq!(Value::create([1_i16, -2]).unwrap().get(), Ok([1, -2]));
        assert_eq!(Value::create(()).unwrap().get(), Ok(()));
    });
}

/// The news of a death is a plain value, and so is how an acquire has ended.
#[test]
fn outcomes_are_plain_values() {
    heddle::spec(|| {
        plain_value::<OwnerDied<i32>>();
        plain_value::<Taken>();
    });
}

/// The guards have names, so that a program can keep them in a field.
#[test]
fn guards_have_names() {
    heddle::spec(|| {
        fn of_a_value(value: &Value<i32>) -> LockResult<Guard<'_, i32>> {
            value.lock()
        }
        assert!(of_a_value(&Value::create(1).unwrap()).is_ok());
    });
}
