//! What cargo tells while it builds, taken in line by line.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::ChildStdout;

use super::Linkage;
use super::messages::{Artifact, CompilerMessage, Message};
use crate::overlay::{DEPENDENCIES_PACKAGE, FaceFolder};
use heddle_terms::files::{self, FileError};

/// Takes in what cargo tells while it builds the crates of one face.
pub(super) struct Reader<'a> {
    folder: &'a FaceFolder,
    /// Every library that a claim's crate name could mean, with its package.
    libraries: Vec<(String, String, PathBuf)>,
    native: Vec<String>,
    /// What the compiler said.
    pub(super) messages: Vec<CompilerMessage>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(folder: &'a FaceFolder) -> Reader<'a> {
        Reader {
            folder,
            libraries: Vec::new(),
            native: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// Reads to the end.
    pub(super) fn read(&mut self, output: ChildStdout) {
        for line in BufReader::new(output).lines() {
            let Ok(line) = line else { return };
            match serde_json::from_str(&line) {
                Ok(Message::Compiled(artifact)) => self.artifact(&artifact),
                Ok(Message::Said { message }) => self.messages.push(message),
                Ok(Message::Ran { linked_paths }) => self.native.extend(linked_paths),
                // What later versions of cargo may add.
                Ok(Message::Other) | Err(_) => (),
            }
        }
    }

    /// What was found, with the kata's own choice among crates of one name.
    ///
    /// # Errors
    ///
    /// When the lock file that cargo left cannot be read.
    pub(super) fn linkage(self) -> Result<Linkage, FileError> {
        let lock = files::read(&self.folder.dependencies.join("Cargo.lock"))?;
        let lock = String::from_utf8_lossy(&lock);
        let is_meant = |name: &str, package: &str| {
            let namesakes = self.libraries.iter().filter(|(other, ..)| other == name);
            namesakes.count() == 1 || is_direct(&lock, package)
        };
        let meant = self
            .libraries
            .iter()
            .filter(|(name, package, _)| is_meant(name, package));
        let externs = meant.map(|(name, _, library)| (name.clone(), library.clone()));
        Ok(Linkage {
            externs: externs.collect(),
            dependencies: self.folder.shared.join("debug/deps"),
            native: self.native,
        })
    }

    fn artifact(&mut self, artifact: &Artifact) {
        let target = &artifact.target;
        let is_named_by_claims = self.folder.crates.contains(&target.name);
        let mut libraries = artifact.filenames.iter();
        if is_named_by_claims
            && (target.is("lib") || target.is("proc-macro"))
            && let Some(library) = libraries.find(|file| is_library(file))
        {
            let (name, package) = (target.name.clone(), artifact.package_id.clone());
            self.libraries.push((name, package, library.clone()));
        }
    }
}

/// Whether the lock file lists a package, by its version, among those that the kata names itself.
fn is_direct(lock: &str, package: &str) -> bool {
    let Some((name, version)) = package
        .rsplit_once('#')
        .and_then(|(_, package)| package.rsplit_once('@'))
    else {
        return false;
    };
    let own = lock
        .split("[[package]]")
        .find(|entry| entry.contains(&format!("name = \"{DEPENDENCIES_PACKAGE}\"")));
    own.is_some_and(|own| own.contains(&format!("\"{name} {version}\"")))
}

/// Whether a program can be linked with the file, which metadata alone is not enough for.
fn is_library(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension == "rlib" || extension == "so")
}

#[cfg(test)]
mod tests {
    use super::is_direct;

    const LOCK: &str = r#"
[[package]]
name = "heddle-dependencies"
version = "0.0.0"
dependencies = [
 "heddle",
 "rustix 1.1.6",
]

[[package]]
name = "other"
dependencies = [
 "rustix 0.38.44",
]
"#;

    /// Of two crates with one name the kata means the one that its own manifest leads to.
    #[test]
    fn a_crate_of_a_crate_is_not_the_katas_own() {
        let package = |version| format!("registry+https://example.org/index#rustix@{version}");
        assert!(is_direct(LOCK, &package("1.1.6")));
        assert!(!is_direct(LOCK, &package("0.38.44")));
    }
}
