//! What a claim's record and the end of its process prove.

use super::Fault;
use crate::process::{End, Ended};
use crate::records::{Passed, Record, Runner, Told};
use heddle_terms::catalogue::ClaimDecl;
use heddle_terms::report::{Failure, Kind, Outcome, Phase, Rung};

/// The rungs without which no model claim has passed.
const REQUIRED_RUNGS: [&str; 5] = [
    "sequential-0",
    "sequential-1",
    "sequential-2",
    "orderings-1",
    "orderings-2",
];

/// The rung that a claim of few threads has climbed besides.
const FULL_RUNG: &str = "sequential-full";
/// How many threads are few.
const FEW_THREADS: u64 = 2;

/// Decides how a claim ended.
///
/// A pass needs the runner's own word and an exit status of 0. Whatever else there is can only
/// make it a failure, or a fault when the runner never ran.
pub(super) fn judge(claim: &ClaimDecl, record: &Record, ended: &Ended) -> Result<Outcome, Fault> {
    let fault = |problem: String| Fault::Claim {
        claim: claim.id(),
        problem,
    };
    if let Some(Told::Fault(message)) = &record.verdict {
        return Err(fault(format!(
            "heddle reports trouble of its own: {message}"
        )));
    }
    // What a process does after its claim has failed changes nothing any more.
    if record.provisional
        && let Some(Told::Failed(failure)) = &record.verdict
    {
        return Ok(Outcome::Failed(failure.clone()));
    }
    if let Some(failure) = exceeded(ended) {
        return Ok(Outcome::Failed(Box::new(failure)));
    }
    match &record.verdict {
        Some(Told::Failed(failure)) => Ok(Outcome::Failed(failure.clone())),
        Some(Told::Inconclusive {
            rung,
            limit,
            schedules,
            rungs,
        }) if ended.end == End::Itself && ended.signal().is_none() => Ok(Outcome::Inconclusive {
            rung: rung.clone(),
            limit: limit.clone(),
            schedules: *schedules,
            rungs: rungs.clone(),
        }),
        Some(Told::Passed(passed)) if ended.end == End::Itself && ended.status.success() => {
            proven(claim, passed).map_err(fault)
        }
        told => unproven(record, told.is_some(), ended).map_err(fault),
    }
}

/// A pass is one only when the right runner has tried something.
fn proven(claim: &ClaimDecl, passed: &Passed) -> Result<Outcome, String> {
    let expected = match claim.phase {
        Phase::Properties => Runner::Property,
        Phase::Model => Runner::Model,
        _ => Runner::Spec,
    };
    if passed.runner != expected {
        return Err(format!(
            "it uses another runner than claims of {} do",
            claim.phase
        ));
    }
    if expected == Runner::Model {
        climbed(passed)?;
    } else if passed.cases == 0 {
        return Err("it passed without a single case".to_owned());
    }
    Ok(Outcome::Passed {
        cases: passed.cases,
        schedules: passed.schedules,
        rungs: passed.rungs.clone(),
        seed: passed.seed,
    })
}

/// A model has passed only when every rung that it needs, and every other one, was searched to its end.
fn climbed(passed: &Passed) -> Result<(), String> {
    if passed.schedules == 0 || passed.threads == 0 {
        return Err("it passed without a single schedule".to_owned());
    }
    let full = (passed.threads <= FEW_THREADS).then_some(FULL_RUNG);
    for wanted in REQUIRED_RUNGS.into_iter().chain(full) {
        if !passed.rungs.iter().any(|rung| rung.name == wanted) {
            return Err(format!("it passed without the rung {wanted}"));
        }
    }
    let given_up = |rung: &&Rung| !rung.exhausted || rung.schedules == 0;
    match passed.rungs.iter().find(given_up) {
        Some(rung) => Err(format!(
            "it passed although the search of {} was not finished",
            rung.name
        )),
        None => Ok(()),
    }
}

/// The process ended without proof of anything.
fn unproven(record: &Record, told: bool, ended: &Ended) -> Result<Outcome, String> {
    let failed = |failure| Ok(Outcome::Failed(Box::new(failure)));
    if ended.end == End::Clock {
        return failed(Failure::new(Kind::Timeout, "it did not end in its time"));
    }
    let Some(runner) = record.started else {
        return Err(format!(
            "its runner was never entered ({}); a claim calls heddle::spec, property or model first\n{}",
            ended.status,
            String::from_utf8_lossy(&ended.stderr).trim(),
        ));
    };
    if let Some(signal) = ended.signal() {
        return failed(killed_by(signal, runner, ended));
    }
    // The coroutines of the model checker catch the signal, and end the process with a code.
    if !told && let Some(failure) = narrow(runner, ended) {
        return failed(failure);
    }
    let message = match ended.status.code() {
        Some(code) if told => {
            format!("it failed after its runner had ended, with exit code {code}")
        }
        code => format!(
            "the process ended before the claim did, with exit code {}",
            code.unwrap_or_default()
        ),
    };
    failed(Failure::new(
        if told {
            Kind::Assertion
        } else {
            Kind::ExitedEarly
        },
        message,
    ))
}

/// The limits that the grader itself watches.
fn exceeded(ended: &Ended) -> Option<Failure> {
    let (limit, message) = match ended.end {
        End::Output => ("output", "it printed more than a claim may"),
        End::Children => ("children", "it started more processes than a claim may"),
        End::Itself | End::Clock => return None,
    };
    let failure = Failure::new(Kind::Limit, message);
    Some(Failure {
        limit: Some(limit.to_owned()),
        ..failure
    })
}

/// A signal, or the limit that led to it.
fn killed_by(signal: i32, runner: Runner, ended: &Ended) -> Failure {
    let failure = narrow(runner, ended).unwrap_or_else(|| {
        Failure::new(Kind::Crashed, format!("signal {signal} ended the process"))
    });
    Failure {
        signal: Some(signal),
        ..failure
    }
}

/// The learner's limit that was too narrow, where the runtime says so on stderr: a hint, since who did not pass
/// could have written it too.
fn narrow(runner: Runner, ended: &Ended) -> Option<Failure> {
    let said = String::from_utf8_lossy(&ended.stderr);
    let (limit, message) = if said.contains("has overflowed its stack") {
        let whose = match runner {
            Runner::Model => "a modelled thread",
            _ => "a thread",
        };
        ("stack", format!("{whose} has overflowed its stack"))
    } else if said.contains("memory allocation of") {
        let message = "it asked for more memory than a claim may have";
        ("memory", message.to_owned())
    } else {
        return None;
    };
    Some(Failure {
        limit: Some(limit.to_owned()),
        ..Failure::new(Kind::Limit, message)
    })
}
