//! A counterexample that is kept as a record beside its golden, so that it can be stepped through.
//!
//! `tests/counterexamples/<kata>/<mutant>.json`, for the mutants that `book/outline.toml` names. The
//! subject's file is called `src/lib.rs` in it, wherever it lay when the mutant was graded.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::golden::{self, SUBJECT};
use heddle_terms::catalogue::Kata;
use heddle_terms::record::Counterexample;
use heddle_terms::report::{Kind, Outcome, Report};

/// The failure of one claim with its schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The claim's id.
    pub claim: String,
    /// How it failed.
    pub kind: Kind,
    /// What was said of it.
    pub message: String,
    /// The schedule.
    pub record: Counterexample,
}

impl Kept {
    /// What is kept of that claim's failure; `None` when it was not a schedule that broke it.
    pub fn of(report: &Report, claim: &str) -> Option<Kept> {
        let claim = report.claim(claim)?;
        let (kind, record) = golden::schedule(claim)?;
        let Outcome::Failed(failure) = &claim.outcome else {
            return None;
        };
        let kept = Kept {
            claim: claim.id(),
            kind,
            message: failure.message.trim().to_owned(),
            record: record.clone(),
        };
        kept.with_subject_named(&report.file)
    }

    /// The same with the subject's file under its one name, in the list of files and in every sentence.
    fn with_subject_named(&self, file: &str) -> Option<Kept> {
        let text = serde_json::to_string(self).ok()?;
        serde_json::from_str(&text.replace(file, SUBJECT)).ok()
    }

    /// Where the record of a mutant lies.
    pub fn path(kata: &Kata, mutant: &str) -> PathBuf {
        golden::folder(kata).join(format!("{mutant}.json"))
    }

    /// The kept record of a mutant.
    ///
    /// # Errors
    ///
    /// When there is none, or it cannot be read.
    pub fn read(kata: &Kata, mutant: &str) -> Result<Kept, String> {
        let path = Kept::path(kata, mutant);
        let shown = kata.workspace.display(&path);
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{shown}: {error}"))?;
        serde_json::from_str(&text).map_err(|error| format!("{shown}: {error}"))
    }

    /// The record as it is committed: a step to a line.
    pub fn text(&self) -> String {
        let whole = serde_json::to_value(self).unwrap_or_default();
        let mut text = String::new();
        written(&whole, 0, &mut text);
        text + "\n"
    }

    /// The name of the subject's file in the record.
    pub fn file(&self) -> &'static str {
        SUBJECT
    }
}

/// Objects and lists down to the third level on lines of their own, what is deeper on one line.
fn written(value: &serde_json::Value, level: usize, text: &mut String) {
    use serde_json::Value;
    let indent = |text: &mut String, level: usize| {
        text.push('\n');
        text.push_str(&"  ".repeat(level));
    };
    match value {
        Value::Object(entries) if level < 2 && !entries.is_empty() => {
            text.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                indent(text, level + 1);
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push_str(": ");
                written(value, level + 1, text);
            }
            indent(text, level);
            text.push('}');
        }
        Value::Array(entries) if level < 3 && !entries.is_empty() => {
            text.push('[');
            for (index, value) in entries.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                indent(text, level + 1);
                written(value, level + 1, text);
            }
            indent(text, level);
            text.push(']');
        }
        flat => text.push_str(&flat.to_string()),
    }
}
