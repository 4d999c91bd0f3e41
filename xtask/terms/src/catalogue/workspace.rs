//! Where everything lies.

use std::path::{Path, PathBuf};

use super::CatalogueError;

/// The folders that a grading reads from and writes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// The folder with `katas`, `solutions` and `tests`; paths in reports are relative to it.
    pub root: PathBuf,
    /// The folder whose `Cargo.toml`, `Cargo.lock` and `katas/heddle` every build uses.
    pub cargo_root: PathBuf,
    /// Where gradings keep what they build; everything in it may be deleted.
    pub scratch: PathBuf,
}

impl Workspace {
    /// The workspace around the current folder, else the one that this program was built from.
    ///
    /// # Errors
    ///
    /// [`CatalogueError::NoWorkspace`] when neither holds `katas/heddle`.
    pub fn discover() -> Result<Workspace, CatalogueError> {
        let built_from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .map(Path::to_owned);
        let here = std::env::current_dir().unwrap_or_default();
        here.ancestors()
            .map(Path::to_owned)
            .chain(built_from)
            .find(|folder| folder.join("katas/heddle/Cargo.toml").is_file())
            .map(Workspace::at)
            .ok_or(CatalogueError::NoWorkspace {
                searched_from: here,
            })
    }

    /// The workspace in that folder.
    pub fn at(root: impl Into<PathBuf>) -> Workspace {
        let root = root.into();
        Workspace {
            scratch: root.join("target/grade"),
            cargo_root: root.clone(),
            root,
        }
    }

    /// The same katas, built with the manifest, the lock file and the heddle of another folder.
    pub fn built_with(self, cargo_root: impl Into<PathBuf>) -> Workspace {
        Workspace {
            cargo_root: cargo_root.into(),
            ..self
        }
    }

    /// The same workspace, keeping what it builds in that folder.
    pub fn with_scratch(self, scratch: impl Into<PathBuf>) -> Workspace {
        Workspace {
            scratch: scratch.into(),
            ..self
        }
    }

    /// heddle's folder.
    pub fn heddle(&self) -> PathBuf {
        self.cargo_root.join("katas/heddle")
    }

    /// The path as reports show it: relative to the root where it lies inside.
    pub fn display(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }
}
