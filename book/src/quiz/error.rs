//! What can be wrong with a quiz.

use std::path::PathBuf;

/// Why there is no quiz.
#[derive(Debug, thiserror::Error)]
pub enum QuizError {
    /// The file cannot be read.
    #[error("cannot read {}: {error}", file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// The file is not written as quizzes are.
    #[error("{}: {error}", file.display())]
    Misspelt {
        /// Which file.
        file: PathBuf,
        /// What is wrong, with its place.
        error: String,
    },
    /// A question cannot be asked like this.
    #[error("{}, question {number}: {what}", file.display())]
    Unsound {
        /// Which file.
        file: PathBuf,
        /// Which question, counted from 1.
        number: usize,
        /// What is wrong with it, and how it is mended.
        what: String,
    },
}
