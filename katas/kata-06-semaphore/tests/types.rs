//! What the types of the semaphore accept; `compile_fail/` holds what they refuse.

use std::fmt::Debug;

use kata_06_semaphore::{OverRelease, Permit, Semaphore};

fn shared_between_threads<T: Sync>() {}
fn sent_to_another_thread<T: Send>() {}
fn plain_value<T: Copy + PartialEq + Debug>() {}

/// A semaphore is shared and sent freely: it holds no data.
#[test]
fn a_semaphore_is_shared_freely() {
    heddle::spec(|| {
        shared_between_threads::<Semaphore>();
        sent_to_another_thread::<Semaphore>();
    });
}

/// A permit has no owner: it may be sent to another thread and be looked at by several.
#[test]
fn a_permit_belongs_to_no_thread() {
    heddle::spec(|| {
        sent_to_another_thread::<Permit<'static>>();
        shared_between_threads::<Permit<'static>>();
    });
}

/// The error is a plain value that can be copied, compared and printed.
#[test]
fn the_error_is_a_plain_value() {
    heddle::spec(plain_value::<OverRelease>);
}

/// A semaphore with a bound is of the same type as one without.
#[test]
fn a_bound_makes_no_other_type() {
    heddle::spec(|| {
        let either: [fn(usize) -> Semaphore; 2] = [Semaphore::new, Semaphore::bounded];
        assert_eq!(either.map(|make| make(3).available()), [3, 3]);
    });
}
