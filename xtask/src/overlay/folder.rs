//! An overlay on disk.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::manifest::Manifests;
use super::{Fingerprint, claims_root};
use crate::subject::Resolved;
use heddle_terms::catalogue::Kata;
use heddle_terms::files::{self, FileError};
use heddle_terms::report::{Face, Phase};

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

/// What is built of one subject, once for each face; nobody else deletes it while this value lives.
///
/// The name of an overlay holds a hash of all that it is built from, and a word of its own until a
/// build has been verified. So no binary is ever found that was built from other bytes: a build
/// that was cut short, or during which a source changed, leaves only names that are not used again.
#[derive(Debug)]
pub struct Overlay {
    /// The overlay's folder.
    pub dir: PathBuf,
    /// What it is built from.
    pub fingerprint: Fingerprint,
    faces: Vec<FaceFolder>,
    pointer: PathBuf,
    _in_use: File,
}

/// What one face of a subject is built from, and where to.
#[derive(Clone, Debug)]
pub struct FaceFolder {
    /// The face.
    pub face: Face,
    /// Where what is built goes.
    pub dir: PathBuf,
    /// Whether what is there already was built from these very bytes.
    pub is_complete: bool,
    /// The subject, and where it is compiled.
    pub subject: Resolved,
    /// The root file of the claims.
    pub claims_root: PathBuf,
    /// The crates that the kata depends on, heddle among them, as sources name them.
    pub crates: Vec<String>,
    /// The folder of the package that depends on them.
    pub dependencies: PathBuf,
    /// Where they are compiled to, shared by all overlays.
    pub shared: PathBuf,
    /// Where rustc keeps what an edit may leave as it is, where sources are compiled in turn.
    pub incremental: Option<PathBuf>,
    /// What tells the crates of this subject from those of others.
    pub metadata: String,
    /// The edition of subject and claims.
    pub edition: String,
    /// The lints of subject and claims, as rustc takes them.
    pub lints: Vec<String>,
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
        let name = format!("{}-{}", kata.id, fingerprint.whole);
        let pointer = scratch.join("verified").join(&name);
        let place = |word: &str| scratch.join("overlays").join(format!("{name}-{word}"));
        let verified = std::fs::read_to_string(&pointer).ok().and_then(|word| {
            let dir = place(&word);
            let in_use = claim_folder(&dir).ok()?;
            dir.join("complete").is_file().then_some((dir, in_use))
        });
        let is_complete = verified.is_some();
        let (dir, in_use) = match verified {
            Some(verified) => verified,
            None => {
                let dir = place(&files::unforeseeable()?[..8]);
                files::create_folder(&dir)?;
                let in_use = claim_folder(&dir).map_err(FileError::on("lock", &dir))?;
                (dir, in_use)
            }
        };
        let manifests = Manifests::read(kata)?;
        // The trace face is always there: compile-fail programs are linked with it.
        let has_model = kata.claims_of(Phase::Model).next().is_some();
        let faces = [Some(Face::Trace), has_model.then_some(Face::Model)];
        let faces = faces.into_iter().flatten().map(|face| {
            let mut folder = face_folder(kata, subject, &manifests, face)?;
            folder.dir = dir.join(face.name());
            folder.is_complete = is_complete;
            files::create_folder(&folder.dir)?;
            Ok(folder)
        });
        Ok(Overlay {
            faces: faces.collect::<Result<_, OverlayError>>()?,
            dir,
            fingerprint,
            pointer,
            _in_use: in_use,
        })
    }

    /// The faces that the kata has claims for.
    pub fn faces(&self) -> &[FaceFolder] {
        &self.faces
    }

    /// Writes a package for each face, so that cargo's other tools can look at the subject.
    ///
    /// # Errors
    ///
    /// When one cannot be written.
    pub fn write_packages(&self, kata: &Kata) -> Result<(), OverlayError> {
        let manifests = Manifests::read(kata)?;
        let lock = files::read(&kata.workspace.cargo_root.join("Cargo.lock"))?;
        for face in &self.faces {
            let manifest = manifests.subject_package(
                kata,
                face.subject.compiled(),
                face.face,
                &face.claims_root,
            )?;
            files::write(&face.dir.join("Cargo.toml"), manifest.as_bytes())?;
            files::write(&face.dir.join("Cargo.lock"), &lock)?;
        }
        Ok(())
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
}

/// One face, with everything that is the same for all subjects of the kata written where it belongs.
fn face_folder(
    kata: &Kata,
    subject: &Resolved,
    manifests: &Manifests,
    face: Face,
) -> Result<FaceFolder, OverlayError> {
    let shared = kata.workspace.scratch.join(face.name());
    // At one place for all subjects, as a path is part of what is compiled, and named for what is in
    // it, as another copy of the kata may share the scratch folder.
    let root = claims_root::text(kata, face)?;
    let name = format!("{}-{}.rs", kata.id, word_of(&[root.as_bytes()]));
    let claims_root = shared.join("claims").join(name);
    write_new(&claims_root, root.as_bytes())?;
    let manifest = manifests.dependencies_package(kata, face)?;
    let lock = files::read(&kata.workspace.cargo_root.join("Cargo.lock"))?;
    let word = word_of(&[manifest.as_bytes(), &lock]);
    let dependencies = shared.join("dependencies").join(word);
    for (file, contents) in [
        ("nothing.rs", b"//! Nothing.\n".as_slice()),
        ("Cargo.toml", manifest.as_bytes()),
    ] {
        write_new(&dependencies.join(file), contents)?;
    }
    // cargo leaves in it only what this package needs.
    let own_lock = dependencies.join("Cargo.lock");
    if !own_lock.is_file() {
        files::write(&own_lock, &lock)?;
    }
    let path = subject.compiled().as_os_str().as_encoded_bytes();
    let metadata = format!("{}-{}", kata.id, word_of(&[path]));
    let incremental = (subject.is_edited || subject.stand_in.is_some())
        .then(|| shared.join("incremental").join(&metadata));
    Ok(FaceFolder {
        face,
        dir: PathBuf::new(),
        is_complete: false,
        subject: subject.clone(),
        claims_root,
        crates: manifests.crates(),
        dependencies,
        shared,
        incremental,
        metadata,
        edition: manifests.edition()?,
        lints: manifests.lints(),
    })
}

/// A short hash of some texts.
pub(super) fn word_of(texts: &[&[u8]]) -> String {
    use hmac_sha256::Hash;
    let mut hash = Hash::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    files::hex(&hash.finalize())[..12].to_owned()
}

/// Writes a file unless it has these contents already.
fn write_new(file: &Path, contents: &[u8]) -> Result<(), FileError> {
    match std::fs::read(file) {
        Ok(known) if known == contents => Ok(()),
        _ => files::write(file, contents),
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
