//! What the types of the lock accept; `compile_fail/` holds what they refuse.

use std::cell::Cell;
use std::fmt::Debug;

use kata_04_lock::{Guard, Lock, NotLocked, RawLock, Wait};

fn shared_between_threads<T: Sync>() {}
fn sent_to_another_thread<T: Send>() {}
fn plain_value<T: Copy + PartialEq + Debug>() {}

/// A lock makes a value that can be sent safe to share, even one that cannot be shared alone.
#[test]
fn a_lock_shares_what_can_be_sent() {
    heddle::spec(|| {
        shared_between_threads::<Lock<Cell<u8>>>();
        sent_to_another_thread::<Lock<Cell<u8>>>();
    });
}

/// The raw lock is shared and sent freely: it holds no data.
#[test]
fn the_raw_lock_is_shared_freely() {
    heddle::spec(|| {
        shared_between_threads::<RawLock>();
        sent_to_another_thread::<RawLock>();
    });
}

/// Ways to wait and the error are plain values that can be copied, compared and printed.
#[test]
fn waits_and_errors_are_plain_values() {
    heddle::spec(|| {
        plain_value::<Wait>();
        plain_value::<NotLocked>();
    });
}

/// A guard reads through `&` and writes through `&mut`.
#[test]
fn a_guard_reads_and_writes() {
    heddle::spec(|| {
        fn read(guard: &Guard<'_, Vec<u8>>) -> usize {
            guard.len()
        }
        fn write(guard: &mut Guard<'_, Vec<u8>>) {
            guard.push(1);
        }
        let lock = Lock::new(Vec::new());
        let mut guard = lock.lock();
        write(&mut guard);
        assert_eq!(read(&guard), 1);
    });
}
