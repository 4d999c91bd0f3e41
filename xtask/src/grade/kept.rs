//! The inputs that broke a property, kept so that they are tried first.

use std::path::{Path, PathBuf};

use heddle_terms::catalogue::{ClaimDecl, Kata};
use heddle_terms::files::{self, FileError};

/// How many inputs are kept for a claim; the newest come first.
const MOST: usize = 16;

/// Where the inputs of that claim are kept.
pub(super) fn file(kata: &Kata, claim: &ClaimDecl) -> PathBuf {
    kata.workspace
        .scratch
        .join("kept")
        .join(&kata.id)
        .join(&claim.name)
}

/// Puts an input before the others.
pub(super) fn add(file: &Path, line: &str) -> Result<(), FileError> {
    let known = std::fs::read_to_string(file).unwrap_or_default();
    let others = known.lines().filter(|one| *one != line);
    let lines: Vec<&str> = std::iter::once(line).chain(others).take(MOST).collect();
    files::write(file, (lines.join("\n") + "\n").as_bytes())
}
