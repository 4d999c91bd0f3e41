//! The kill matrix: which claim rejected which mutant, and whether that is the one declared.

use std::time::Duration;

use heddle_terms::report::{ClaimReport, Phase, Report, Verdict};
use serde::Serialize;

/// What the header of a hand-written mutant says must catch it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The claim's id.
    pub claim: String,
    /// The kind of failure, such as `data-race`, or `build`.
    pub kind: String,
}

/// What was expected of a mutant before it was graded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// The declared claim fails with the declared kind.
    Caught(Declared),
    /// Any claim fails.
    Rejected,
    /// Nothing can fail; the written reason.
    Equivalent(String),
}

/// Who made a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A patch with a story.
    Hand,
    /// Derived from the solution.
    Mechanical,
}

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Fate {
    /// Rejected, and where declared, by that claim with that kind.
    Killed,
    /// Rejected, but not as its header declares.
    KilledOtherwise {
        /// What the header declares.
        declared: String,
    },
    /// It passed.
    Survived,
    /// It passed, and a written reason says why that is right.
    Equivalent {
        /// The reason.
        reason: String,
    },
    /// It was rejected although a written reason says that it cannot be.
    NotEquivalent {
        /// The reason, which is wrong.
        reason: String,
    },
    /// The search was not finished: nothing was decided.
    Undecided,
    /// It could not be graded.
    Fault {
        /// Why, and what to do.
        message: String,
    },
}

impl Fate {
    /// Whether this is as it should be.
    pub fn in_order(&self) -> bool {
        matches!(self, Self::Killed | Self::Equivalent { .. })
    }
}

/// One line of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The kata.
    pub kata: String,
    /// The mutant.
    pub mutant: String,
    /// Who made it.
    pub origin: Origin,
    /// What became of it.
    pub fate: Fate,
    /// The verdict, where there is one.
    pub verdict: Option<Verdict>,
    /// The phase that rejected it.
    pub phase: Option<Phase>,
    /// The claim that rejected it, where it was a claim.
    pub claim: Option<String>,
    /// The kind of its failure.
    pub kind: Option<String>,
    /// How long the grading took.
    pub took: Duration,
}

/// Compares a report with what was expected, and says which claim is the one to name.
pub fn judge(report: &Report, expected: &Expected) -> (Fate, Option<Catch>) {
    let decisive = decisive(report);
    if report.passed() {
        let fate = match expected {
            Expected::Equivalent(reason) => Fate::Equivalent {
                reason: reason.clone(),
            },
            _ => Fate::Survived,
        };
        return (fate, None);
    }
    match expected {
        Expected::Equivalent(reason) => (
            Fate::NotEquivalent {
                reason: reason.clone(),
            },
            decisive,
        ),
        Expected::Rejected => match report.verdict {
            Verdict::Inconclusive { .. } => (Fate::Undecided, decisive),
            _ => (Fate::Killed, decisive),
        },
        Expected::Caught(declared) => match as_declared(report, declared) {
            Some(catch) => (Fate::Killed, Some(catch)),
            None => (
                Fate::KilledOtherwise {
                    declared: format!("{} with {}", declared.claim, declared.kind),
                },
                decisive,
            ),
        },
    }
}

/// What rejected a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catch {
    /// The phase.
    pub phase: Phase,
    /// The claim, where it was one.
    pub claim: Option<String>,
    /// The kind of failure.
    pub kind: String,
}

fn as_declared(report: &Report, declared: &Declared) -> Option<Catch> {
    if declared.kind == "build" {
        return matches!(report.verdict, Verdict::BuildFailed { .. }).then(build);
    }
    let claim = report.claim(&declared.claim)?;
    let kind = claim.kind()?;
    (kind.name() == declared.kind).then(|| caught_by(claim, kind.name()))
}

fn caught_by(claim: &ClaimReport, kind: &str) -> Catch {
    Catch {
        phase: claim.phase,
        claim: Some(claim.id()),
        kind: kind.to_owned(),
    }
}

fn build() -> Catch {
    Catch {
        phase: Phase::Build,
        claim: None,
        kind: "build".to_owned(),
    }
}

/// What decided the verdict.
fn decisive(report: &Report) -> Option<Catch> {
    match &report.verdict {
        Verdict::BuildFailed { .. } => Some(build()),
        Verdict::RuleBroken { rule, .. } => Some(Catch {
            phase: Phase::Rules,
            claim: None,
            kind: rule.clone(),
        }),
        _ => report
            .claims()
            .find_map(|claim| Some(caught_by(claim, claim.kind()?.name()))),
    }
}
