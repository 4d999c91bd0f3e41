//! What keeps the book from being made.

use std::path::{Path, PathBuf};

/// Why there is no book.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// Something in a file is wrong, or names what does not exist.
    #[error("{}:{line}: {problem}", file.display())]
    At {
        /// The file, relative to the root of the repository.
        file: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// A file cannot be read or written, or is wrong as a whole.
    #[error("{}: {problem}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The katas cannot be read.
    #[error(transparent)]
    Catalogue(#[from] heddle_terms::catalogue::CatalogueError),
    /// The mutants of a kata cannot be read.
    #[error(transparent)]
    Matrix(#[from] xtask::matrix::MatrixError),
    /// mdBook cannot render it.
    #[error("mdBook: {0}")]
    Render(String),
    /// The book cannot be served.
    #[error("cannot serve the book: {0}")]
    Serve(String),
}

impl BookError {
    /// An error in that file as a whole.
    pub fn file(file: &Path, problem: impl ToString) -> BookError {
        BookError::File {
            file: file.to_owned(),
            problem: problem.to_string(),
        }
    }

    /// An error in that line of that file.
    pub fn at(file: &Path, line: usize, problem: impl Into<String>) -> BookError {
        BookError::At {
            file: file.to_owned(),
            line,
            problem: problem.into(),
        }
    }
}

impl From<xtask::mutants::MutantError> for BookError {
    fn from(error: xtask::mutants::MutantError) -> BookError {
        BookError::Matrix(error.into())
    }
}

impl From<xtask::mutate::MutateError> for BookError {
    fn from(error: xtask::mutate::MutateError) -> BookError {
        BookError::Matrix(error.into())
    }
}
