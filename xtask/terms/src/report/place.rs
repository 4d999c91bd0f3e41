//! Where something is, and at which step of a grading it was found.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place in a source file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Place {
    /// The file, relative to the root of the repository where it lies inside.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1; 0 where only the line is known.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.file, self.line)?;
        match self.column {
            0 => Ok(()),
            column => write!(out, ":{column}"),
        }
    }
}

/// The steps of a grading, in the order in which they decide the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The subject's text against what the kata allows.
    Rules,
    /// Both faces compiled.
    Build,
    /// What the types must accept and refuse.
    Types,
    /// Deterministic claims on real threads or processes.
    Spec,
    /// Generated inputs against a sequential model.
    Properties,
    /// Claims under every schedule.
    Model,
}

impl Phase {
    /// All phases, in order.
    pub const ALL: [Phase; 6] = [
        Phase::Rules,
        Phase::Build,
        Phase::Types,
        Phase::Spec,
        Phase::Properties,
        Phase::Model,
    ];

    /// The phases that consist of claims; the name of each is that of its file in `tests/`.
    pub const TESTING: [Phase; 4] = [Phase::Types, Phase::Spec, Phase::Properties, Phase::Model];

    /// The phase's name, as in reports, in kata.toml and in the file names of tests.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Rules => "rules",
            Phase::Build => "build",
            Phase::Types => "types",
            Phase::Spec => "spec",
            Phase::Properties => "properties",
            Phase::Model => "model",
        }
    }

    /// The face on which the claims of this phase run.
    pub fn face(self) -> Face {
        match self {
            Phase::Model => Face::Model,
            _ => Face::Trace,
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// How heddle is built for a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Face {
    /// Real threads, with each thread's last operations kept.
    Trace,
    /// Under the model checker.
    Model,
}

impl Face {
    /// The face's name, which is also that of heddle's feature.
    pub fn name(self) -> &'static str {
        match self {
            Face::Trace => "trace",
            Face::Model => "model",
        }
    }
}

impl fmt::Display for Face {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// One rule of the kata that the subject's text breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RuleBroken {
    /// The rule's short name, such as `std-path` or `unsafe`.
    pub rule: String,
    /// Where the text breaks it.
    pub place: Place,
    /// What is refused and why, in words for the learner.
    pub message: String,
}

/// A message of the compiler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Diagnostic {
    /// `error` or `warning`.
    pub level: String,
    /// The compiler's code, such as `E0277`.
    pub code: Option<String>,
    /// The first line.
    pub message: String,
    /// The whole message as the compiler shows it, without colours.
    pub rendered: String,
    /// Where it points.
    pub place: Option<Place>,
    /// The faces on which it came up.
    pub faces: Vec<Face>,
}
