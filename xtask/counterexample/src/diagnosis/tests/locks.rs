//! Deadlocks in which somebody waits for a lock, who had one last, and nodes that are freed.

use super::{diagnose, found};
use crate::Finding;
use crate::samples::{Sample, record, wait};
use heddle_terms::record::{AccessKind, Inside, Op};
use heddle_terms::report::Kind;

fn deadlock() -> Sample {
    record(Kind::Deadlock).objects("Mutex", &["a", "b"])
}

#[test]
fn a_lock_taken_twice_is_a_self_deadlock() {
    let twice = deadlock().held_up(1, 5, 0, (1, 3));
    assert_eq!(found(&twice), Some(Finding::SelfDeadlock));
}

#[test]
fn a_thread_that_joins_itself_is_a_self_deadlock() {
    let record = |target| deadlock().blocked(1, 9, Inside::Join, target);
    assert_eq!(found(&record(1)), Some(Finding::SelfDeadlock));
    assert_eq!(found(&record(2)), None);
}

#[test]
fn a_ring_of_two_locks_is_a_deadlock_by_order() {
    let ring = deadlock().held_up(1, 5, 0, (2, 8)).held_up(2, 9, 1, (1, 4));
    assert_eq!(found(&ring), Some(Finding::DeadlockByOrder));
}

/// The second thread waits for the same lock, and its holder is somewhere else.
#[test]
fn two_threads_in_front_of_one_lock_are_no_ring() {
    let queue = deadlock()
        .held_up(1, 5, 0, (0, 8))
        .held_up(2, 9, 0, (0, 8))
        .blocked(0, 10, Inside::Join, 1);
    assert_ne!(found(&queue), Some(Finding::DeadlockByOrder));
}

#[test]
fn a_holder_that_has_ended_forgot_to_unlock() {
    let gone = deadlock()
        .step(1, 3, Op::Lock { object: 0 })
        .step(1, 4, Op::End {})
        .held_up(2, 9, 0, (1, 3));
    assert_eq!(found(&gone), Some(Finding::ForgottenUnlock));
}

/// It may still unlock when the thread that it waits for has ended.
#[test]
fn a_holder_that_is_still_there_has_forgotten_nothing() {
    let there = deadlock()
        .step(1, 3, Op::Lock { object: 0 })
        .held_up(2, 9, 0, (1, 3))
        .blocked(1, 4, Inside::Join, 0);
    assert_eq!(found(&there), None);
}

#[test]
fn a_sleeper_that_holds_what_another_needs_is_named() {
    let asleep = deadlock()
        .objects("Condvar", &["c"])
        .step(1, 3, Op::Lock { object: 0 })
        .step(1, 4, wait(2, 1))
        .blocked(1, 4, Inside::Wait, 2)
        .held_up(2, 9, 0, (1, 3));
    assert_eq!(found(&asleep), Some(Finding::SleepsWithLock));
}

/// Whoever joins a third thread may be held up by that one.
#[test]
fn a_holder_that_joins_a_third_thread_is_not_blamed() {
    let joins = deadlock()
        .held_up(2, 9, 0, (0, 3))
        .blocked(0, 4, Inside::Join, 1)
        .blocked(1, 6, Inside::Park, 0);
    assert_ne!(found(&joins), Some(Finding::SleepsWithLock));
}

fn freed(second: AccessKind) -> Sample {
    let mut record = record(Kind::UseAfterFree)
        .objects("Box", &["node"])
        .step(1, 3, Op::Free { object: 0 })
        .fails(2, 7)
        .race(0, (1, 0, AccessKind::Free), (2, second));
    record.failure.object = Some(0);
    record
}

#[test]
fn a_second_free_is_a_double_free() {
    assert_eq!(found(&freed(AccessKind::Free)), Some(Finding::DoubleFree));
}

#[test]
fn a_read_after_the_free_is_no_double_free() {
    assert_eq!(found(&freed(AccessKind::Read)), Some(Finding::UseAfterFree));
}

#[test]
fn what_is_never_dropped_is_a_leak() {
    let mut leak = record(Kind::Leak).objects("Arc", &["shared"]);
    leak.failure.object = Some(0);
    assert_eq!(found(&leak), Some(Finding::Leak));
    leak.failure.object = None;
    assert_eq!(found(&leak), None);
}

#[test]
fn only_a_thread_that_spins_makes_a_livelock_one_by_spinning() {
    let spins = record(Kind::Livelock).blocked(1, 4, Inside::Spin, 0);
    assert_eq!(found(&spins), Some(Finding::SpinsForever));
    let sleeps = record(Kind::Livelock).blocked(1, 4, Inside::Park, 0);
    assert_eq!(found(&sleeps), None);
}

/// Where each thread was last is the last line of it that the table shows, or it says what it did there.
#[test]
fn who_had_a_lock_last_to_change_it_is_not_said_to_have_been_there_last() {
    let looked = record(Kind::Assertion)
        .objects("Mutex", &["state"])
        .step(1, 5, Op::Lock { object: 0 })
        .step(1, 9, Op::Unlock { object: 0 })
        .fails(0, 12);
    let said = |record: &Sample| diagnose(record.places()).sentence;
    assert!(
        said(&looked).contains("one was last (line 9)"),
        "{}",
        said(&looked)
    );
    let changed = said(&looked.changed_at(7));
    assert!(
        changed.contains("one last had state to change it (line 7)"),
        "{changed}"
    );
}
