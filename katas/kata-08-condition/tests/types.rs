//! What the types must accept; what they must refuse is under `compile_fail`.

use std::cell::Cell;
use std::num::NonZeroUsize;

use heddle::sync::Mutex;
use heddle::time::Duration;
use kata_08_condition::{BoundedBuffer, Condition, Locked, Outcome, Timed, lock};

fn shareable<T: Send + Sync>(_: &T) {}

/// A condition is shared between threads by reference.
#[test]
fn a_condition_is_shared_between_threads() {
    heddle::spec(|| shareable(&Condition::new()));
}

/// A buffer is shared between threads although its items may only change threads, not be shared.
#[test]
fn a_buffer_needs_items_that_are_only_send() {
    heddle::spec(|| shareable(&BoundedBuffer::<Cell<u32>>::new(NonZeroUsize::MIN)));
}

/// Notifying needs no lock: that the state was changed under it is the caller's duty.
#[test]
fn notifying_needs_no_lock() {
    heddle::spec(|| {
        let condition = Condition::default();
        let _: [usize; 3] = [
            condition.notify(2),
            condition.notify_one(),
            condition.notify_all(),
        ];
    });
}

/// A locked mutex goes into a wait and comes out of it, and its data can be changed.
#[test]
fn a_lock_goes_in_and_comes_out() {
    fn round<'m>(condition: &Condition, mutex: &'m Mutex<String>) -> Locked<'m, String> {
        let mut locked = condition.wait(lock(mutex));
        locked.push('a');
        let not_yet = |text: &mut String| text.pop().is_some();
        let (locked, _) = condition.wait_timeout(locked, Duration::ZERO);
        let timed: Timed<'_, String> =
            condition.wait_timeout_while(locked, Duration::ZERO, not_yet);
        let (locked, outcome): (Locked<'_, String>, Outcome) = timed;
        assert_eq!(outcome, Outcome::InTime);
        condition.wait_while(locked, not_yet)
    }
    heddle::spec(|| {
        let _: for<'m> fn(&Condition, &'m Mutex<String>) -> Locked<'m, String> = round;
        shareable(&Condition::new());
    });
}

/// One condition may serve mutexes of different data, one after the other.
#[test]
fn a_condition_is_not_bound_to_a_type() {
    fn both(condition: &Condition, number: &Mutex<u8>, text: &Mutex<String>) {
        drop(condition.wait(lock(number)));
        drop(condition.wait(lock(text)));
    }
    heddle::spec(|| {
        let _: fn(&Condition, &Mutex<u8>, &Mutex<String>) = both;
        shareable(&Condition::new());
    });
}
