//! Files that are written whole or not at all, and copies that are never overwritten.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::console::Trouble;

/// Puts a new content in the place of a file at once.
///
/// Whoever reads the file, also after an interruption, sees the old content or the new one.
///
/// # Errors
///
/// When the folder cannot be written; the file is then as it was.
pub fn replace(file: &Path, content: &[u8]) -> Result<(), Trouble> {
    let complaint = |error: io::Error| {
        Trouble::Fault(format!(
            "cannot write {}: {error}; it is as it was",
            file.display()
        ))
    };
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(complaint)?;
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let fresh = folder.join(name);
    let written = write_through(&fresh, content).and_then(|()| fs::rename(&fresh, file));
    written.map_err(|error| {
        // Where it could not be written there may be nothing to remove.
        let _ = fs::remove_file(&fresh);
        complaint(error)
    })
}

fn write_through(file: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create(file)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Keeps a content under the first free number in that folder, and names the file.
///
/// # Errors
///
/// When the folder cannot be written.
pub fn keep(folder: &Path, stem: &str, content: &[u8]) -> Result<PathBuf, Trouble> {
    let complaint = |error: io::Error| {
        Trouble::Fault(format!(
            "cannot keep a copy in {}: {error}; nothing was changed",
            folder.display()
        ))
    };
    fs::create_dir_all(folder).map_err(complaint)?;
    let mut number = 1;
    loop {
        let copy = folder.join(format!("{stem}-{number}.rs"));
        match File::options().write(true).create_new(true).open(&copy) {
            Ok(mut file) => {
                let written = file.write_all(content).and_then(|()| file.sync_all());
                written.map_err(|error| {
                    // Half a copy would look like a whole one.
                    let _ = fs::remove_file(&copy);
                    complaint(error)
                })?;
                return Ok(copy);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(complaint(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("heddle-{name}-{}", std::process::id()))
    }

    #[test]
    fn a_second_copy_never_overwrites_the_first() {
        let folder = folder("keep");
        let first = keep(&folder, "kata-05-rlock", b"one").unwrap();
        let second = keep(&folder, "kata-05-rlock", b"two").unwrap();
        assert_eq!(fs::read(first).unwrap(), b"one");
        assert_eq!(fs::read(second).unwrap(), b"two");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_replaced_file_leaves_nothing_beside_it() {
        let folder = folder("replace");
        let file = folder.join("lib.rs");
        replace(&file, b"one").unwrap();
        replace(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
