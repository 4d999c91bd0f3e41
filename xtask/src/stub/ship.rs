//! Comparing and writing the stub that a kata ships.

use std::fs;
use std::io;

use super::derive::derive;
use super::error::ShipError;
use super::known;
use heddle_terms::catalogue::Kata;
use heddle_terms::files::{self, FileError};

/// What writing a stub did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The file is the stub already.
    Unchanged,
    /// There was no file.
    Created,
    /// An older stub was replaced.
    Replaced,
}

/// Checks that the kata's `src/lib.rs` is the stub of its solution.
///
/// # Errors
///
/// [`ShipError::Stale`] with the first line that differs; or why there is no stub, or no file.
pub fn check(kata: &Kata) -> Result<(), ShipError> {
    let derived = of(kata)?;
    let path = kata.workspace.display(&kata.learner_file());
    let kata_id = kata.id.clone();
    let Some(shipped) = shipped(kata)? else {
        return Err(ShipError::Missing {
            path,
            kata: kata_id,
        });
    };
    let shipped = String::from_utf8_lossy(&shipped);
    if shipped == derived {
        return Ok(());
    }
    let same = shipped
        .lines()
        .zip(derived.lines())
        .take_while(|(one, other)| one == other);
    Err(ShipError::Stale {
        path,
        line: same.count() + 1,
        kata: kata_id,
    })
}

/// The stub of the kata, derived from its solution.
///
/// # Errors
///
/// Why there is none.
pub fn of(kata: &Kata) -> Result<String, ShipError> {
    let path = kata.solution_file();
    let solution = fs::read_to_string(&path).map_err(FileError::on("read", &path))?;
    derive(&solution).map_err(|source| ShipError::Underivable {
        solution: kata.workspace.display(&path),
        source,
    })
}

/// Whether that text is the stub of the kata; without a solution nothing is.
pub fn is(kata: &Kata, text: &str) -> bool {
    // No stub is without one, and deriving a stub takes longer than looking for it.
    text.contains("todo!") && of(kata).is_ok_and(|stub| stub == text)
}

/// Whether the kata's `src/lib.rs` is missing or a stub that was written from here, so that nothing is lost
/// when it is replaced.
///
/// # Errors
///
/// Why there is no stub, or why the file cannot be read.
pub fn is_untouched(kata: &Kata) -> Result<bool, ShipError> {
    let derived = of(kata)?;
    Ok(shipped(kata)?.is_none_or(|bytes| is_known(kata, &bytes, &derived)))
}

/// Writes the kata's stub, unless that would destroy somebody's work.
///
/// # Errors
///
/// [`ShipError::Worked`] when the file is no stub that is known here; or why it could not be written.
pub fn write(kata: &Kata) -> Result<Written, ShipError> {
    let derived = of(kata)?;
    let path = kata.learner_file();
    let shown = kata.workspace.display(&path);
    let before = shipped(kata)?;
    if let Some(before) = &before {
        if *before == derived.as_bytes() {
            return Ok(Written::Unchanged);
        }
        if !is_known(kata, before, &derived) {
            return Err(ShipError::Worked {
                path: shown,
                kata: kata.id.clone(),
            });
        }
    }
    known::record(kata, &derived)?;
    files::write(&path, derived.as_bytes())?;
    Ok(match before {
        Some(_) => Written::Replaced,
        None => Written::Created,
    })
}

fn shipped(kata: &Kata) -> Result<Option<Vec<u8>>, ShipError> {
    let path = kata.learner_file();
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FileError::on("read", &path)(error).into()),
    }
}

fn is_known(kata: &Kata, bytes: &[u8], derived: &str) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| known::is_stub(kata, text, derived))
}
