//! One word for everything that decides what a build of a subject gives.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use hmac_sha256::Hash;

use crate::subject::Resolved;
use crate::toolchain::Toolchain;
use heddle_terms::catalogue::Kata;
use heddle_terms::files::{self, FileError, hex};

/// What a build of one subject depends on, as two words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Over subject, kata, heddle, manifests and toolchain.
    pub whole: String,
    /// Over heddle alone.
    pub heddle: String,
    /// When the file that is compiled was last changed in any way, which nobody can set back.
    changed: (i64, i64),
}

impl Fingerprint {
    /// Reads all of it from the disk but the subject's text, which was read before.
    ///
    /// # Errors
    ///
    /// When a part of it cannot be read.
    pub fn take(
        kata: &Kata,
        subject: &Resolved,
        toolchain: &Toolchain,
    ) -> Result<Fingerprint, FileError> {
        let workspace = &kata.workspace;
        let heddle = hash_of_heddle(&workspace.heddle())?;
        let mut whole = Hash::new();
        part(&mut whole, "heddle", heddle.as_bytes());
        part(
            &mut whole,
            "path",
            subject.compiled().as_os_str().as_encoded_bytes(),
        );
        part(
            &mut whole,
            "rustc",
            toolchain.rustc.as_os_str().as_encoded_bytes(),
        );
        part(&mut whole, "subject", subject.text.as_bytes());
        for file in ["Cargo.toml", "Cargo.lock"] {
            part(
                &mut whole,
                file,
                &files::read(&workspace.cargo_root.join(file))?,
            );
        }
        part(
            &mut whole,
            "manifest",
            &files::read(&kata.dir.join("Cargo.toml"))?,
        );
        part(
            &mut whole,
            "tests",
            hash_of_folder(&kata.dir.join("tests"))?.as_bytes(),
        );
        let compiled = subject.compiled();
        let about = compiled
            .metadata()
            .map_err(FileError::on("read", compiled))?;
        Ok(Fingerprint {
            whole: hex(&whole.finalize())[..16].to_owned(),
            heddle,
            changed: (about.ctime(), about.ctime_nsec()),
        })
    }

    /// Whether everything is still as it was, down to the bytes.
    pub fn still_holds(&self, kata: &Kata, subject: &Resolved, toolchain: &Toolchain) -> bool {
        let has_the_text =
            |file| std::fs::read(file).is_ok_and(|bytes| bytes == subject.text.as_bytes());
        has_the_text(subject.compiled())
            && has_the_text(&subject.file)
            && Fingerprint::take(kata, subject, toolchain).is_ok_and(|now| now == *self)
    }
}

/// Hashes a part with its name and length, so that no two lists of parts look alike.
fn part(hash: &mut Hash, name: &str, contents: &[u8]) {
    for bytes in [name.as_bytes(), contents] {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
}

/// A hash of heddle's manifest, its sources and what it stands in for; its own tests are no part of
/// what a subject is built with.
///
/// # Errors
///
/// When a file cannot be read.
pub fn hash_of_heddle(folder: &Path) -> Result<String, FileError> {
    let mut hash = Hash::new();
    part(
        &mut hash,
        "manifest",
        &files::read(&folder.join("Cargo.toml"))?,
    );
    for name in ["src", "silent-log", "no-assembler"] {
        let sources = folder.join(name);
        if sources.is_dir() {
            part(&mut hash, name, hash_of_folder(&sources)?.as_bytes());
        }
    }
    Ok(hex(&hash.finalize())[..16].to_owned())
}

/// Every file below a folder, names and contents.
fn hash_of_folder(folder: &Path) -> Result<String, FileError> {
    let mut hash = Hash::new();
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    found.sort();
    for file in found {
        let name = file.strip_prefix(folder).unwrap_or(&file);
        part(&mut hash, &name.to_string_lossy(), &files::read(&file)?);
    }
    Ok(hex(&hash.finalize())[..16].to_owned())
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), FileError> {
    let entries = std::fs::read_dir(folder).map_err(FileError::on("read", folder))?;
    for entry in entries {
        let path = entry.map_err(FileError::on("read", folder))?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
