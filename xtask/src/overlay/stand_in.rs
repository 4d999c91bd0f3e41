//! The few paths at which subjects that nobody edits are compiled, one after another.
//!
//! rustc reuses its work only when every path it was given is the same, and one mutant of a kata is
//! an edit of the other. So each is put where another was before, compiled and run there by the one
//! grading that has the place, and told of as the file that it is.

use std::fs::File;
use std::path::PathBuf;

use super::folder::word_of;
use crate::subject::Resolved;
use heddle_terms::catalogue::Kata;
use heddle_terms::files::{self, FileError};

/// The most gradings of one kata at a time that find a place.
const PLACES: usize = 16;

/// A path where a subject lies to be compiled; nobody else has it while this value lives.
#[derive(Debug)]
pub struct StandIn {
    _turn: File,
}

impl StandIn {
    /// Puts a subject that nobody edits at a free path; one that has none is compiled where it is.
    ///
    /// # Errors
    ///
    /// When it cannot be written there.
    pub fn take(kata: &Kata, subject: &mut Resolved) -> Result<Option<StandIn>, FileError> {
        if subject.is_edited {
            return Ok(None);
        }
        let folder = StandIn::folder(kata);
        files::create_folder(&folder)?;
        for number in 0..PLACES {
            let lock = folder.join(format!("{number}.lock"));
            let turn = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&lock)
                .map_err(FileError::on("write", &lock))?;
            if turn.try_lock().is_ok() {
                let file = folder.join(number.to_string()).join("lib.rs");
                // Always anew: the time of its last change is part of what is checked afterwards.
                files::write(&file, subject.text.as_bytes())?;
                subject.stand_in = Some(file);
                return Ok(Some(StandIn { _turn: turn }));
            }
        }
        Ok(None)
    }

    /// The folder of a kata's places; another copy of the kata has others.
    pub fn folder(kata: &Kata) -> PathBuf {
        let word = word_of(&[kata.dir.as_os_str().as_encoded_bytes()]);
        let scratch = &kata.workspace.scratch;
        scratch
            .join("stand-ins")
            .join(format!("{}-{word}", kata.id))
    }
}
