//! One build: cargo compiles one face and tells of each thing as soon as it is there.

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::Diagnosed;
use super::messages::CompilerMessage;
use super::reader::Reader;
use crate::catalogue::Kata;
use crate::files::{self, FileError};
use crate::overlay::{self, FaceFolder};
use crate::process::{self, Group, ProcessError};
use crate::report::Face;
use crate::toolchain::Toolchain;

/// Why a build says nothing about the subject.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// cargo cannot be run.
    #[error("cannot run cargo: {0}")]
    Process(#[from] ProcessError),
    /// cargo failed without a message of the compiler.
    #[error("cargo could not build the {face} face:\n{said}{}", hint(said))]
    Cargo {
        /// The face.
        face: Face,
        /// What it said.
        said: String,
    },
    /// heddle or one of its dependencies does not compile.
    #[error("heddle itself does not compile on the {face} face:\n{said}")]
    Heddle {
        /// The face.
        face: Face,
        /// The first error.
        said: String,
    },
}

/// What rustc needs to link a program with a subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linkage {
    /// The crates that a kata's claims may name, with their libraries.
    pub externs: Vec<(String, PathBuf)>,
    /// The folder of everything that those need.
    pub dependencies: PathBuf,
}

/// What a build gave.
#[derive(Clone, Debug, Default)]
pub struct FaceBuild {
    /// Whether everything compiled.
    pub succeeded: bool,
    /// What the compiler said about the subject and the kata's claims.
    pub diagnostics: Vec<Diagnosed>,
    /// The test binary.
    pub claims: Option<PathBuf>,
    /// What programs are linked with.
    pub linkage: Linkage,
}

/// Builds one face; `linkable` is called as soon as the subject's library is there.
///
/// # Errors
///
/// When cargo fails for a reason that lies outside the subject.
pub fn build_face(
    kata: &Kata,
    folder: &FaceFolder,
    heddle: &str,
    toolchain: &Toolchain,
    mut linkable: impl FnMut(&Linkage),
) -> Result<FaceBuild, BuildError> {
    let turn = refresh_heddle(folder, heddle)?;
    let mut cargo = Group::spawn(&mut command(folder, toolchain))?;
    let errors = cargo.child.stderr.take();
    let said = std::thread::spawn(move || {
        let mut said = String::new();
        errors.map(|mut errors| errors.read_to_string(&mut said));
        said
    });
    let mut reader = Reader::new(kata, folder);
    if let Some(output) = cargo.child.stdout.take() {
        reader.read(output, &mut linkable);
    }
    let status = cargo.wait()?;
    let said = said.join().unwrap_or_default();
    process::check_interrupted()?;
    reader.note_artefacts()?;
    let Reader {
        mut build, others, ..
    } = reader;
    build.succeeded = status.success();
    if !build.succeeded && !build.diagnostics.iter().any(Diagnosed::is_error) {
        return Err(unexplained(folder.face, &others, &said));
    }
    // Noted only when the sources did not change meanwhile.
    let compiled = build
        .linkage
        .externs
        .iter()
        .any(|(name, _)| name == "heddle");
    if turn.is_some() && compiled && overlay::hash_of_heddle(&kata.workspace.heddle())? == heddle {
        files::write(&folder.shared.join("heddle"), heddle.as_bytes())?;
    }
    Ok(build)
}

fn command(folder: &FaceFolder, toolchain: &Toolchain) -> Command {
    let mut command = toolchain.cargo(&folder.dir);
    command
        .args([
            "test",
            "--no-run",
            "--offline",
            "--quiet",
            "--message-format=json",
        ])
        .arg("--target-dir")
        .arg(&folder.out)
        .env("CARGO_BUILD_BUILD_DIR", &folder.shared)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A build that failed without an error in the subject or in the kata's claims.
fn unexplained(face: Face, others: &[CompilerMessage], said: &str) -> BuildError {
    let error = others
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
fn refresh_heddle(folder: &FaceFolder, heddle: &str) -> Result<Option<File>, FileError> {
    files::create_folder(&folder.shared)?;
    let note = folder.shared.join("heddle");
    let is_fresh = || std::fs::read_to_string(&note).is_ok_and(|known| known == heddle);
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

fn hint(said: &str) -> &'static str {
    if said.contains("No space left") {
        "\nfree some disk space and try again"
    } else if said.contains("--offline") || said.contains("no matching package") {
        "\na crate is missing: run `cargo fetch --locked` in the root of the repository, with network"
    } else {
        ""
    }
}
