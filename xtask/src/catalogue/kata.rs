//! One kata and the catalogue of all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{ClaimDecl, KataToml, Workspace};

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
    /// Its claims, in the order of phases and sources; compile-fail files come first among the types.
    pub claims: Vec<ClaimDecl>,
    /// The child programs of a process kata.
    pub programs: Vec<PathBuf>,
    /// The workspace it belongs to.
    pub workspace: Arc<Workspace>,
}

impl Kata {
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
}

/// All katas of a workspace, by number.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// The katas, by number.
    pub katas: Vec<Kata>,
}

impl Catalogue {
    /// Reads every kata of the workspace.
    ///
    /// # Errors
    ///
    /// What is wrong with the first kata that cannot be read.
    pub fn load(_workspace: &Workspace) -> Result<Catalogue, CatalogueError> {
        todo!()
    }

    /// The kata of that name: `kata-05`, `05`, `5`, `rlock` or `kata-05-rlock`.
    ///
    /// # Errors
    ///
    /// [`CatalogueError::UnknownKata`] with the nearest names.
    pub fn find(&self, _name: &str) -> Result<&Kata, CatalogueError> {
        todo!()
    }

    /// The kata in whose folder that path lies.
    pub fn containing(&self, _path: &Path) -> Option<&Kata> {
        todo!()
    }
}

/// What is wrong with the katas, or with the name of one.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// There is no workspace here.
    #[error("no katas found from {} upwards: run this inside the repository", searched_from.display())]
    NoWorkspace {
        /// Where the search began.
        searched_from: PathBuf,
    },
    /// No kata has that name.
    #[error("there is no kata `{name}`{}", nearest_names(nearest))]
    UnknownKata {
        /// The name asked for.
        name: String,
        /// The nearest names there are.
        nearest: Vec<String>,
    },
}

fn nearest_names(nearest: &[String]) -> String {
    match nearest {
        [] => ": `cargo xtask list` shows all".to_owned(),
        names => format!(": did you mean {}?", names.join(" or ")),
    }
}
