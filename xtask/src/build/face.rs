//! One build: the subject, the kata's programs and its claims, on one face.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::compiler::{Compiler, Unit};
use super::workshop::Workshop;
use super::{Diagnosed, dependencies};
use crate::overlay::FaceFolder;
use crate::process::ProcessError;
use crate::toolchain::Toolchain;
use heddle_terms::catalogue::Kata;
use heddle_terms::files::FileError;
use heddle_terms::report::Face;

/// Why a build says nothing about the subject.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The compiler or cargo cannot be run.
    #[error("cannot run the compiler: {0}")]
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
    /// The compiler gave up for a reason that does not lie in what it compiled.
    #[error("the compiler failed on {}:\n{said}{}", file.display(), hint(said))]
    Compiler {
        /// The root file of what it compiled.
        file: PathBuf,
        /// What it said.
        said: String,
    },
}

/// What rustc needs to link a program with a subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linkage {
    /// The crates that a kata's claims may name, with their libraries.
    pub externs: Vec<(String, PathBuf)>,
    /// The folder of everything that those need.
    pub dependencies: PathBuf,
    /// Where the linker looks for libraries that are not Rust's, each as `-L` takes it.
    pub native: Vec<String>,
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
}

/// Builds one face; `linkable` is called as soon as the subject's library is there.
///
/// cargo builds what the subject depends on. The subject and the claims are compiled without it, by
/// rustc itself: then no time stamp decides what is compiled, and rustc can keep what an edit did
/// not touch.
///
/// # Errors
///
/// When the compiler or cargo fails for a reason that lies outside the subject.
pub fn build_face(
    kata: &Kata,
    folder: &FaceFolder,
    heddle: &str,
    toolchain: &Toolchain,
    linkable: impl FnOnce(&Linkage),
) -> Result<FaceBuild, BuildError> {
    let linkage = dependencies::ready(kata, folder, heddle, toolchain)?;
    let workshop = match &folder.incremental {
        Some(kept) => Workshop::enter(kept)?,
        None => None,
    };
    let compiler = Compiler {
        kata,
        folder,
        toolchain,
        workshop,
    };
    let mut build = FaceBuild::default();
    let subject = Unit::subject(kata, folder);
    let Some(output) = compiler.compile(&subject, &linkage, &mut build)? else {
        return Ok(build);
    };
    let with_subject = |library| {
        let mut linkage = linkage.clone();
        linkage.externs.push((kata.crate_name(), library));
        linkage
    };
    linkable(&with_subject(output.clone()));
    let linkage = with_subject(compiler.library(&subject, output));
    let programs = match folder.face {
        Face::Trace => kata.programs.as_slice(),
        Face::Model => &[],
    };
    let mut sound = true;
    for program in programs {
        let made = compiler.compile(&Unit::program(program), &linkage, &mut build)?;
        sound &= made.is_some();
    }
    let claims = compiler.compile(&Unit::claims(folder), &linkage, &mut build)?;
    build.claims = claims.filter(|_| sound);
    build.succeeded = build.claims.is_some();
    Ok(build)
}

/// The name of a program, which is that of its file.
pub(super) fn program_name(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
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
