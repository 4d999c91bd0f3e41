//! What the types of the shared value accept.

use std::fmt::Debug;

use bytemuck::{Pod, Zeroable};
use kata_20_shared_value::{Guard, Lock, LockResult, OwnerDied, SharedWord, Taken, Value};

fn moved_and_shared<T: Send + Sync>() {}
fn plain_value<T: Copy + Eq + Debug>() {}

/// What is set through one opening is read through another.
fn comes_back<T: Pod + PartialEq + Debug>(value: T) {
    let created = Value::create(T::zeroed()).unwrap();
    let other = Value::<T>::open(created.name()).unwrap();
    assert_eq!(created.set(value), Ok(()));
    assert_eq!(other.get(), Ok(value), "{} bytes", size_of::<T>());
}

/// A value that has to begin where few do.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
struct Line([u8; 64]);

// SAFETY: an array of bytes, as long as it is aligned, so that nothing is between or behind them.
unsafe impl Zeroable for Line {}
// SAFETY: as above.
unsafe impl Pod for Line {}

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

/// A value is as long as it likes, also where it ends with a page, and begins where it has to.
#[test]
fn every_value_has_its_room() {
    heddle::spec(|| {
        comes_back([7_u64; 504]);
        comes_back([7_u64; 505]);
        comes_back([7_u64; 506]);
        comes_back([7_u64; 507]);
        comes_back([7_u64; 508]);
        comes_back([7_u64; 509]);
        comes_back([7_u64; 510]);
        comes_back([7_u64; 511]);
        comes_back([7_u64; 512]);
        comes_back(Line([7; 64]));
    });
}

/// A lock works wherever its word is: it is nothing else.
#[test]
fn a_lock_is_nothing_but_its_word() {
    heddle::spec(|| {
        assert_eq!(size_of::<SharedWord>(), 8);
        assert_eq!(size_of::<Lock<SharedWord>>(), 8);
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
