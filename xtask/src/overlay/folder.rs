//! An overlay on disk.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::manifest::Manifests;
use super::{Fingerprint, claims_root};
use crate::catalogue::Kata;
use crate::files::{self, FileError};
use crate::report::{Face, Phase};
use crate::subject::Resolved;

/// Why an overlay cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum OverlayError {
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A manifest does not hold what an overlay needs.
    #[error("{}: {problem}", file.display())]
    Manifest {
        /// The manifest.
        file: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A path is not UTF-8.
    #[error("{}: cargo cannot build from a path that is not UTF-8; move the repository", path.display())]
    PathNotText {
        /// The path.
        path: PathBuf,
    },
}

/// The package of one subject, once for each face; nobody else deletes it while this value lives.
///
/// The version of an overlay holds a hash of all that it is built from, and a word of its own until
/// a build has been verified. So no binary is ever found that was built from other bytes: a build
/// that was cut short, or during which a source changed, leaves only names that are not used again.
#[derive(Debug)]
pub struct Overlay {
    /// The overlay's folder.
    pub dir: PathBuf,
    /// What it is built from.
    pub fingerprint: Fingerprint,
    crates: Vec<String>,
    pointer: PathBuf,
    _in_use: File,
}

/// The package of one face.
#[derive(Clone, Debug)]
pub struct FaceFolder {
    /// The face.
    pub face: Face,
    /// The folder of its manifest.
    pub dir: PathBuf,
    /// Where its finished programs go.
    pub out: PathBuf,
    /// Where everything else that is compiled goes, shared by all overlays.
    pub shared: PathBuf,
    /// The crates that the kata depends on, heddle among them, as sources name them.
    pub crates: Vec<String>,
}

impl Overlay {
    /// The overlay of a subject: the verified one where there is one, else a new one.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn prepare(
        kata: &Kata,
        subject: &Resolved,
        fingerprint: Fingerprint,
    ) -> Result<Overlay, OverlayError> {
        let scratch = &kata.workspace.scratch;
        let manifests = Manifests::read(kata)?;
        let crates = manifests.crates();
        let name = format!("{}-{}", kata.id, fingerprint.whole);
        let pointer = scratch.join("verified").join(&name);
        if let Ok(word) = std::fs::read_to_string(&pointer) {
            let dir = scratch.join("overlays").join(format!("{name}-{word}"));
            if let Ok(in_use) = claim_folder(&dir)
                && dir.join("complete").is_file()
            {
                return Ok(Overlay {
                    dir,
                    fingerprint,
                    crates,
                    pointer,
                    _in_use: in_use,
                });
            }
        }
        let word = files::unforeseeable()?[..8].to_owned();
        let dir = scratch.join("overlays").join(format!("{name}-{word}"));
        files::create_folder(&dir)?;
        let in_use = claim_folder(&dir).map_err(FileError::on("lock", &dir))?;
        let overlay = Overlay {
            dir,
            fingerprint,
            crates,
            pointer,
            _in_use: in_use,
        };
        overlay.write(kata, subject, &manifests, &word)?;
        Ok(overlay)
    }

    /// The packages of the faces that the kata has claims for.
    pub fn faces(&self, kata: &Kata) -> Vec<FaceFolder> {
        let face_folder = |face: Face| FaceFolder {
            face,
            dir: self.dir.join(face.name()),
            out: self.dir.join(face.name()).join("out"),
            shared: kata.workspace.scratch.join(face.name()),
            crates: self.crates.clone(),
        };
        // The trace face is always there: compile-fail programs are linked with it.
        let has_model = kata.claims_of(Phase::Model).next().is_some();
        let faces = [Some(Face::Trace), has_model.then_some(Face::Model)];
        faces.into_iter().flatten().map(face_folder).collect()
    }

    /// Notes that what was built in it is what its name says.
    ///
    /// # Errors
    ///
    /// When the note cannot be written.
    pub fn verified(&self) -> Result<(), OverlayError> {
        files::write(&self.dir.join("complete"), b"")?;
        let name = self
            .dir
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let word = name.rsplit('-').next().unwrap_or_default();
        Ok(files::write(&self.pointer, word.as_bytes())?)
    }

    fn write(
        &self,
        kata: &Kata,
        subject: &Resolved,
        manifests: &Manifests,
        word: &str,
    ) -> Result<(), OverlayError> {
        let version = format!("0.0.0-h{}.w{word}", self.fingerprint.whole);
        let lock = kata.workspace.cargo_root.join("Cargo.lock");
        let lock = files::read(&lock)?;
        for face in self.faces(kata) {
            let claims = face.dir.join("claims.rs");
            let manifest = manifests.overlay(kata, subject, face.face, &version, &claims)?;
            files::write(&claims, claims_root::text(kata, face.face)?.as_bytes())?;
            files::write(&face.dir.join("Cargo.toml"), manifest.as_bytes())?;
            files::write(&face.dir.join("Cargo.lock"), &lock)?;
        }
        Ok(())
    }
}

/// Marks a folder as in use for as long as the returned file lives.
fn claim_folder(dir: &Path) -> std::io::Result<File> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join("in-use"))?;
    file.lock_shared()?;
    Ok(file)
}
