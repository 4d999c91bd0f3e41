//! Where a file that is edited again and again is compiled, and what an edit leaves as it is is kept.
//!
//! rustc reuses its work only when every path it was given is the same. So these crates are made at
//! one place, and what becomes of them is taken from there to the overlay of the bytes they come from.

use std::fs::File;
use std::path::{Path, PathBuf};

use heddle_terms::files::{self, FileError};

/// The folder of one file that is edited, for one face; nobody else has it while this value lives.
#[derive(Debug)]
pub(super) struct Workshop {
    folder: PathBuf,
    _turn: File,
}

impl Workshop {
    /// Takes the folder; `None` while another grading of the same file has it.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made.
    pub(super) fn enter(folder: &Path) -> Result<Option<Workshop>, FileError> {
        files::create_folder(folder)?;
        let path = folder.with_extension("lock");
        let turn = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(FileError::on("write", &path))?;
        if turn.try_lock().is_err() {
            return Ok(None);
        }
        let workshop = Workshop {
            folder: folder.to_owned(),
            _turn: turn,
        };
        files::create_folder(&workshop.out())?;
        Ok(Some(workshop))
    }

    /// Where what is made comes out.
    pub(super) fn out(&self) -> PathBuf {
        self.folder.join("out")
    }

    /// What tells rustc where to keep its work.
    pub(super) fn flag(&self) -> String {
        format!("-Cincremental={}", self.folder.join("kept").display())
    }

    /// Throws away what rustc has kept.
    pub(super) fn forget(&self) {
        // What is still there makes rustc fail as before, and that is then told.
        let _ = std::fs::remove_dir_all(self.folder.join("kept"));
    }
}
