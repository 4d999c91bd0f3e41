//! The order of the book: `book/outline.toml`.

use std::path::Path;

use serde::Deserialize;

use crate::BookError;

/// The whole outline.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    /// The counterexamples that are kept for stepping through: `kata-05-rlock/looks-before-it-locks`.
    #[serde(default)]
    pub steps: Vec<String>,
    /// The parts in their order.
    pub parts: Vec<Part>,
}

/// One part of the book.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its title.
    pub title: String,
    /// Its chapters: a stem of `chapters/*.md`, or one of the generated ones.
    pub chapters: Vec<String>,
}

/// What stands in the outline for pages that are generated.
pub const GENERATED: [&str; 3] = ["katas", "galleries", "interview"];

impl Outline {
    /// Reads the outline.
    ///
    /// # Errors
    ///
    /// When it cannot be read, does not say what it has to, or names a chapter twice.
    pub fn read(book: &Path) -> Result<Outline, BookError> {
        let file = Path::new("book/outline.toml");
        let text = std::fs::read_to_string(book.join("outline.toml"))
            .map_err(|error| BookError::file(file, error))?;
        let outline: Outline =
            toml::from_str(&text).map_err(|error| BookError::file(file, error))?;
        let mut seen = Vec::new();
        for name in outline.parts.iter().flat_map(|part| &part.chapters) {
            if seen.contains(&name) {
                let line = line_of(&text, name);
                return Err(BookError::at(file, line, format!("`{name}` comes twice")));
            }
            seen.push(name);
        }
        Ok(outline)
    }
}

/// The first line that holds that text in quotes.
pub fn line_of(text: &str, wanted: &str) -> usize {
    let wanted = format!("\"{wanted}\"");
    let found = text.lines().position(|line| line.contains(&wanted));
    found.map_or(1, |index| index + 1)
}

/// The title of a chapter written by hand: its first line.
pub fn title_of(root: &Path, chapter: &str) -> String {
    let file = root.join("book/chapters").join(format!("{chapter}.md"));
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    first.trim_start_matches("# ").to_owned()
}
