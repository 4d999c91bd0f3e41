//! What cargo says while it builds, one JSON object on each line.

use std::path::PathBuf;

use serde::Deserialize;

/// One line of cargo's output, as far as a grading needs it.
#[derive(Debug, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub(super) enum Message {
    #[serde(rename = "compiler-artifact")]
    Compiled(Artifact),
    #[serde(rename = "compiler-message")]
    Said { message: CompilerMessage },
    #[serde(rename = "build-script-executed")]
    Ran { linked_paths: Vec<String> },
    #[serde(other)]
    Other,
}

/// Something that was compiled.
#[derive(Debug, Deserialize)]
pub(super) struct Artifact {
    pub(super) package_id: String,
    pub(super) target: Target,
    pub(super) filenames: Vec<PathBuf>,
}

/// What was compiled.
#[derive(Debug, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) kind: Vec<String>,
}

/// A message of rustc.
#[derive(Clone, Debug, Deserialize)]
pub struct CompilerMessage {
    pub(crate) level: String,
    pub(crate) message: String,
    pub(crate) code: Option<Code>,
    pub(crate) rendered: Option<String>,
    pub(crate) spans: Vec<Span>,
}

/// The code of a message.
#[derive(Clone, Debug, Deserialize)]
pub struct Code {
    pub(crate) code: String,
}

/// A place that a message points at.
#[derive(Clone, Debug, Deserialize)]
pub struct Span {
    pub(crate) file_name: String,
    pub(crate) line_start: u32,
    pub(crate) column_start: u32,
    pub(crate) is_primary: bool,
    pub(crate) expansion: Option<Box<Expansion>>,
}

/// The macro call that a place comes from.
#[derive(Clone, Debug, Deserialize)]
pub struct Expansion {
    pub(crate) span: Span,
}

impl Target {
    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind.iter().any(|one| one == kind)
    }
}
