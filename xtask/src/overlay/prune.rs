//! Keeping what gradings leave behind below a stated size.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use heddle_terms::catalogue::Workspace;
use heddle_terms::files::FileError;
use heddle_terms::report::Face;

/// How many bytes the overlays and their binaries may take; what all of them share comes on top.
pub const ALLOWANCE: u64 = 2 << 30;

/// Deletes the oldest overlays, and what rustc keeps between builds, until the rest takes at most `allowance` bytes.
///
/// What a running grading uses is left alone. Returns how many bytes are left.
///
/// # Errors
///
/// When a folder of the scratch cannot be listed.
pub fn prune(workspace: &Workspace, allowance: u64) -> Result<u64, FileError> {
    let mut folders = Vec::new();
    for dir in entries(&workspace.scratch.join("overlays"))? {
        let lock = dir.join("in-use");
        folders.push(Leftover::of(dir, lock));
    }
    for face in [Face::Trace, Face::Model] {
        let kept = workspace.scratch.join(face.name()).join("incremental");
        for dir in entries(&kept)?.into_iter().filter(|entry| entry.is_dir()) {
            let lock = dir.with_extension("lock");
            folders.push(Leftover::of(dir, lock));
        }
    }
    folders.sort_by_key(|folder| folder.changed);
    let mut total: u64 = folders.iter().map(|folder| folder.size).sum();
    for folder in folders {
        if total <= allowance {
            break;
        }
        let Some(_lock) = lock_unused(&folder.lock) else {
            continue;
        };
        total -= folder.size;
        // What cannot be deleted now is tried again next time.
        let _ = std::fs::remove_dir_all(&folder.dir);
    }
    Ok(total)
}

/// A folder that gradings leave behind.
struct Leftover {
    dir: PathBuf,
    /// The file that is locked while the folder is in use.
    lock: PathBuf,
    changed: SystemTime,
    size: u64,
}

impl Leftover {
    fn of(dir: PathBuf, lock: PathBuf) -> Leftover {
        let changed = dir.metadata().and_then(|about| about.modified());
        Leftover {
            changed: changed.unwrap_or(SystemTime::UNIX_EPOCH),
            size: size_of(&dir),
            dir,
            lock,
        }
    }
}

fn lock_unused(lock: &Path) -> Option<File> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(lock);
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
