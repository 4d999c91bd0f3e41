//! What is stepped through: one failed claim of the last check, with its schedule and its sources.

use std::path::{Path, PathBuf};

use heddle_terms::record::Counterexample;
use heddle_terms::report::{ClaimReport, Outcome, Report, Verdict};

use crate::sources::Sources;

mod sound;

pub use sound::sound;

/// One failed claim with the schedule that breaks it.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// The kata, such as `kata-08-condition`.
    pub kata: String,
    /// Who was judged: `learner`, `mutant wait-once`.
    pub subject: String,
    /// The subject's file, as the record names it.
    pub file: String,
    /// The claim's id, such as `model::no_notify_is_lost`.
    pub claim: String,
    /// What it claims, in one sentence.
    pub promise: String,
    /// The schedule.
    pub record: Counterexample,
    /// The files that it names.
    pub sources: Sources,
    /// What the reader has to know first, such as that a file was changed since.
    pub caution: Option<String>,
}

/// Why there is nothing to step through.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// No check has left a report.
    #[error("{kata} has not been checked yet: run `cargo xtask check {short}` first")]
    Unchecked {
        /// The kata.
        kata: String,
        /// Its short name, for a command.
        short: String,
    },
    /// The report cannot be read.
    #[error("cannot read {}: {error}; run `cargo xtask check {short}` again", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why not.
        error: String,
        /// The kata's short name.
        short: String,
    },
    /// The last check passed.
    #[error("the last check of {kata} passed: there is no failing schedule to step through")]
    Passed {
        /// The kata.
        kata: String,
    },
    /// The last check failed, but not by a schedule.
    #[error(
        "the last check of {kata} failed without a schedule that could be stepped through; \
         `cargo xtask check {short}` tells how it failed"
    )]
    NoSchedule {
        /// The kata.
        kata: String,
        /// Its short name.
        short: String,
    },
    /// That claim has no schedule.
    #[error("the last check of {kata} has no failing schedule of a claim `{name}`; it has {known}")]
    UnknownClaim {
        /// The kata.
        kata: String,
        /// The claim asked for.
        name: String,
        /// The claims that have one.
        known: String,
    },
}

impl Replay {
    /// The last check of that kata below that root; `claim` chooses among several failed claims.
    ///
    /// # Errors
    ///
    /// When there is no report, or no schedule in it.
    pub fn last(root: &Path, kata: &str, claim: Option<&str>) -> Result<Replay, ReplayError> {
        let file = root.join("target/heddle/last").join(format!("{kata}.json"));
        let unreadable = |error: String| ReplayError::Unreadable {
            file: file.clone(),
            error,
            short: short(kata),
        };
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(ReplayError::Unchecked {
                    kata: kata.to_owned(),
                    short: short(kata),
                });
            }
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let report: Report =
            serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
        let read = |path: &str| std::fs::read_to_string(root.join(path)).ok();
        let mut replay = Replay::of(&report, claim, read)?;
        sound(&replay.record).map_err(unreadable)?;
        replay.caution = caution(root, &file, &replay.sources);
        Ok(replay)
    }

    /// The schedule of a report; `read` gives the text of a source file by the record's path.
    ///
    /// # Errors
    ///
    /// When the report has no such schedule.
    pub fn of(
        report: &Report,
        claim: Option<&str>,
        read: impl Fn(&str) -> Option<String>,
    ) -> Result<Replay, ReplayError> {
        let (claim, record) = chosen(report, claim)?;
        Ok(Replay {
            kata: report.kata.clone(),
            subject: report.subject.clone(),
            file: report.file.clone(),
            claim: claim.id(),
            promise: claim.sentence.clone(),
            record: record.clone(),
            sources: Sources::of(&record.files, &report.file, read),
            caution: None,
        })
    }

    /// `kata-08 condition`, and who was judged where it was not the learner.
    pub fn title(&self) -> String {
        let name = match self.kata.match_indices('-').nth(1) {
            Some((index, _)) => format!("{} {}", &self.kata[..index], &self.kata[index + 1..]),
            None => self.kata.clone(),
        };
        if self.subject == "learner" {
            return name;
        }
        format!("{name} · {}", self.subject)
    }

    /// The claim's name without its phase.
    pub fn claim_name(&self) -> &str {
        self.claim.rsplit("::").next().unwrap_or(&self.claim)
    }
}

/// The claim asked for, else the one that decided the verdict, else the first with a schedule.
fn chosen<'r>(
    report: &'r Report,
    name: Option<&str>,
) -> Result<(&'r ClaimReport, &'r Counterexample), ReplayError> {
    let all: Vec<_> = report.claims().filter_map(with_schedule).collect();
    let kata = || report.kata.clone();
    if all.is_empty() {
        return Err(match report.verdict {
            Verdict::Passed { .. } => ReplayError::Passed { kata: kata() },
            _ => ReplayError::NoSchedule {
                kata: kata(),
                short: short(&report.kata),
            },
        });
    }
    let Some(name) = name else {
        let deciding = match &report.verdict {
            Verdict::ModelFailed { claim, .. }
            | Verdict::Deadlocked { claim, .. }
            | Verdict::TimedOut { claim, .. }
            | Verdict::SpecFailed { claim } => Some(claim),
            _ => None,
        };
        let found = all.iter().find(|(one, _)| Some(&one.id()) == deciding);
        return Ok(*found.unwrap_or(&all[0]));
    };
    let found = all
        .iter()
        .find(|(one, _)| one.name == name || one.id() == name);
    found.copied().ok_or_else(|| ReplayError::UnknownClaim {
        kata: kata(),
        name: name.to_owned(),
        known: all
            .iter()
            .map(|(one, _)| one.id())
            .collect::<Vec<_>>()
            .join(", "),
    })
}

fn with_schedule(claim: &ClaimReport) -> Option<(&ClaimReport, &Counterexample)> {
    match &claim.outcome {
        Outcome::Failed(failure) => Some((claim, failure.counterexample.as_ref()?)),
        _ => None,
    }
}

/// A word of warning when a source was changed after the check, or is gone.
fn caution(root: &Path, report: &Path, sources: &Sources) -> Option<String> {
    let changed = |path: &Path| {
        std::fs::metadata(path)
            .and_then(|about| about.modified())
            .ok()
    };
    let checked = changed(report)?;
    for file in sources.files() {
        match changed(&root.join(&file.path)) {
            None => return Some(format!("{} cannot be read any more", file.label)),
            Some(time) if time > checked => {
                return Some(format!(
                    "{} was changed after this check: its lines may not fit the schedule",
                    file.label
                ));
            }
            Some(_) => {}
        }
    }
    None
}

/// `08` of `kata-08-condition`.
fn short(kata: &str) -> String {
    kata.split('-').nth(1).unwrap_or(kata).to_owned()
}

#[cfg(test)]
mod tests;
