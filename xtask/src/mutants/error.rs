//! What can be wrong with a mutant's file.

use heddle_terms::files::FileError;

/// Why a mutant cannot be used; each names the file and the next step.
#[derive(Debug, thiserror::Error)]
pub enum MutantError {
    /// A file or the folder cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file that is no mutant lies among them.
    #[error("{file}: {problem}")]
    Stray {
        /// The file.
        file: String,
        /// What is wrong with it, and what to do.
        problem: &'static str,
    },
    /// The header is not as it should be.
    #[error("{file}:{line}: {problem}")]
    Header {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// The patch does not fit the solution any more.
    #[error(
        "{file} does not fit {solution} any more ({problem}). To refresh it, make its change in a copy of the \
         solution and put the output of `diff -u --label a/src/lib.rs --label b/src/lib.rs {solution} COPY` below its header"
    )]
    Outdated {
        /// The patch.
        file: String,
        /// The solution.
        solution: String,
        /// What did not fit.
        problem: String,
    },
    /// The patch leaves the solution as it is.
    #[error(
        "{file} changes nothing, so there is nothing to catch; remove it or make its change again"
    )]
    Unchanged {
        /// The patch.
        file: String,
    },
    /// The kata has no mutant of that name.
    #[error("{kata} has no mutant `{name}`; it has {known}")]
    Unknown {
        /// The kata.
        kata: String,
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// The list of equivalent mutants is not as it should be.
    #[error("{file}: {problem}")]
    Equivalent {
        /// The list.
        file: String,
        /// What is wrong with it, and what to do.
        problem: String,
    },
}
