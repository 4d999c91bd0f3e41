//! What the types of the re-entrant lock accept; `compile_fail/` holds what they refuse.

use std::cell::Cell;
use std::fmt::Debug;

use kata_05_rlock::{Guard, Levels, NotOwner, RLock, RawRLock, Wait};

fn shared_between_threads<T: Sync>() {}
fn sent_to_another_thread<T: Send>() {}
fn plain_value<T: Copy + PartialEq + Debug>() {}
fn comparable_value<T: PartialEq + Debug>() {}

/// The lock makes a value that can be sent safe to share, even one that cannot be shared alone.
#[test]
fn a_lock_shares_what_can_be_sent() {
    heddle::spec(|| {
        shared_between_threads::<RLock<Cell<u8>>>();
        sent_to_another_thread::<RLock<Cell<u8>>>();
    });
}

/// The raw lock is shared and sent freely: it holds no data.
#[test]
fn the_raw_lock_is_shared_freely() {
    heddle::spec(|| {
        shared_between_threads::<RawRLock>();
        sent_to_another_thread::<RawRLock>();
    });
}

/// Ways to wait and errors can be copied, compared and printed; levels compared and printed.
#[test]
fn waits_errors_and_levels_are_plain_values() {
    heddle::spec(|| {
        plain_value::<Wait>();
        plain_value::<NotOwner>();
        comparable_value::<Levels>();
    });
}

/// Two guards of one thread show the same value at the same time.
#[test]
fn two_guards_show_one_value() {
    heddle::spec(|| {
        fn read<'a>(guard: &'a Guard<'_, Cell<u8>>) -> &'a Cell<u8> {
            guard
        }
        let lock = RLock::new(Cell::new(1));
        let (outer, inner) = (lock.lock(), lock.lock());
        read(&inner).set(2);
        assert_eq!(read(&outer).get(), 2);
    });
}
