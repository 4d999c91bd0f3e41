//! The mutants of a kata, each with what is expected of it, and their grading.

use std::time::{Duration, Instant};

use xtask::catalogue::Kata;
use xtask::grade::{Options, grade};
use xtask::mutants::{self, Mutant};
use xtask::mutate::{self, MechanicalMutant};
use xtask::subject::Subject;

use super::super::console::Trouble;
use super::super::text::verdict_words;
use super::matrix::{Declared, Expected, Fate, Origin, Row, judge};

/// One mutant to be graded.
#[derive(Debug)]
pub struct Case {
    /// Its kata.
    pub kata: Kata,
    /// Its name.
    pub name: String,
    /// Who made it.
    pub origin: Origin,
    /// The source to grade.
    pub subject: Subject,
    /// What has to become of it.
    pub expected: Expected,
}

impl Case {
    /// Grades the mutant and compares the verdict with what is expected.
    pub fn grade(&self) -> Row {
        let start = Instant::now();
        let report = match grade(&self.kata, &self.subject, &Options::default()) {
            Ok(report) => report,
            Err(fault) => {
                return self.row(
                    Fate::Fault {
                        message: fault.to_string(),
                    },
                    start.elapsed(),
                );
            }
        };
        let (fate, catch) = judge(&report, &self.expected);
        let mut row = self.row(fate, report.took);
        row.verdict = verdict_words(&report.verdict);
        if let Some(catch) = catch {
            row.phase = Some(catch.phase);
            row.claim = catch.claim;
            row.kind = Some(catch.kind);
        }
        row
    }

    fn row(&self, fate: Fate, took: Duration) -> Row {
        Row {
            kata: self.kata.id.clone(),
            mutant: self.name.clone(),
            origin: self.origin,
            fate,
            verdict: String::new(),
            phase: None,
            claim: None,
            kind: None,
            took,
        }
    }
}

/// The hand-written mutants of a kata.
///
/// # Errors
///
/// When their patches cannot be read.
pub fn hand_written(kata: &Kata) -> Result<Vec<Case>, Trouble> {
    let mutants = mutants::load(kata).map_err(Trouble::fault)?;
    let case = |mutant: Mutant| Case {
        kata: kata.clone(),
        origin: Origin::Hand,
        subject: Subject::Mutant(mutant.name.clone()),
        expected: Expected::Caught(Declared {
            phase: mutant.phase,
            claim: mutant.claim_id(),
            kind: mutant.kind.to_string(),
        }),
        name: mutant.name,
    };
    Ok(mutants.into_iter().map(case).collect())
}

/// The mechanical mutants of a kata's solution.
///
/// # Errors
///
/// When the solution or the list of equivalent mutants cannot be read.
pub fn mechanical(kata: &Kata) -> Result<Vec<Case>, Trouble> {
    let mutants = mutate::of(kata).map_err(Trouble::fault)?;
    let mut reasons = mutants::equivalents(kata, &mutants).map_err(Trouble::fault)?;
    let case = |mutant: MechanicalMutant| Case {
        kata: kata.clone(),
        origin: Origin::Mechanical,
        expected: match reasons.remove(&mutant.name) {
            Some(reason) => Expected::Equivalent(reason),
            None => Expected::Rejected,
        },
        subject: Subject::Source {
            label: mutant.name.clone(),
            text: mutant.source,
        },
        name: mutant.name,
    };
    Ok(mutants.into_iter().map(case).collect())
}
