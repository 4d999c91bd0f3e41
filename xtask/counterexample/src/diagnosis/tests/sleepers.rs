//! Deadlocks in which threads sleep and nobody is left to wake them.

use super::{diagnose, found};
use crate::Finding;
use crate::samples::{Sample, load, notify_one, record, store, wait};
use heddle_terms::record::{Inside, Op, WhyUnparked, WhyWoken};
use heddle_terms::report::Kind;

const LOCK: usize = 0;
const QUEUE: usize = 1;

fn deadlock() -> Sample {
    record(Kind::Deadlock)
        .objects("Mutex", &["items"])
        .objects("Condvar", &["not_empty"])
}

fn locks() -> Op {
    Op::Lock { object: LOCK }
}

fn unlocks() -> Op {
    Op::Unlock { object: LOCK }
}

fn wakes() -> Op {
    Op::Wake {
        object: QUEUE,
        lock: LOCK,
        why: WhyWoken::Notified,
        by: None,
    }
}

/// A thread looks, lets the lock go, and waits; a notify comes in between.
#[test]
fn a_notify_between_look_and_wait_is_lost() {
    let lost = deadlock()
        .step(1, 3, locks())
        .step(1, 4, unlocks())
        .step(0, 9, notify_one(QUEUE, &[]))
        .step(1, 5, locks())
        .step(1, 6, wait(QUEUE, LOCK))
        .blocked(1, 6, Inside::Wait, QUEUE);
    assert_eq!(found(&lost), Some(Finding::LostWakeup));
}

/// The thread had not looked yet, so it could see what the notify was about.
#[test]
fn a_notify_before_the_look_is_not_lost() {
    let early = deadlock()
        .step(0, 9, notify_one(QUEUE, &[]))
        .step(1, 5, locks())
        .step(1, 6, wait(QUEUE, LOCK))
        .blocked(1, 6, Inside::Wait, QUEUE);
    assert_eq!(found(&early), None);
}

/// The other one sleeps, and then a thread has what it waits for, changes it and notifies nobody.
#[test]
fn a_change_that_nobody_is_told_of_lacks_a_notify() {
    let never = deadlock()
        .step(1, 5, locks())
        .step(1, 6, wait(QUEUE, LOCK))
        .step(0, 8, locks())
        .step(0, 8, unlocks())
        .changed_at(8)
        .blocked(1, 6, Inside::Wait, QUEUE)
        .blocked(0, 9, Inside::Join, 1);
    assert_eq!(found(&never), Some(Finding::NeverNotified));
    // Another one sleeps elsewhere, and might have been the one to notify.
    let unclear = never.blocked(2, 7, Inside::Park, 0);
    assert_eq!(found(&unclear), None);
}

/// Nobody comes by after the wait has begun: what should have come before the notify is missing, too.
#[test]
fn a_sleeper_that_nobody_comes_by_is_not_said_to_lack_a_notify() {
    let alone = deadlock()
        .step(1, 5, locks())
        .step(1, 6, wait(QUEUE, LOCK))
        .blocked(1, 6, Inside::Wait, QUEUE)
        .blocked(0, 9, Inside::Join, 1);
    assert_eq!(found(&alone), None);
    let before = deadlock()
        .step(0, 3, locks())
        .step(0, 4, unlocks())
        .step(1, 5, locks())
        .step(1, 6, wait(QUEUE, LOCK))
        .blocked(1, 6, Inside::Wait, QUEUE);
    let sentence = diagnose(before.places()).sentence;
    let others = "nobody else has items after that, and the last of the others to have it was main";
    assert!(sentence.contains(others), "{sentence}");
}

/// Another thread had the mutex after the look: it may have found nobody, or forgotten to notify.
#[test]
fn a_turn_between_look_and_wait_is_not_named() {
    let gap = deadlock()
        .step(1, 3, locks())
        .step(1, 4, unlocks())
        .step(0, 8, locks())
        .step(0, 9, unlocks())
        .step(1, 5, locks())
        .step(1, 6, wait(QUEUE, LOCK))
        .blocked(1, 6, Inside::Wait, QUEUE);
    assert_eq!(found(&gap), None);
}

fn two_wait() -> Sample {
    deadlock()
        .step(1, 5, locks())
        .step(1, 6, wait(QUEUE, LOCK))
        .step(2, 5, locks())
        .step(2, 6, wait(QUEUE, LOCK))
        .step(0, 9, notify_one(QUEUE, &[1]))
        .step(1, 6, wakes())
}

#[test]
fn one_notify_for_two_waiters_is_one_too_few() {
    let record = two_wait()
        .step(1, 7, unlocks())
        .step(1, 8, Op::End {})
        .blocked(2, 6, Inside::Wait, QUEUE);
    assert_eq!(found(&record), Some(Finding::NotifyOneTooFew));
    // After that notify another change is told to nobody.
    let later = two_wait()
        .step(0, 9, locks())
        .step(0, 9, unlocks())
        .changed_at(9)
        .step(1, 7, unlocks())
        .blocked(2, 6, Inside::Wait, QUEUE);
    assert_eq!(found(&later), None);
    // The other one sleeps again, after some work: who should have notified is not clear.
    let unclear = two_wait()
        .step(1, 7, unlocks())
        .step(1, 5, locks())
        .step(1, 6, wait(QUEUE, LOCK))
        .blocked(1, 6, Inside::Wait, QUEUE)
        .blocked(2, 6, Inside::Wait, QUEUE);
    assert_eq!(found(&unclear), None);
}

#[test]
fn a_waiter_that_sleeps_again_at_once_was_the_wrong_one() {
    let wrong = two_wait()
        .step(1, 6, wait(QUEUE, LOCK))
        .blocked(1, 6, Inside::Wait, QUEUE)
        .blocked(2, 6, Inside::Wait, QUEUE);
    assert_eq!(found(&wrong), Some(Finding::WrongWaiterWoken));
}

fn state() -> Sample {
    record(Kind::Deadlock).objects("AtomicU32", &["state", "other"])
}

#[test]
fn a_change_after_the_last_look_without_an_unpark_is_a_lost_wakeup() {
    let lost = state()
        .step(1, 3, load(0, "1", "SeqCst"))
        .step(0, 9, store(0, "1", "0", "SeqCst"))
        .step(1, 4, Op::Park { timed: false })
        .blocked(1, 4, Inside::Park, 0);
    assert_eq!(found(&lost), Some(Finding::LostWakeup));
}

/// It sleeps already when the change comes: no wakeup was lost, as none was sent.
#[test]
fn a_change_without_an_unpark_while_another_sleeps_is_a_missing_one() {
    let parked = || {
        state()
            .step(1, 3, load(0, "1", "SeqCst"))
            .step(1, 4, Op::Park { timed: false })
    };
    let never = parked()
        .step(0, 9, store(0, "1", "0", "SeqCst"))
        .blocked(1, 4, Inside::Park, 0);
    assert_eq!(found(&never), Some(Finding::NeverNotified));
    // Another one was woken before: whose fault it is nobody can tell.
    let unclear = parked()
        .step(0, 8, Op::Unpark { target: 2 })
        .step(0, 9, store(0, "1", "0", "SeqCst"))
        .blocked(1, 4, Inside::Park, 0);
    assert_eq!(found(&unclear), None);
}

/// What does not change needs no wakeup.
#[test]
fn a_store_of_the_same_value_is_no_change() {
    let same = state()
        .step(1, 3, load(0, "1", "SeqCst"))
        .step(0, 9, store(0, "1", "1", "SeqCst"))
        .step(1, 4, Op::Park { timed: false })
        .blocked(1, 4, Inside::Park, 0);
    assert_eq!(found(&same), None);
}

/// Unparks a thread that looks before the change; with another change of the same thread before it or not.
fn unparks_before_the_change(changes_another: bool) -> Sample {
    let unparked = Op::Unparked {
        why: WhyUnparked::Token,
        by: Some(1),
    };
    let record = state()
        .step(1, 4, Op::Park { timed: false })
        .step(0, 8, Op::Unpark { target: 1 })
        .step(1, 4, unparked)
        .step(1, 3, load(0, "1", "SeqCst"));
    let record = match changes_another {
        true => record.step(0, 8, store(1, "1", "0", "SeqCst")),
        false => record,
    };
    record
        .step(0, 9, store(0, "1", "0", "SeqCst"))
        .step(1, 4, Op::Park { timed: false })
        .blocked(1, 4, Inside::Park, 0)
}

#[test]
fn an_unpark_before_the_change_is_too_early() {
    let early = unparks_before_the_change(false);
    assert_eq!(found(&early), Some(Finding::WokenTooEarly));
}

#[test]
fn an_unpark_before_another_change_is_not_too_early_for_a_later_one() {
    let other = unparks_before_the_change(true);
    assert_ne!(found(&other), Some(Finding::WokenTooEarly));
}

fn gives_up(passes_on: bool) -> Sample {
    let over = Op::Unparked {
        why: WhyUnparked::TimedOut,
        by: None,
    };
    let record = record(Kind::Deadlock)
        .step(1, 4, Op::Park { timed: true })
        .step(2, 5, Op::Park { timed: false })
        .step(1, 4, over)
        .step(0, 8, Op::Unpark { target: 1 });
    let record = match passes_on {
        true => record.step(1, 6, Op::Unpark { target: 2 }),
        false => record,
    };
    record.blocked(2, 5, Inside::Park, 0)
}

#[test]
fn a_wakeup_for_somebody_who_gave_up_is_lost_with_him() {
    assert_eq!(found(&gives_up(false)), Some(Finding::WakeupGivenUp));
    assert_eq!(found(&gives_up(true)), None);
}

/// Two threads are parked and one is unparked.
fn two_park(ends: bool) -> Sample {
    let woken = Op::Unparked {
        why: WhyUnparked::Token,
        by: Some(2),
    };
    let record = record(Kind::Deadlock)
        .step(1, 4, Op::Park { timed: false })
        .step(2, 5, Op::Park { timed: false })
        .step(0, 8, Op::Unpark { target: 1 })
        .step(1, 4, woken)
        .blocked(2, 5, Inside::Park, 0);
    match ends {
        true => record.step(1, 6, Op::End {}),
        false => record.blocked(1, 4, Inside::Park, 0),
    }
}

#[test]
fn one_unpark_for_two_parked_threads_is_one_too_few() {
    assert_eq!(found(&two_park(true)), Some(Finding::NotifyOneTooFew));
    assert_eq!(found(&two_park(false)), None);
}
