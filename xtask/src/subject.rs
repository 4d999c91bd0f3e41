//! The source under judgement, whoever wrote it.

use std::path::{Path, PathBuf};

use crate::mutants::{self, MutantError};
use heddle_terms::catalogue::{CatalogueError, Kata};
use heddle_terms::files::{self, FileError};

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

impl Subject {
    /// What reports call it.
    pub fn label(&self) -> String {
        match self {
            Subject::Learner => "learner".to_owned(),
            Subject::Solution => "solution".to_owned(),
            Subject::Stub => "stub".to_owned(),
            Subject::File(_) => "file".to_owned(),
            Subject::Mutant(name) => format!("mutant {name}"),
            Subject::Alternative(name) => format!("alternative {name}"),
            Subject::Source { label, .. } => label.clone(),
        }
    }

    /// Whether a learner works on it, so that what was learnt about it is kept.
    pub fn is_being_worked_on(&self) -> bool {
        matches!(self, Subject::Learner | Subject::File(_))
    }

    /// Reads the source; one that lies in no file is written below the scratch folder.
    ///
    /// # Errors
    ///
    /// When there is no such source, or it is no text.
    pub fn resolve(&self, kata: &Kata) -> Result<Resolved, SubjectError> {
        match self {
            Subject::Learner => Resolved::read(kata, &kata.learner_file(), true),
            Subject::Solution => Resolved::read(kata, &kata.solution_file(), false),
            Subject::File(file) => Resolved::read(kata, file, true),
            Subject::Alternative(name) => {
                let file = kata.alternatives_dir().join(format!("{name}.rs"));
                if !file.is_file() {
                    let known = kata.alternatives()?;
                    return Err(SubjectError::unknown("alternative", kata, name, &known));
                }
                Resolved::read(kata, &file, false)
            }
            Subject::Mutant(name) => Resolved::kept(kata, name, mutated(kata, name)?),
            Subject::Stub => Resolved::kept(kata, "stub", derived_stub(kata)?),
            Subject::Source { label, text } => Resolved::kept(kata, label, text.clone()),
        }
    }
}

/// A subject's text and the file that the compiler reads it from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The text, which the rules judge.
    pub text: String,
    /// The file with exactly this text, by absolute path.
    pub file: PathBuf,
    /// The file as reports show it.
    pub display: String,
    /// Whether the file is one that a person edits and has graded again and again.
    pub is_edited: bool,
    /// Where the text is compiled instead.
    pub stand_in: Option<PathBuf>,
}

impl Resolved {
    /// The file that the compiler reads.
    pub fn compiled(&self) -> &Path {
        self.stand_in.as_deref().unwrap_or(&self.file)
    }

    /// What somebody said who knows only the path at which the text was compiled, with the file's own.
    pub fn by_its_own_path(&self, said: Vec<u8>) -> Vec<u8> {
        match &self.stand_in {
            Some(stand_in) => renamed(
                &said,
                &stand_in.to_string_lossy(),
                &self.file.to_string_lossy(),
            ),
            None => said,
        }
    }

    fn read(kata: &Kata, file: &Path, is_edited: bool) -> Result<Resolved, SubjectError> {
        let file = std::path::absolute(file).map_err(FileError::on("read", file))?;
        if file.to_str().is_none() {
            return Err(SubjectError::PathNotText { file });
        }
        let text = String::from_utf8(files::read(&file)?).map_err(|error| {
            let readable = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + readable.iter().filter(|byte| **byte == b'\n').count();
            SubjectError::NotText {
                file: file.clone(),
                line,
            }
        })?;
        let display = kata.workspace.display(&file);
        Ok(Resolved {
            text,
            file,
            display,
            is_edited,
            stand_in: None,
        })
    }

    /// Keeps a text in a file named for its contents, so that no other text is ever found there.
    fn kept(kata: &Kata, label: &str, text: String) -> Result<Resolved, SubjectError> {
        use hmac_sha256::Hash;
        let hash = &files::hex(&Hash::hash(text.as_bytes()))[..12];
        let readable: String = label
            .chars()
            .map(|one| {
                if one.is_ascii_alphanumeric() {
                    one
                } else {
                    '-'
                }
            })
            .take(60)
            .collect();
        let folder = kata.workspace.scratch.join("sources").join(&kata.id);
        let file = folder.join(format!("{readable}-{hash}.rs"));
        if std::fs::read(&file).ok().as_deref() != Some(text.as_bytes()) {
            files::write(&file, text.as_bytes())?;
        }
        Ok(Resolved {
            text,
            display: kata.workspace.display(&file),
            file,
            is_edited: false,
            stand_in: None,
        })
    }
}

/// The bytes with one path in place of another, as they stand and as JSON has them.
fn renamed(said: &[u8], from: &str, to: &str) -> Vec<u8> {
    let in_json = |path: &str| {
        let quoted = serde_json::to_string(path).unwrap_or_default();
        quoted.trim_matches('"').to_owned()
    };
    let (from_json, to_json) = (in_json(from), in_json(to));
    let mut told = Vec::with_capacity(said.len());
    for chunk in said.utf8_chunks() {
        let mut text = chunk.valid().replace(from, to);
        if from_json != from {
            text = text.replace(&from_json, &to_json);
        }
        told.extend(text.into_bytes());
        told.extend(chunk.invalid());
    }
    told
}

/// Why there is no source to judge.
#[derive(Debug, thiserror::Error)]
pub enum SubjectError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The kata's folder cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The file is not UTF-8.
    #[error("{}:{line}: this is not UTF-8, so it is no Rust source; save it as UTF-8", file.display())]
    NotText {
        /// The file.
        file: PathBuf,
        /// The line of the first byte that is not.
        line: usize,
    },
    /// The file's path is not UTF-8.
    #[error("{}: cargo cannot build from a path that is not UTF-8; rename it", file.display())]
    PathNotText {
        /// The file.
        file: PathBuf,
    },
    /// The kata has no mutant or alternative of that name.
    #[error("{kata} has no {what} `{name}`; it has {known}")]
    Unknown {
        /// `mutant` or `alternative`.
        what: &'static str,
        /// The kata.
        kata: String,
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// The source cannot be derived from the solution.
    #[error("{0}")]
    Underivable(String),
}

impl SubjectError {
    fn unknown(what: &'static str, kata: &Kata, name: &str, known: &[String]) -> SubjectError {
        SubjectError::Unknown {
            what,
            kata: kata.id.clone(),
            name: name.to_owned(),
            known: match known {
                [] => "none".to_owned(),
                names => names.join(", "),
            },
        }
    }
}

/// The stub that the kata's solution implies.
fn derived_stub(kata: &Kata) -> Result<String, SubjectError> {
    crate::stub::of(kata).map_err(|error| SubjectError::Underivable(error.to_string()))
}

/// The solution with a hand-written bug.
fn mutated(kata: &Kata, name: &str) -> Result<String, SubjectError> {
    let underivable = |error: MutantError| SubjectError::Underivable(error.to_string());
    let mutant = mutants::find(kata, name).map_err(underivable)?;
    let solution = Resolved::read(kata, &kata.solution_file(), false)?.text;
    mutants::apply(kata, &mutant, &solution).map_err(underivable)
}

#[cfg(test)]
mod tests {
    use super::renamed;

    /// A path is replaced in plain text, in JSON, and between bytes that are no text.
    #[test]
    fn a_path_is_replaced_wherever_it_is_told() {
        let told = renamed(b"\xffin /a\"b/0/lib.rs:3\xff", "/a\"b/0/lib.rs", "/c\"d.rs");
        assert_eq!(told, b"\xffin /c\"d.rs:3\xff");
        let told = renamed(
            br#"{"file":"/a\"b/0/lib.rs"}"#,
            "/a\"b/0/lib.rs",
            "/c\"d.rs",
        );
        assert_eq!(told, br#"{"file":"/c\"d.rs"}"#);
    }
}
