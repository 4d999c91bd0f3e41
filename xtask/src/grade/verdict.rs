//! From what was found to the verdict: the first failed phase in order decides.

use crate::rules::Todo;
use heddle_terms::report::{
    ClaimReport, Diagnostic, Face, Failure, Kind, Limit, Outcome, Phase, Verdict,
};

/// The verdict on claims that all ran; the claims are in the order of phases and sources.
pub(super) fn of_claims(claims: &[ClaimReport], todos: &[Todo]) -> Verdict {
    if let Some(unfinished) = unfinished(claims, todos) {
        return unfinished;
    }
    let failed = claims.iter().filter(|claim| !claim.passed());
    // An unfinished search says less than a failure, and what was not run says nothing.
    let first = failed.min_by_key(|claim| {
        let kind = claim.kind();
        (
            kind == Some(Kind::NotRun),
            claim.phase,
            kind == Some(Kind::Inconclusive),
        )
    });
    if let Some(first) = first {
        return of_failed(first);
    }
    let schedules = |claim: &ClaimReport| match &claim.outcome {
        Outcome::Passed { schedules, .. } => *schedules,
        _ => 0,
    };
    Verdict::Passed {
        claims: claims.len(),
        schedules: claims.iter().map(schedules).sum(),
    }
}

/// The verdict on a subject that does not compile.
pub(super) fn of_build(
    failed: &[Face],
    faces: usize,
    diagnostics: Vec<Diagnostic>,
    interface: bool,
) -> Verdict {
    let face = match failed {
        [one] if faces > 1 => Some(*one),
        _ => None,
    };
    Verdict::BuildFailed {
        face,
        diagnostics,
        interface,
    }
}

/// A `todo!` that was hit, else one that remains: the subject is not finished, whatever else fails.
fn unfinished(claims: &[ClaimReport], todos: &[Todo]) -> Option<Verdict> {
    let hit = claims.iter().find_map(|claim| match &claim.outcome {
        Outcome::Failed(failure) if failure.kind == Kind::Todo => Some((claim, failure)),
        _ => None,
    });
    match (hit, todos.first()) {
        (Some((claim, failure)), first) => {
            let place = failure
                .place
                .clone()
                .or_else(|| first.map(|todo| todo.place.clone()));
            Some(Verdict::Unfinished {
                place: place.unwrap_or_else(|| claim.place.clone()),
                message: told_by_todo(&failure.message),
                claim: Some(claim.id()),
            })
        }
        (None, Some(todo)) => Some(Verdict::Unfinished {
            place: todo.place.clone(),
            message: todo.message.clone(),
            claim: None,
        }),
        (None, None) => None,
    }
}

fn of_failed(claim: &ClaimReport) -> Verdict {
    let name = claim.id();
    match &claim.outcome {
        Outcome::Failed(failure) => of_failure(claim.phase, name, failure),
        Outcome::Inconclusive { rung, limit, .. } => Verdict::Inconclusive {
            claim: name,
            rung: rung.clone(),
            limit: limit.clone(),
        },
        Outcome::Passed { .. } => unreachable!("only claims that do not hold are asked about"),
    }
}

fn of_failure(phase: Phase, claim: String, failure: &Failure) -> Verdict {
    match failure.kind {
        Kind::Deadlock => Verdict::Deadlocked {
            claim,
            threads: failure.threads.clone(),
        },
        Kind::Timeout => Verdict::TimedOut {
            claim,
            phase,
            threads: failure.threads.clone(),
        },
        Kind::Crashed => Verdict::Crashed {
            claim,
            signal: failure.signal.unwrap_or_default(),
        },
        Kind::ExitedEarly => Verdict::ExitedEarly { claim },
        Kind::Limit => Verdict::LimitExceeded {
            claim,
            which: Limit::named(failure.limit.as_deref().unwrap_or("unknown")),
        },
        _ => match phase {
            Phase::Types => Verdict::TypeClaimFailed { claim },
            Phase::Properties => Verdict::PropertyFailed {
                claim,
                minimal: failure.minimal.clone(),
            },
            Phase::Model => Verdict::ModelFailed {
                claim,
                rung: failure.rung.clone(),
            },
            _ => Verdict::SpecFailed { claim },
        },
    }
}

/// What a `todo!` tells, without the words that the macro puts before it.
fn told_by_todo(message: &str) -> String {
    let told = message
        .strip_prefix("not yet implemented")
        .unwrap_or(message);
    told.strip_prefix(": ").unwrap_or(told).to_owned()
}
