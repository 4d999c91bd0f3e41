//! The judgement of a mutant, on sample reports.

use xtask::matrix::{Declared, Expected, Fate, judge};

use super::super::text::samples;

fn declared(claim: &str, kind: &str) -> Expected {
    Expected::Caught(Declared {
        claim: claim.to_owned(),
        kind: kind.to_owned(),
    })
}

#[test]
fn a_mutant_is_killed_by_the_declared_claim_with_the_declared_kind() {
    let report = samples::report("spec");
    let expected = declared("spec::depth_counts_the_locks", "assertion");
    let (fate, catch) = judge(&report, &expected);
    assert_eq!(fate, Fate::Killed);
    let claim = catch.unwrap().claim;
    assert_eq!(claim.as_deref(), Some("spec::depth_counts_the_locks"));
}

#[test]
fn another_kind_or_another_claim_is_not_as_declared() {
    let report = samples::report("spec");
    for expected in [
        declared("spec::depth_counts_the_locks", "deadlock"),
        declared("model::only_one_thread_is_inside", "assertion"),
    ] {
        let (fate, _) = judge(&report, &expected);
        assert!(matches!(fate, Fate::KilledOtherwise { .. }), "{fate:?}");
    }
}

#[test]
fn a_mutant_that_passes_survives_unless_a_reason_is_written() {
    let report = samples::report("passed");
    assert_eq!(judge(&report, &Expected::Rejected).0, Fate::Survived);
    let reason = Expected::Equivalent("nobody reads it".to_owned());
    assert!(judge(&report, &reason).0.in_order());
}

#[test]
fn an_equivalent_that_is_rejected_has_a_wrong_reason() {
    let reason = Expected::Equivalent("nobody reads it".to_owned());
    let (fate, _) = judge(&samples::report("model"), &reason);
    assert!(matches!(fate, Fate::NotEquivalent { .. }));
}

#[test]
fn an_unfinished_search_kills_nothing() {
    let (fate, _) = judge(&samples::report("inconclusive"), &Expected::Rejected);
    assert_eq!(fate, Fate::Undecided);
    assert!(!fate.in_order());
}
