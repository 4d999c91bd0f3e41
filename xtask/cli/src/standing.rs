//! How far the learner is with a kata.

use heddle_terms::catalogue::Kata;
use xtask::stub;

use super::state::{State, fingerprint};

/// How far the learner is with a kata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The file is the stub.
    NotStarted,
    /// The file was worked on and never checked as it is now.
    Begun,
    /// The file as it is now was checked, and did not pass; the verdict in words.
    Open(String),
    /// The file as it is now passed.
    Passed,
}

impl Standing {
    /// Looks at the kata's file and at what is remembered of it.
    pub fn of(kata: &Kata, state: &State) -> Self {
        let bytes = std::fs::read(kata.learner_file()).unwrap_or_default();
        // A kata without a derivable stub can still be worked on.
        if stub::is_untouched(kata).unwrap_or(false) {
            return Self::NotStarted;
        }
        match state.of(&kata.id).checked {
            Some(checked) if checked.hash == fingerprint(&bytes) => {
                if checked.passed {
                    Self::Passed
                } else {
                    Self::Open(checked.verdict)
                }
            }
            _ => Self::Begun,
        }
    }

    /// The standing in words, for a list.
    pub fn words(&self) -> String {
        match self {
            Self::NotStarted => "not started".to_owned(),
            Self::Begun => "begun".to_owned(),
            Self::Open(verdict) => verdict.clone(),
            Self::Passed => "passed".to_owned(),
        }
    }
}
