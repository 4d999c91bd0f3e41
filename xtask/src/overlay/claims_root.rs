//! The one test binary of a face: the kata's test files as modules of one crate.
//!
//! One binary links in a fraction of the time of four, and a claim's name in it is its id.

use std::fmt::Write as _;
use std::path::Path;

use super::OverlayError;
use heddle_terms::catalogue::Kata;
use heddle_terms::report::{Face, Phase};

/// The text of the root file for that face.
pub(super) fn text(kata: &Kata, face: Face) -> Result<String, OverlayError> {
    let mut text = format!("//! The {face} claims of {}.\n", kata.id);
    for phase in Phase::TESTING
        .into_iter()
        .filter(|phase| phase.face() == face)
    {
        if let Some(file) = kata.test_file(phase) {
            let _ = write!(text, "\n#[path = {:?}]\nmod {phase};\n", utf8(&file)?);
        }
    }
    Ok(text)
}

fn utf8(path: &Path) -> Result<&str, OverlayError> {
    path.to_str().ok_or_else(|| OverlayError::PathNotText {
        path: path.to_owned(),
    })
}
