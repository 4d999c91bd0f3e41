//! Where the command runs: the workspace, its katas, and which kata is meant.

use std::path::Path;

use heddle_terms::catalogue::{Catalogue, CatalogueError, Kata, KataName, Workspace};

use super::args::Request;
use super::console::Trouble;

/// The workspace and the catalogue of its katas.
#[derive(Debug)]
pub struct Site {
    /// The workspace.
    pub workspace: Workspace,
    /// Its katas, by number.
    pub catalogue: Catalogue,
}

impl Site {
    /// The workspace around the current folder.
    ///
    /// # Errors
    ///
    /// When there is none, or its katas cannot be listed.
    pub fn discover() -> Result<Self, Trouble> {
        let workspace = Workspace::discover().map_err(Trouble::fault)?;
        let catalogue = Catalogue::load(&workspace).map_err(Trouble::fault)?;
        Ok(Self {
            workspace,
            catalogue,
        })
    }

    /// The kata that was named at that position, or the one whose folder the command runs in.
    ///
    /// # Errors
    ///
    /// An unknown name, a missing one, and whatever is wrong with the kata's files.
    pub fn kata(&self, request: &Request, position: usize) -> Result<Kata, Trouble> {
        if let Some(name) = request.words.get(position) {
            return self.catalogue.find(name).map_err(blame);
        }
        match self.here() {
            Some(name) => self.catalogue.open(name).map_err(blame),
            None => Err(Trouble::Usage(
                "which kata? Name it, such as `rlock` or `05` (`cargo xtask list` shows all), or \
                 run this inside its folder"
                    .to_owned(),
            )),
        }
    }

    /// The katas that were meant: the named one, the one around the current folder, or all.
    ///
    /// # Errors
    ///
    /// As for [`Site::kata`].
    pub fn katas(&self, request: &Request, position: usize) -> Result<Vec<Kata>, Trouble> {
        if request.has("all") && request.words.len() > position {
            return Err(Trouble::Usage(
                "--all and the name of a kata contradict each other: choose one".to_owned(),
            ));
        }
        let named = request.words.len() > position || self.here().is_some();
        if named && !request.has("all") {
            return Ok(vec![self.kata(request, position)?]);
        }
        self.catalogue.all().map_err(blame)
    }

    /// The kata in whose folder the command runs.
    pub fn here(&self) -> Option<&KataName> {
        let here = std::env::current_dir().ok()?;
        self.catalogue.containing(&here)
    }

    /// The kata that comes after that one.
    pub fn after(&self, kata: &Kata) -> Option<&KataName> {
        let names = self.catalogue.names();
        names.iter().find(|name| name.number > kata.number)
    }

    /// A path as reports and messages show it.
    pub fn shown(&self, path: &Path) -> String {
        self.workspace.display(path)
    }
}

/// A name that nobody has is a matter of the command line; the rest is a fault of the set-up.
fn blame(error: CatalogueError) -> Trouble {
    match error {
        CatalogueError::UnknownKata { .. } => Trouble::Usage(error.to_string()),
        _ => Trouble::fault(error),
    }
}
