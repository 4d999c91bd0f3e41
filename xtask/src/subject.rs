//! The source under judgement, whoever wrote it.

use std::path::PathBuf;

/// Which source is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The kata's `src/lib.rs`, which the learner edits.
    Learner,
    /// The reference implementation.
    Solution,
    /// The stub, derived from the solution in memory.
    Stub,
    /// Any file.
    File(PathBuf),
    /// The solution with the bug of that hand-written patch.
    Mutant(String),
    /// The differently built correct implementation of that name.
    Alternative(String),
    /// A text in memory, such as a mechanical mutant.
    Source {
        /// What reports call it.
        label: String,
        /// The text itself.
        text: String,
    },
}
