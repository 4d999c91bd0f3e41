//! Records that show a kind of mistake, and records that nearly do.

mod locks;
mod memory;
mod sleepers;

use super::{Finding, diagnose};
use crate::samples::Sample;

/// What a record shows with certainty.
fn found(record: &Sample) -> Option<Finding> {
    let diagnosis = diagnose(record.places());
    assert!(diagnosis.sentence.ends_with('.'), "{}", diagnosis.sentence);
    assert_eq!(
        diagnosis.sentence.matches(". ").count(),
        diagnosis.sentence.matches("Only with").count(),
        "one sentence: {}",
        diagnosis.sentence
    );
    diagnosis.finding
}
