//! What can be wrong with the katas, or with the name of one.

use std::path::PathBuf;

/// What is wrong with the katas, or with the name of one.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// There is no workspace here.
    #[error("no katas found from {} upwards: run this inside the repository", searched_from.display())]
    NoWorkspace {
        /// Where the search began.
        searched_from: PathBuf,
    },
    /// No kata has that name.
    #[error("there is no kata `{name}`{}", nearest_names(nearest))]
    UnknownKata {
        /// The name asked for.
        name: String,
        /// The nearest names there are.
        nearest: Vec<String>,
    },
    /// A folder's name gives no number and slug.
    #[error(
        "{}: a kata's folder is called kata-NN-slug, such as kata-05-rlock; rename it",
        folder.display()
    )]
    FolderName {
        /// The folder.
        folder: PathBuf,
    },
    /// Two katas have one number.
    #[error("{first} and {second} have the same number; renumber one of them")]
    SameNumber {
        /// One of them.
        first: String,
        /// The other.
        second: String,
    },
    /// A file or folder cannot be read.
    #[error("cannot read {}: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A kata has no kata.toml.
    #[error("{} is missing: add it, or remove the folder if it is no kata", file.display())]
    NoKataToml {
        /// The file that should be there.
        file: PathBuf,
    },
    /// A kata.toml does not parse or has an unknown key.
    #[error("{}: {message}", file.display())]
    KataToml {
        /// The file.
        file: PathBuf,
        /// What is wrong, with its place.
        message: String,
    },
    /// A kata.toml contradicts the kata's folder.
    #[error("{}: {problem}", file.display())]
    Inconsistent {
        /// The file to mend.
        file: PathBuf,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A test file does not parse, or a claim in it lacks something.
    #[error("{}:{line}: {problem}", file.display())]
    Claim {
        /// The file.
        file: PathBuf,
        /// The line.
        line: u32,
        /// What is wrong and what to do.
        problem: String,
    },
}

fn nearest_names(nearest: &[String]) -> String {
    match nearest {
        [] => ": `cargo xtask list` shows all".to_owned(),
        names => format!(": did you mean {}?", names.join(" or ")),
    }
}
