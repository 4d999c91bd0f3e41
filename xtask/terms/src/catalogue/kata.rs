//! One kata, as its folder describes it.

use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::claims::read_tests;
use super::compile_fail::read_compile_fail;
use super::{CatalogueError, ClaimDecl, KataName, KataToml, Workspace};
use crate::report::Phase;

/// One exercise, as its folder describes it.
#[derive(Clone, Debug)]
pub struct Kata {
    /// The name of its folder, such as `kata-05-rlock`.
    pub id: String,
    /// Its number, from the folder's name.
    pub number: u32,
    /// Its slug, from the folder's name.
    pub slug: String,
    /// Its folder.
    pub dir: PathBuf,
    /// Its kata.toml.
    pub meta: KataToml,
    /// Its claims, in the order of phases and sources; among the types, compile-fail files come last.
    pub claims: Vec<ClaimDecl>,
    /// The child programs of a process kata, by file name.
    pub programs: Vec<PathBuf>,
    /// The workspace it belongs to.
    pub workspace: Arc<Workspace>,
}

impl Kata {
    /// Reads the kata in that folder.
    ///
    /// # Errors
    ///
    /// What is wrong with it, with the file and what to do.
    pub fn read(name: &KataName, workspace: &Arc<Workspace>) -> Result<Kata, CatalogueError> {
        let meta = read_meta(&name.dir)?;
        let tests = name.dir.join("tests");
        let claims = read_claims(&tests)?;
        let kata = Kata {
            id: name.id.clone(),
            number: name.number,
            slug: name.slug.clone(),
            dir: name.dir.clone(),
            meta,
            claims,
            programs: rust_files(&tests.join("bin"))?,
            workspace: Arc::clone(workspace),
        };
        kata.check_phases()?;
        Ok(kata)
    }

    /// The one file that a learner edits.
    pub fn learner_file(&self) -> PathBuf {
        self.dir.join("src/lib.rs")
    }

    /// The solution's file.
    pub fn solution_file(&self) -> PathBuf {
        self.workspace
            .root
            .join("solutions")
            .join(&self.id)
            .join("src/lib.rs")
    }

    /// The folder of the hand-written mutants.
    pub fn mutants_dir(&self) -> PathBuf {
        self.workspace.root.join("tests/mutants").join(&self.id)
    }

    /// The folder of the alternatives.
    pub fn alternatives_dir(&self) -> PathBuf {
        self.workspace
            .root
            .join("tests/alternatives")
            .join(&self.id)
    }

    /// The name of the library crate, such as `kata_05_rlock`.
    pub fn crate_name(&self) -> String {
        self.id.replace('-', "_")
    }

    /// The names of the alternatives, sorted.
    ///
    /// # Errors
    ///
    /// When their folder is there and cannot be read.
    pub fn alternatives(&self) -> Result<Vec<String>, CatalogueError> {
        let files = rust_files(&self.alternatives_dir())?;
        let stem = |file: &PathBuf| Some(file.file_stem()?.to_str()?.to_owned());
        Ok(files.iter().filter_map(stem).collect())
    }

    /// The claims of one phase.
    pub fn claims_of(&self, phase: Phase) -> impl Iterator<Item = &ClaimDecl> {
        self.claims.iter().filter(move |claim| claim.phase == phase)
    }

    /// The test target of that phase, where the kata has it.
    pub fn test_file(&self, phase: Phase) -> Option<PathBuf> {
        let file = self.dir.join("tests").join(format!("{phase}.rs"));
        file.is_file().then_some(file)
    }

    /// A phase has claims or a reason for having none, and never both.
    fn check_phases(&self) -> Result<(), CatalogueError> {
        let inconsistent = |problem| CatalogueError::Inconsistent {
            file: self.dir.join("kata.toml"),
            problem,
        };
        for name in self.meta.phases.keys() {
            if !Phase::TESTING.iter().any(|phase| phase.name() == name) {
                return Err(inconsistent(format!(
                    "[phases] names `{name}`; only types, spec, properties and model can be absent"
                )));
            }
        }
        for phase in Phase::TESTING {
            let has_claims = self.claims_of(phase).next().is_some();
            let has_reason = self.meta.phases.contains_key(phase.name());
            if has_claims == has_reason {
                return Err(inconsistent(match has_claims {
                    true => {
                        format!("[phases] calls `{phase}` absent, but tests/{phase}.rs has claims")
                    }
                    false => format!(
                        "there are no {phase} claims: write tests/{phase}.rs, or give the reason under [phases]"
                    ),
                }));
            }
        }
        Ok(())
    }
}

fn read_meta(dir: &Path) -> Result<KataToml, CatalogueError> {
    let file = dir.join("kata.toml");
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(CatalogueError::NoKataToml { file });
        }
        Err(source) => return Err(CatalogueError::Unreadable { file, source }),
    };
    basic_toml::from_str(&text).map_err(|error| CatalogueError::KataToml {
        file,
        message: error.to_string().trim_end().to_owned(),
    })
}

/// The claims of every phase, in the order of the phases; their files are parsed side by side.
fn read_claims(tests: &Path) -> Result<Vec<ClaimDecl>, CatalogueError> {
    std::thread::scope(|scope| {
        let readers = Phase::TESTING.map(|phase| scope.spawn(move || claims_of(phase, tests)));
        let mut claims = Vec::new();
        for reader in readers {
            claims.extend(reader.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        }
        Ok(claims)
    })
}

fn claims_of(phase: Phase, tests: &Path) -> Result<Vec<ClaimDecl>, CatalogueError> {
    let file = tests.join(format!("{phase}.rs"));
    let mut claims = match file.is_file() {
        true => read_tests(phase, &file)?,
        false => Vec::new(),
    };
    if phase == Phase::Types {
        for file in rust_files(&tests.join("compile_fail"))? {
            claims.push(read_compile_fail(&file)?);
        }
    }
    Ok(claims)
}

/// The `.rs` files of a folder by name; none when there is no such folder.
fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, CatalogueError> {
    let unreadable = |source| CatalogueError::Unreadable {
        file: folder.to_owned(),
        source,
    };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let file = entry.map_err(unreadable)?.path();
        if file.extension().is_some_and(|extension| extension == "rs") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}
