//! How a schedule ends.

use heddle_counterexample::page::Places;
use heddle_counterexample::words::first_line;
use heddle_counterexample::{Diagnosis, diagnose, search};
use heddle_terms::report::Kind;

use super::Names;
use super::sentence::ended;
use crate::Replay;

/// What went wrong, in the words of the failure itself.
pub fn headline(names: &Names<'_>) -> String {
    let failure = &names.record.failure;
    let message = &names.sources.plain(first_line(&failure.message));
    let kind = failure.kind.name().replace('-', " ");
    let told = match failure.thread {
        Some(thread) if failure.kind == Kind::Assertion => {
            return ended(format!("{} panics: {message}", names.thread(thread)));
        }
        _ if message.is_empty() => kind,
        // Many a message begins with the kind itself.
        _ if message.to_lowercase().contains(&kind) => message.clone(),
        _ => format!("{kind}: {message}"),
    };
    ended(search::sentence(&told))
}

/// What kind of mistake it is, as far as that is certain, and what happened in a sentence.
pub fn diagnosis(replay: &Replay) -> (Diagnosis, String) {
    let diagnosis = diagnose(Places::of(&replay.record, &replay.file));
    let told = match diagnosis.finding {
        Some(finding) => format!(
            "{}: {}",
            search::sentence(finding.name()),
            diagnosis.sentence
        ),
        None => diagnosis.sentence.clone(),
    };
    (diagnosis, told)
}
