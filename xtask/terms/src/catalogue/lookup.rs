//! Finding a kata by any of its names.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{CatalogueError, Kata, Workspace};

/// A kata's folder and what its name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KataName {
    /// The folder's name, such as `kata-05-rlock`.
    pub id: String,
    /// The number in it.
    pub number: u32,
    /// What follows the number.
    pub slug: String,
    /// The folder.
    pub dir: PathBuf,
}

impl KataName {
    /// What the name of that folder says; `None` when it is not of the form `kata-NN-slug`.
    pub fn of(dir: &Path) -> Option<KataName> {
        let id = dir.file_name()?.to_str()?;
        let (digits, slug) = id.strip_prefix("kata-")?.split_once('-')?;
        let well_formed = digits.len() >= 2
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && slug.starts_with(|first: char| first.is_ascii_lowercase())
            && slug
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !well_formed {
            return None;
        }
        Some(KataName {
            id: id.to_owned(),
            number: digits.parse().ok()?,
            slug: slug.to_owned(),
            dir: dir.to_owned(),
        })
    }

    /// Whether the kata goes by that name.
    pub fn answers_to(&self, name: &str) -> bool {
        let bare = name.strip_prefix("kata-").unwrap_or(name);
        let is_number =
            !bare.is_empty() && bare.len() <= 9 && bare.bytes().all(|b| b.is_ascii_digit());
        name == self.id || name == self.slug || (is_number && bare.parse() == Ok(self.number))
    }
}

/// All katas of a workspace, by number; each is read only when it is asked for.
#[derive(Clone, Debug)]
pub struct Catalogue {
    names: Vec<KataName>,
    workspace: Arc<Workspace>,
}

impl Catalogue {
    /// Lists the katas of the workspace.
    ///
    /// # Errors
    ///
    /// When the folder of the katas cannot be read, or a name in it is malformed or ambiguous.
    pub fn load(workspace: &Workspace) -> Result<Catalogue, CatalogueError> {
        let folder = workspace.root.join("katas");
        let unreadable = |source| CatalogueError::Unreadable {
            file: folder.clone(),
            source,
        };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let dir = entry.map_err(unreadable)?.path();
            let is_kata = dir.is_dir()
                && dir
                    .file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("kata"));
            if is_kata {
                let name = KataName::of(&dir).ok_or(CatalogueError::FolderName { folder: dir })?;
                names.push(name);
            }
        }
        names.sort_by_key(|name| name.number);
        for pair in names.windows(2) {
            if pair[0].number == pair[1].number {
                return Err(CatalogueError::SameNumber {
                    first: pair[0].id.clone(),
                    second: pair[1].id.clone(),
                });
            }
        }
        Ok(Catalogue {
            names,
            workspace: Arc::new(workspace.clone()),
        })
    }

    /// The names of all katas, by number.
    pub fn names(&self) -> &[KataName] {
        &self.names
    }

    /// The kata of that name: `kata-05`, `05`, `5`, `rlock` or `kata-05-rlock`.
    ///
    /// # Errors
    ///
    /// [`CatalogueError::UnknownKata`] with the nearest names, or what is wrong with the kata.
    pub fn find(&self, name: &str) -> Result<Kata, CatalogueError> {
        let wanted = name
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(name);
        match self.names.iter().find(|kata| kata.answers_to(wanted)) {
            Some(kata) => self.open(kata),
            None => Err(CatalogueError::UnknownKata {
                name: name.to_owned(),
                nearest: self.nearest(wanted),
            }),
        }
    }

    /// Reads that kata.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn open(&self, name: &KataName) -> Result<Kata, CatalogueError> {
        Kata::read(name, &self.workspace)
    }

    /// Reads every kata.
    ///
    /// # Errors
    ///
    /// What is wrong with the first one that cannot be read.
    pub fn all(&self) -> Result<Vec<Kata>, CatalogueError> {
        self.names.iter().map(|name| self.open(name)).collect()
    }

    /// The kata in whose folder, or in whose solution's folder, that path lies.
    pub fn containing(&self, path: &Path) -> Option<&KataName> {
        self.names.iter().find(|name| {
            path.starts_with(&name.dir)
                || path.starts_with(self.workspace.root.join("solutions").join(&name.id))
        })
    }

    /// The names most like that one, best first.
    fn nearest(&self, wanted: &str) -> Vec<String> {
        let wanted = wanted.to_lowercase();
        let likeness = |name: &KataName| {
            let number = format!("kata-{:02}", name.number);
            [name.id.as_str(), name.slug.as_str(), number.as_str()]
                .into_iter()
                .map(|known| strsim::jaro_winkler(known, &wanted))
                .fold(0.0, f64::max)
        };
        let mut by_likeness: Vec<(f64, &KataName)> = self
            .names
            .iter()
            .map(|name| (likeness(name), name))
            .collect();
        by_likeness.retain(|(likeness, _)| *likeness > 0.6);
        by_likeness.sort_by(|one, other| other.0.total_cmp(&one.0));
        by_likeness
            .into_iter()
            .take(3)
            .map(|(_, name)| name.id.clone())
            .collect()
    }
}
