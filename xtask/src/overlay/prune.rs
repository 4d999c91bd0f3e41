//! Keeping what gradings leave behind below a stated size.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::catalogue::Workspace;
use crate::files::FileError;
use crate::report::Face;

/// How many bytes the overlays and their binaries may take; what all of them share comes on top.
pub const ALLOWANCE: u64 = 2 << 30;

/// How old a file is before it counts as left behind by a build that was cut short.
const ABANDONED: Duration = Duration::from_secs(3600);

/// Deletes the oldest overlays with their binaries until the rest takes at most `allowance` bytes.
///
/// What a running grading uses is left alone. Returns how many bytes are left.
///
/// # Errors
///
/// When a folder of the scratch cannot be listed.
pub fn prune(workspace: &Workspace, allowance: u64) -> Result<u64, FileError> {
    let mut artefacts = Artefacts::of(workspace)?;
    let mut overlays = Vec::new();
    for dir in entries(&workspace.scratch.join("overlays"))? {
        let changed = dir.metadata().and_then(|about| about.modified());
        overlays.push((changed.unwrap_or(SystemTime::UNIX_EPOCH), dir));
    }
    overlays.sort();
    let mut total = artefacts.total();
    for (_, dir) in &overlays {
        total += size_of(dir);
    }
    for (_, dir) in overlays {
        if total <= allowance {
            break;
        }
        let Some(_lock) = lock_unused(&dir) else {
            continue;
        };
        total -= size_of(&dir);
        total -= artefacts.delete_of(&dir);
        // What cannot be deleted now is tried again next time.
        let _ = std::fs::remove_dir_all(&dir);
    }
    if total > allowance {
        total -= artefacts.delete_unlisted(workspace)?;
    }
    Ok(total)
}

/// The files that the shared folders hold for overlays, by the word that cargo puts in their names.
struct Artefacts {
    files: Vec<(String, PathBuf, u64)>,
}

impl Artefacts {
    fn of(workspace: &Workspace) -> Result<Artefacts, FileError> {
        let mut files = Vec::new();
        for face in [Face::Trace, Face::Model] {
            let debug = workspace.scratch.join(face.name()).join("debug");
            for folder in [debug.join("deps"), debug.join(".fingerprint")] {
                for path in entries(&folder)? {
                    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                    let Some((crate_name, word)) = stem.rsplit_once('-') else {
                        continue;
                    };
                    let of_a_kata = ["kata_", "kata-", "libkata_", "claims"]
                        .iter()
                        .any(|prefix| crate_name.starts_with(prefix));
                    if of_a_kata {
                        let size = size_of(&path);
                        files.push((word.to_owned(), path, size));
                    }
                }
            }
        }
        Ok(Artefacts { files })
    }

    fn total(&self) -> u64 {
        self.files.iter().map(|(_, _, size)| size).sum()
    }

    /// Deletes the files of an overlay, which names them in its list, and returns their size.
    fn delete_of(&mut self, overlay: &Path) -> u64 {
        let words = listed_words(overlay);
        self.delete(|word, _| words.contains(word))
    }

    /// Deletes what builds that were cut short have left behind, and returns its size.
    fn delete_unlisted(&mut self, workspace: &Workspace) -> Result<u64, FileError> {
        let mut words = HashSet::new();
        for overlay in entries(&workspace.scratch.join("overlays"))? {
            words.extend(listed_words(&overlay));
        }
        Ok(self.delete(|word, path| !words.contains(word) && is_old(path)))
    }

    fn delete(&mut self, unwanted: impl Fn(&str, &Path) -> bool) -> u64 {
        let mut freed = 0;
        self.files.retain(|(word, path, size)| {
            if !unwanted(word, path) {
                return true;
            }
            freed += size;
            let _ = if path.is_dir() {
                std::fs::remove_dir_all(path)
            } else {
                std::fs::remove_file(path)
            };
            false
        });
        freed
    }
}

/// The words in the names of what was built for an overlay, which each face lists.
fn listed_words(overlay: &Path) -> HashSet<String> {
    let mut words = HashSet::new();
    for face in [Face::Trace, Face::Model] {
        let list = overlay.join(face.name()).join("artefacts");
        let listed = std::fs::read_to_string(list).unwrap_or_default();
        words.extend(listed.lines().map(str::to_owned));
    }
    words
}

/// Whether a file is so old that no running build can be at work on it.
fn is_old(path: &Path) -> bool {
    let age = path.metadata().and_then(|about| about.modified()).ok();
    age.and_then(|changed| changed.elapsed().ok())
        .is_some_and(|age| age > ABANDONED)
}

fn lock_unused(overlay: &Path) -> Option<File> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(overlay.join("in-use"));
    let file = file.ok()?;
    file.try_lock().ok()?;
    Some(file)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    match std::fs::read_dir(folder) {
        Ok(entries) => Ok(entries.flatten().map(|entry| entry.path()).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(FileError::on("read", folder)(error)),
    }
}

fn size_of(path: &Path) -> u64 {
    let Ok(about) = path.symlink_metadata() else {
        return 0;
    };
    if about.is_dir() {
        entries(path)
            .unwrap_or_default()
            .iter()
            .map(|entry| size_of(entry))
            .sum()
    } else {
        about.len()
    }
}
