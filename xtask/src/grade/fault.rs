//! What can go wrong with the grading itself.

use crate::build::{BuildError, FetchError};
use crate::overlay::OverlayError;
use crate::process::ProcessError;
use crate::subject::SubjectError;
use crate::toolchain::ToolchainError;
use heddle_terms::catalogue::CatalogueError;
use heddle_terms::files::FileError;
use heddle_terms::report::Face;

/// A fault of the tool or of the set-up, never the learner's.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A kata cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// There is no source to judge.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is no compiler.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// Crates are missing.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The package around the subject cannot be written.
    #[error(transparent)]
    Overlay(#[from] OverlayError),
    /// A build says nothing about the subject.
    #[error(transparent)]
    Build(BuildError),
    /// A program cannot be run.
    #[error(transparent)]
    Process(ProcessError),
    /// A claim gave no usable record.
    #[error("{claim}: {problem}")]
    Claim {
        /// The claim.
        claim: String,
        /// What is wrong.
        problem: String,
    },
    /// The claims of a test binary are not those of its sources.
    #[error("the claims of the {face} face: {problem}")]
    Claims {
        /// The face.
        face: Face,
        /// What is wrong.
        problem: String,
    },
    /// rustc failed without saying why.
    #[error("{file}: rustc failed without an error of its own:\n{said}")]
    Compiler {
        /// What was compiled.
        file: String,
        /// What it wrote.
        said: String,
    },
    /// The rules could not read what the compiler accepted.
    #[error("{file}: the compiler accepts this, but the rules cannot read it: {problem}")]
    Unreadable {
        /// The subject.
        file: String,
        /// Why not.
        problem: String,
    },
    /// The subject changed during every attempt.
    #[error("{file} keeps changing while it is graded; try again when it is still")]
    Restless {
        /// The subject.
        file: String,
    },
    /// The grading was interrupted.
    #[error("interrupted")]
    Interrupted,
}

impl From<ProcessError> for Fault {
    fn from(error: ProcessError) -> Fault {
        match error {
            ProcessError::Interrupted => Fault::Interrupted,
            other => Fault::Process(other),
        }
    }
}

impl From<BuildError> for Fault {
    fn from(error: BuildError) -> Fault {
        match error {
            BuildError::Process(error) => error.into(),
            BuildError::File(error) => Fault::File(error),
            other => Fault::Build(other),
        }
    }
}
