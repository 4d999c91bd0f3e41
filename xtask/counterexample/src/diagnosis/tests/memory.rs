//! Orderings, values written over unseen, and faults that were put in.

use super::found;
use crate::Finding;
use crate::samples::{Sample, load, record, store, swap, wait};
use heddle_terms::record::{AccessKind, FaultKind, Op, WhyUnparked, WhyWoken};
use heddle_terms::report::Kind;

/// One thread writes a cell and sets a flag; the other one sees the flag and reads the cell.
fn published(release: &str, acquire: &str) -> Sample {
    record(Kind::DataRace)
        .objects("UnsafeCell", &["value"])
        .objects("AtomicBool", &["ready"])
        .step(1, 3, Op::Write { object: 0 })
        .step(1, 4, store(1, "false", "true", release))
        .step(2, 7, load(1, "true", acquire))
        .fails(2, 8)
        .race(0, (1, 0, AccessKind::Write), (2, AccessKind::Read))
}

#[test]
fn a_race_that_only_orderings_allow_is_an_unpublished_write() {
    for (release, acquire, line) in [
        ("Relaxed", "Acquire", "Release at line 4"),
        ("Release", "Relaxed", "Acquire at line 7"),
    ] {
        let record = published(release, acquire).on_orderings();
        assert_eq!(found(&record), Some(Finding::UnpublishedWrite));
        let sentence = crate::diagnose(record.places()).sentence;
        assert!(sentence.contains(line), "{sentence}");
    }
}

#[test]
fn a_race_that_breaks_without_weak_memory_is_not_blamed_on_orderings() {
    assert_eq!(found(&published("Relaxed", "Relaxed")), None);
}

/// One thread loads a value and stores one; the other one changes it before, or after.
fn stored(between: bool) -> Sample {
    let record = record(Kind::Assertion)
        .objects("AtomicU32", &["count"])
        .step(1, 3, load(0, "0", "SeqCst"));
    let record = match between {
        true => record
            .step(2, 3, swap(0, "0", "1"))
            .step(1, 4, store(0, "1", "1", "SeqCst")),
        false => record
            .step(1, 4, store(0, "0", "1", "SeqCst"))
            .step(2, 3, swap(0, "1", "1")),
    };
    record.fails(0, 9)
}

#[test]
fn a_store_over_a_change_that_was_not_seen_loses_it() {
    assert_eq!(found(&stored(true)), Some(Finding::LostUpdate));
}

#[test]
fn a_change_after_the_store_is_not_lost() {
    assert_eq!(found(&stored(false)), None);
}

#[test]
fn the_same_before_a_race_is_a_stale_check() {
    let mut race = stored(true);
    race.failure.kind = Kind::DataRace;
    assert_eq!(found(&race), Some(Finding::StaleCheck));
    let mut seen = stored(true);
    seen.failure.kind = Kind::DataRace;
    let look = heddle_terms::record::Step::new(1, None, load(0, "1", "SeqCst"));
    seen.steps.insert(2, look);
    assert_eq!(found(&seen), None, "it had looked again");
}

fn looks(stale: bool) -> Sample {
    let load = Op::Load {
        object: 0,
        value: "0".to_owned(),
        ordering: "Relaxed".to_owned(),
        stale,
        newest: stale.then(|| "1".to_owned()),
    };
    record(Kind::Assertion)
        .objects("AtomicU32", &["x"])
        .step(1, 3, store(0, "0", "1", "Relaxed"))
        .step(2, 4, load)
        .fails(2, 5)
        .on_orderings()
}

#[test]
fn an_old_value_that_only_orderings_allow_is_a_stale_value() {
    assert_eq!(found(&looks(true)), Some(Finding::StaleValue));
    assert_eq!(found(&looks(false)), None);
}

fn woken(again: bool) -> Sample {
    let record = record(Kind::Assertion)
        .objects("Mutex", &["items"])
        .objects("Condvar", &["not_empty"])
        .step(1, 3, wait(1, 0))
        .step(
            1,
            3,
            Op::Wake {
                object: 1,
                lock: 0,
                why: WhyWoken::Spurious,
                by: None,
            },
        );
    let record = match again {
        true => record.step(1, 3, wait(1, 0)),
        false => record,
    };
    record.fails(1, 4).with_fault(FaultKind::Wait)
}

#[test]
fn going_on_after_a_wakeup_for_no_reason_is_a_missing_recheck() {
    assert_eq!(found(&woken(false)), Some(Finding::MissingRecheck));
}

#[test]
fn going_back_to_sleep_is_a_recheck() {
    assert_eq!(found(&woken(true)), None);
}

#[test]
fn the_same_holds_for_park() {
    let parks = |again: bool| {
        let record = record(Kind::Assertion)
            .step(1, 3, Op::Park { timed: false })
            .step(
                1,
                3,
                Op::Unparked {
                    why: WhyUnparked::Spurious,
                    by: None,
                },
            );
        let record = match again {
            true => record.step(1, 3, Op::Park { timed: false }),
            false => record,
        };
        record.fails(1, 4).with_fault(FaultKind::Park)
    };
    assert_eq!(found(&parks(false)), Some(Finding::MissingRecheck));
    assert_eq!(found(&parks(true)), None);
}

#[test]
fn a_weak_exchange_that_is_not_tried_again_is_named() {
    let tries = |again: bool| {
        let failed = Op::ExchangeFailed {
            object: 0,
            call: "compare_exchange_weak".to_owned(),
            found: "0".to_owned(),
            wanted: "0".to_owned(),
            spurious: true,
            ordering: "Acquire".to_owned(),
        };
        let record = record(Kind::Assertion)
            .objects("AtomicU32", &["state"])
            .step(1, 3, failed);
        let record = match again {
            true => record.step(1, 3, swap(0, "0", "1")),
            false => record,
        };
        record
            .fails(1, 4)
            .with_fault(FaultKind::CompareExchangeWeak)
    };
    assert_eq!(found(&tries(false)), Some(Finding::WeakExchangeTrusted));
    assert_eq!(found(&tries(true)), None);
}

#[test]
fn a_notify_out_of_turn_or_a_reused_address_is_named_where_it_was_put_in() {
    let notify = Op::Notify {
        object: 0,
        all: false,
        woken: vec![2],
        out_of_turn: true,
    };
    let notified = record(Kind::Assertion)
        .objects("Condvar", &["changed"])
        .step(0, 3, notify)
        .fails(2, 9);
    assert_eq!(found(&notified), None);
    let put_in = notified.with_fault(FaultKind::NotifyOne);
    assert_eq!(found(&put_in), Some(Finding::TrustsWakeOrder));
    let made = Op::Allocate {
        object: 0,
        reused: true,
    };
    let reused = record(Kind::Assertion)
        .objects("Box", &["node"])
        .step(0, 3, made)
        .fails(2, 9);
    assert_eq!(found(&reused), None);
    let put_in = reused.with_fault(FaultKind::Reuse);
    assert_eq!(found(&put_in), Some(Finding::ReusedAddress));
}
