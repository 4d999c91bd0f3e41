//! The mutants of a kata, each with what is expected of it, and their grading.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::grade::{First, Options, grade};
use crate::mutants::{self, Mutant, MutantError};
use crate::mutate::{self, MechanicalMutant, MutateError};
use crate::subject::Subject;
use heddle_terms::catalogue::Kata;
use heddle_terms::report::{Face, Report};

use super::{Declared, Expected, Fate, Origin, Row, judge};

/// Why the mutants of a kata cannot be listed.
#[derive(Debug, thiserror::Error)]
pub enum MatrixError {
    /// A hand-written mutant, or the list of equivalents.
    #[error(transparent)]
    Mutant(#[from] MutantError),
    /// The mechanical ones.
    #[error(transparent)]
    Mutate(#[from] MutateError),
}

/// One mutant to be graded.
#[derive(Debug)]
pub struct Case {
    /// Its kata, shared by all its mutants.
    pub kata: Arc<Kata>,
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
        self.graded().0
    }

    /// The same, with the report; there is none when it could not be graded.
    ///
    /// Grading begins with the claim that is declared to reject it, and ends there; with all of the model
    /// where that claim is one, since its golden has the shapes of all. So it does for a mechanical one,
    /// which has an ordering or a wakeup less.
    pub fn graded(&self) -> (Row, Option<Report>) {
        let start = Instant::now();
        let options = Options {
            fail_fast: self.first(),
            ..Options::default()
        };
        match grade(&self.kata, &self.subject, &options) {
            Ok(report) => (self.judged(&report), Some(report)),
            Err(fault) => {
                let message = fault.to_string();
                (self.row(Fate::Fault { message }, start.elapsed()), None)
            }
        }
    }

    fn first(&self) -> Option<First<'_>> {
        let declared = match &self.expected {
            Expected::Caught(declared) => declared,
            Expected::Rejected => return Some(First::Face(Face::Model)),
            Expected::Equivalent(_) => return None,
        };
        let mut claims = self.kata.claims.iter();
        let claim = claims.find(|claim| claim.id() == declared.claim)?;
        Some(match claim.phase.face() {
            Face::Model => First::Face(Face::Model),
            Face::Trace => First::Claim(&declared.claim),
        })
    }

    fn judged(&self, report: &Report) -> Row {
        let (fate, catch) = judge(report, &self.expected);
        let mut row = self.row(fate, report.took);
        row.verdict = Some(report.verdict.clone());
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
            verdict: None,
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
/// When one of their patches cannot be read or names something that is not there.
pub fn hand_written(kata: &Kata) -> Result<Vec<Case>, MatrixError> {
    let mutants = mutants::load(kata)?;
    let shared = Arc::new(kata.clone());
    let case = |mutant: Mutant| Case {
        kata: Arc::clone(&shared),
        origin: Origin::Hand,
        subject: Subject::Mutant(mutant.name.clone()),
        expected: Expected::Caught(declared(&mutant)),
        name: mutant.name,
    };
    Ok(mutants.into_iter().map(case).collect())
}

/// What the header of a mutant declares.
pub fn declared(mutant: &Mutant) -> Declared {
    Declared {
        claim: mutant.claim_id(),
        kind: mutant.kind.name().to_owned(),
    }
}

/// The mechanical mutants of a kata's solution.
///
/// # Errors
///
/// When the solution or the list of equivalents cannot be read.
pub fn mechanical(kata: &Kata) -> Result<Vec<Case>, MatrixError> {
    let all = mutate::of(kata)?;
    let mut reasons = mutants::equivalents(kata, &all)?;
    let shared = Arc::new(kata.clone());
    let case = |mutant: MechanicalMutant| Case {
        kata: Arc::clone(&shared),
        origin: Origin::Mechanical,
        expected: match reasons.remove(&mutant.name) {
            Some(reason) => Expected::Equivalent(reason),
            None => Expected::Rejected,
        },
        subject: Subject::Source {
            label: format!("mutant {}", mutant.name),
            text: mutant.source,
        },
        name: mutant.name,
    };
    Ok(all.into_iter().map(case).collect())
}
