//! One build: cargo compiles one face and tells of each thing as soon as it is there.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Stdio};

use super::Diagnosed;
use super::messages::{Artifact, CompilerMessage, Message};
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
    let mut cargo = Group::spawn(&mut command)?;
    let errors = cargo.child.stderr.take();
    let said = std::thread::spawn(move || {
        let mut said = String::new();
        errors.map(|mut errors| errors.read_to_string(&mut said));
        said
    });
    let mut reader = Reader {
        kata,
        folder,
        build: FaceBuild::default(),
        others: Vec::new(),
        words: BTreeSet::new(),
        told: false,
    };
    reader.build.linkage.dependencies = folder.shared.join("debug/deps");
    if let Some(output) = cargo.child.stdout.take() {
        reader.read(output, &mut linkable);
    }
    let status = cargo.wait()?;
    let said = said.join().unwrap_or_default();
    process::check_interrupted()?;
    reader.note_artefacts()?;
    reader.build.succeeded = status.success();
    let explained = reader.build.diagnostics.iter().any(Diagnosed::is_error);
    if !status.success() && !explained {
        let heddle = reader
            .others
            .iter()
            .find(|message| message.level.starts_with("error"));
        return Err(match heddle.and_then(|message| message.rendered.clone()) {
            Some(said) => BuildError::Heddle {
                face: folder.face,
                said,
            },
            None => BuildError::Cargo {
                face: folder.face,
                said: said.trim().to_owned(),
            },
        });
    }
    // Noted only when the sources did not change meanwhile.
    let compiled = reader
        .build
        .linkage
        .externs
        .iter()
        .any(|(name, _)| name == "heddle");
    if turn.is_some() && compiled && overlay::hash_of_heddle(&kata.workspace.heddle())? == heddle {
        files::write(&folder.shared.join("heddle"), heddle.as_bytes())?;
    }
    Ok(reader.build)
}

struct Reader<'a> {
    kata: &'a Kata,
    folder: &'a FaceFolder,
    build: FaceBuild,
    /// Messages about crates other than the overlay's.
    others: Vec<CompilerMessage>,
    /// The words that cargo put in the names of the overlay's artefacts.
    words: BTreeSet<String>,
    /// Whether it was told that programs can be linked with the subject.
    told: bool,
}

impl Reader<'_> {
    fn read(&mut self, output: ChildStdout, linkable: &mut impl FnMut(&Linkage)) {
        for line in BufReader::new(output).lines() {
            let Ok(line) = line else { return };
            match serde_json::from_str(&line) {
                Ok(Message::Compiled(artifact)) => self.artifact(&artifact, linkable),
                Ok(Message::Said { message, target }) => {
                    self.message(message, &target.name, target.is("lib"));
                }
                // Build scripts' output and what later versions of cargo may add.
                Ok(Message::Other) | Err(_) => (),
            }
        }
    }

    fn artifact(&mut self, artifact: &Artifact, linkable: &mut impl FnMut(&Linkage)) {
        let target = &artifact.target;
        let is_ours = artifact.manifest_path.starts_with(&self.folder.dir);
        if is_ours {
            self.words
                .extend(artifact.filenames.iter().filter_map(|file| word_of(file)));
        }
        let library = artifact
            .filenames
            .iter()
            .find(|file| has_extension(file, "rmeta"))
            .or_else(|| artifact.filenames.first());
        if (is_ours || self.is_named_by_claims(&target.name))
            && target.is("lib")
            && let Some(library) = library
        {
            self.build
                .linkage
                .externs
                .push((target.name.clone(), library.clone()));
            // cargo tells of crates that need no compiling in no order that could be relied on.
            if !self.told && self.is_linkable() {
                self.told = true;
                linkable(&self.build.linkage);
            }
        }
        if is_ours && target.is("test") {
            self.build.claims.clone_from(&artifact.executable);
        }
    }

    fn is_linkable(&self) -> bool {
        let has = |wanted: &str| {
            let externs = &self.build.linkage.externs;
            externs.iter().any(|(name, _)| name == wanted)
        };
        has(&self.kata.crate_name()) && self.folder.crates.iter().all(|name| has(name))
    }

    fn is_named_by_claims(&self, crate_name: &str) -> bool {
        self.folder.crates.iter().any(|name| name == crate_name)
    }

    fn message(&mut self, message: CompilerMessage, target: &str, is_library: bool) {
        let is_library_of_kata = is_library && target == self.kata.crate_name();
        let is_ours = is_library_of_kata || target == "claims" || self.is_program(target);
        if !is_ours {
            self.others.push(message);
            return;
        }
        // "aborting due to 2 previous errors" and the like point nowhere and say nothing.
        if message.spans.is_empty() && message.code.is_none() && message.level != "error" {
            return;
        }
        if message.message.starts_with("aborting due to") {
            return;
        }
        let workspace = &self.kata.workspace;
        self.build.diagnostics.push(Diagnosed::new(
            &message,
            self.folder.face,
            &self.folder.dir,
            workspace,
            is_library_of_kata,
        ));
    }

    fn is_program(&self, target: &str) -> bool {
        self.kata
            .programs
            .iter()
            .any(|file| file.file_stem().is_some_and(|stem| stem == target))
    }

    /// Lists what was built for this overlay alone, for whoever prunes it.
    fn note_artefacts(&self) -> Result<(), FileError> {
        let Some(overlay) = self.folder.dir.parent() else {
            return Ok(());
        };
        let list = overlay.join("artefacts");
        let mut known = std::fs::read_to_string(&list).unwrap_or_default();
        for word in &self.words {
            known.push_str(word);
            known.push('\n');
        }
        files::write(&list, known.as_bytes())
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

/// The word that cargo puts at the end of a name: `spec-1f0d4f91707821b5`.
fn word_of(file: &Path) -> Option<String> {
    let stem = file.file_stem()?.to_str()?;
    let (_, word) = stem.rsplit_once('-')?;
    (word.len() == 16).then(|| word.to_owned())
}

fn has_extension(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|one| one == extension)
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
