//! What cargo tells while it builds, taken in line by line.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::ChildStdout;

use super::messages::{Artifact, CompilerMessage, Message};
use super::{Diagnosed, FaceBuild, Linkage};
use crate::catalogue::Kata;
use crate::files::{self, FileError};
use crate::overlay::FaceFolder;

/// Takes in what cargo tells while it builds one face.
pub(super) struct Reader<'a> {
    kata: &'a Kata,
    folder: &'a FaceFolder,
    /// What is known of the build so far.
    pub(super) build: FaceBuild,
    /// Messages about crates other than the overlay's.
    pub(super) others: Vec<CompilerMessage>,
    /// The words that cargo put in the names of the overlay's artefacts.
    words: BTreeSet<String>,
    /// Whether it was told that programs can be linked with the subject.
    told: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(kata: &'a Kata, folder: &'a FaceFolder) -> Reader<'a> {
        let linkage = Linkage {
            externs: Vec::new(),
            dependencies: folder.shared.join("debug/deps"),
        };
        Reader {
            kata,
            folder,
            build: FaceBuild {
                linkage,
                ..FaceBuild::default()
            },
            others: Vec::new(),
            words: BTreeSet::new(),
            told: false,
        }
    }

    /// Reads to the end; `linkable` is called once, when the subject and all it needs is there.
    pub(super) fn read(&mut self, output: ChildStdout, linkable: &mut impl FnMut(&Linkage)) {
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
    pub(super) fn note_artefacts(&self) -> Result<(), FileError> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        files::write(
            &self.folder.dir.join("artefacts"),
            words.join("\n").as_bytes(),
        )
    }
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
