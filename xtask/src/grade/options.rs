//! How to grade, and what can go wrong with the grading itself.

use std::path::PathBuf;
use std::time::Duration;

use super::Event;
use crate::catalogue::CatalogueError;

/// How to grade.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How long one model claim may search.
    pub budget: Duration,
    /// Whether model claims search without a bound.
    pub thorough: bool,
    /// The seed of the properties instead of their own.
    pub seed: Option<u64>,
    /// Who is told what happens; called from several threads.
    pub events: &'a (dyn Fn(Event) + Sync),
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            budget: Duration::from_secs(30),
            thorough: false,
            seed: None,
            events: &|_| (),
        }
    }
}

/// A fault of the tool or of the set-up, never the learner's.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A kata cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A file cannot be read or written.
    #[error("{doing} {}: {source}{}", file.display(), next_step(source))]
    File {
        /// What was tried.
        doing: &'static str,
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The grading was interrupted.
    #[error("interrupted")]
    Interrupted,
}

fn next_step(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::StorageFull => "; free some disk space and try again",
        std::io::ErrorKind::PermissionDenied => "; check who owns it",
        _ => "",
    }
}
