//! The mutants of a kata, each with what is expected of it, and their grading.

use std::time::{Duration, Instant};

use xtask::catalogue::Kata;
use xtask::grade::{Options, grade};
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
pub fn hand_written(_kata: &Kata) -> Result<Vec<Case>, Trouble> {
    Ok(Vec::new())
}

/// The mechanical mutants of a kata's solution.
///
/// # Errors
///
/// When the solution cannot be read.
pub fn mechanical(_kata: &Kata) -> Result<Vec<Case>, Trouble> {
    Ok(Vec::new())
}
