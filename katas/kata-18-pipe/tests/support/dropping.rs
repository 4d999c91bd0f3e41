//! Two ways in which a value goes.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Drops a value, or has it dropped by a panic.
pub fn drop_it<T>(value: T, by_a_panic: bool) {
    let drops = || {
        let _value = value;
        if by_a_panic {
            resume_unwind(Box::new("the owner fails"));
        }
    };
    assert_eq!(catch_unwind(AssertUnwindSafe(drops)).is_err(), by_a_panic);
}
