//! The crates that a subject is built against: compiled by cargo, and remembered until one changes.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use super::messages::CompilerMessage;
use super::reader::Reader;
use super::{BuildError, Linkage};
use crate::overlay::{self, FaceFolder};
use crate::process::{self, Group};
use crate::toolchain::Toolchain;
use heddle_terms::catalogue::Kata;
use heddle_terms::files::{self, FileError};
use heddle_terms::report::Face;

/// What is remembered of a build: it holds for one heddle, and as long as every library is the file
/// that it was then. The files alone do not tell: two katas may be linked with heddle as compiled
/// with other features of a crate below it, and when one of them has made it anew, that of the other
/// lies there as before.
#[derive(Serialize, Deserialize)]
struct Remembered {
    heddle: String,
    linkage: Linkage,
    files: Vec<(PathBuf, Identity)>,
}

/// What tells a file from every other that was ever at its path.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Identity {
    inode: u64,
    length: u64,
    changed: (i64, i64),
}

/// The libraries that the kata's subjects are linked with on one face.
///
/// # Errors
///
/// When cargo cannot build them.
pub(super) fn ready(
    kata: &Kata,
    folder: &FaceFolder,
    heddle: &str,
    toolchain: &Toolchain,
) -> Result<Linkage, BuildError> {
    let note = folder.shared.join("heddle");
    let is_fresh = || std::fs::read_to_string(&note).is_ok_and(|known| known == heddle);
    let memory = folder.dependencies.join("linkage.json");
    if is_fresh()
        && let Some(linkage) = remembered(&memory, heddle)
    {
        return Ok(linkage);
    }
    let turn = refresh_heddle(folder, is_fresh)?;
    let linkage = build(folder, toolchain)?;
    // Noted only when the sources did not change meanwhile.
    if overlay::hash_of_heddle(&kata.workspace.heddle())? == heddle {
        if turn.is_some() {
            files::write(&note, heddle.as_bytes())?;
        }
        remember(&memory, heddle, &linkage)?;
    }
    Ok(linkage)
}

fn remembered(memory: &Path, heddle: &str) -> Option<Linkage> {
    let known: Remembered = serde_json::from_slice(&std::fs::read(memory).ok()?).ok()?;
    let stands = |(file, identity): &(PathBuf, Identity)| {
        Identity::of(file).is_ok_and(|now| now == *identity)
    };
    (known.heddle == heddle && known.files.iter().all(stands)).then_some(known.linkage)
}

fn remember(memory: &Path, heddle: &str, linkage: &Linkage) -> Result<(), FileError> {
    let libraries = linkage.externs.iter().map(|(_, library)| library);
    let identified = libraries.map(|file| Ok((file.clone(), Identity::of(file)?)));
    let remembered = Remembered {
        heddle: heddle.to_owned(),
        linkage: linkage.clone(),
        files: identified.collect::<Result<_, FileError>>()?,
    };
    let text = serde_json::to_vec(&remembered)
        .map_err(|error| FileError::on("write", memory)(error.into()))?;
    files::write(memory, &text)
}

impl Identity {
    fn of(file: &Path) -> Result<Identity, FileError> {
        let about = file.metadata().map_err(FileError::on("read", file))?;
        Ok(Identity {
            inode: about.ino(),
            length: about.len(),
            changed: (about.ctime(), about.ctime_nsec()),
        })
    }
}

fn build(folder: &FaceFolder, toolchain: &Toolchain) -> Result<Linkage, BuildError> {
    let mut cargo = Group::spawn(&mut command(folder, toolchain))?;
    let errors = cargo.child.stderr.take();
    let said = std::thread::spawn(move || {
        let mut said = String::new();
        errors.map(|mut errors| errors.read_to_string(&mut said));
        said
    });
    let mut reader = Reader::new(folder);
    if let Some(output) = cargo.child.stdout.take() {
        reader.read(output);
    }
    let status = cargo.wait()?;
    let said = said.join().unwrap_or_default();
    process::check_interrupted()?;
    match status.success() {
        true => Ok(reader.linkage()?),
        false => Err(unexplained(folder.face, &reader.messages, &said)),
    }
}

fn command(folder: &FaceFolder, toolchain: &Toolchain) -> Command {
    let mut command = toolchain.cargo(&folder.dependencies);
    command
        .args(["build", "--offline", "--quiet", "--message-format=json"])
        .arg("--target-dir")
        .arg(&folder.shared)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn unexplained(face: Face, messages: &[CompilerMessage], said: &str) -> BuildError {
    let error = messages
        .iter()
        .find(|message| message.level.starts_with("error"));
    match error.and_then(|message| message.rendered.clone()) {
        Some(said) => BuildError::Heddle { face, said },
        None => BuildError::Cargo {
            face,
            said: said.trim().to_owned(),
        },
    }
}

/// Makes cargo compile heddle anew when its sources are not those of the last build.
///
/// cargo goes by the time of the last change, and an older file may have been moved over a newer.
/// The returned lock is held while the build may compile heddle.
fn refresh_heddle(
    folder: &FaceFolder,
    is_fresh: impl Fn() -> bool,
) -> Result<Option<File>, FileError> {
    files::create_folder(&folder.shared)?;
    if is_fresh() {
        return Ok(None);
    }
    let path = folder.shared.join("heddle-turn");
    let turn = File::create(&path).map_err(FileError::on("write", &path))?;
    turn.lock().map_err(FileError::on("lock", &path))?;
    if is_fresh() {
        return Ok(None);
    }
    let known = folder.shared.join("debug/.fingerprint");
    for entry in std::fs::read_dir(&known).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("heddle-") {
            let path = entry.path();
            std::fs::remove_dir_all(&path).map_err(FileError::on("delete", &path))?;
        }
    }
    Ok(Some(turn))
}
