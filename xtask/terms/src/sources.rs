//! The source files that reports quote.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::prose::clean;
use crate::report::Place;

/// Where the lines of the files in a report come from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    root: PathBuf,
    texts: BTreeMap<String, String>,
}

impl Sources {
    /// The files below the root of the repository.
    pub fn below(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            texts: BTreeMap::new(),
        }
    }

    /// The same, with a text that stands for the file of that name.
    pub fn with(mut self, file: &str, text: String) -> Self {
        self.texts.insert(file.to_owned(), text);
        self
    }

    /// The text of a file; `None` when it cannot be read.
    pub fn text(&self, file: &str) -> Option<String> {
        match self.texts.get(file) {
            Some(text) => Some(text.clone()),
            None => std::fs::read_to_string(self.root.join(file)).ok(),
        }
    }

    /// One line of a file, trimmed.
    pub fn line(&self, place: &Place) -> Option<String> {
        let text = self.text(&place.file)?;
        let index = usize::try_from(place.line).ok()?.checked_sub(1)?;
        text.lines().nth(index).map(|line| clean(line.trim()))
    }
}
