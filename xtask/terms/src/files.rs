//! Files that are either whole or not there.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A file or folder that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} {}: {source}{}", path.display(), next_step(source))]
pub struct FileError {
    /// What was tried.
    pub doing: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

impl FileError {
    /// Puts the path to what the system said.
    pub fn on<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> FileError + 'a {
        move |source| FileError {
            doing,
            path: path.to_owned(),
            source,
        }
    }
}

/// Reads a whole file.
///
/// # Errors
///
/// When it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    std::fs::read(path).map_err(FileError::on("read", path))
}

/// Writes a whole file under another name first, so that it is never seen in part.
///
/// # Errors
///
/// When it cannot be written; then nothing is left behind.
pub fn write(path: &Path, contents: &[u8]) -> Result<(), FileError> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    if let Some(folder) = path.parent() {
        create_folder(folder)?;
    }
    // ORDERING: Relaxed, the number only has to differ from the others.
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}-{number}.tmp", std::process::id()));
    let unfinished = path.with_file_name(name);
    let written =
        std::fs::write(&unfinished, contents).and_then(|()| std::fs::rename(&unfinished, path));
    written.map_err(|source| {
        // The first error is the one to tell; the leftover is pruned later if this fails too.
        let _ = std::fs::remove_file(&unfinished);
        FileError {
            doing: "write",
            path: path.to_owned(),
            source,
        }
    })
}

/// Makes a folder and those above it.
///
/// # Errors
///
/// When it cannot be made.
pub fn create_folder(path: &Path) -> Result<(), FileError> {
    std::fs::create_dir_all(path).map_err(FileError::on("create", path))
}

/// A word of 32 characters that nobody can foresee.
///
/// # Errors
///
/// When the system has no randomness to give.
pub fn unforeseeable() -> Result<String, FileError> {
    use std::io::Read as _;
    let path = Path::new("/dev/urandom");
    let mut bytes = [0; 16];
    std::fs::File::open(path)
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(FileError::on("read", path))?;
    Ok(hex(&bytes))
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn next_step(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull => "; free some disk space and try again",
        io::ErrorKind::PermissionDenied => "; check who owns it and try again",
        io::ErrorKind::NotFound => "; check the path",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A full disk is told with the file and what to do.
    #[test]
    fn a_full_disk_is_told_with_what_to_do() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let told = FileError::on("write", Path::new("target/grade/x"))(full).to_string();
        assert!(told.starts_with("cannot write target/grade/x: "), "{told}");
        assert!(
            told.ends_with("free some disk space and try again"),
            "{told}"
        );
    }

    /// A file that could not be written whole leaves nothing behind.
    #[test]
    fn a_failed_write_leaves_nothing() {
        let folder = std::env::temp_dir().join(format!("files-{}", std::process::id()));
        create_folder(&folder.join("taken")).expect("writable");
        write(&folder.join("taken"), b"new").expect_err("a folder is in the way");
        let left: Vec<_> = std::fs::read_dir(&folder).expect("readable").collect();
        assert_eq!(left.len(), 1, "{left:?}");
        std::fs::remove_dir_all(&folder).expect("deletable");
    }
}
