//! The claims of a kata, read from the sources of its tests.

use std::path::PathBuf;

use crate::report::Phase;

/// One claim, as its source declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimDecl {
    /// The phase to which it belongs.
    pub phase: Phase,
    /// Its name: that of its test function, or `compile_fail::NAME`.
    pub name: String,
    /// What it claims, in one sentence.
    pub sentence: String,
    /// The file that holds it.
    pub file: PathBuf,
    /// The line of its function, or 1 for a compile-fail file.
    pub line: u32,
    /// The code that a compile-fail file declares.
    pub error_code: Option<String>,
}

impl ClaimDecl {
    /// The name by which kata.toml calls it: `spec::the_owner_may_lock_again` or `compile_fail::NAME`.
    pub fn id(&self) -> String {
        claim_id(self.phase, &self.name)
    }
}

/// The id of the claim of that name in that phase.
pub fn claim_id(phase: Phase, name: &str) -> String {
    if name.starts_with("compile_fail::") {
        name.to_owned()
    } else {
        format!("{phase}::{name}")
    }
}
