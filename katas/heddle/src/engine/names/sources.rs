//! The sources that names are looked up in.

use std::collections::HashMap;

use crate::engine::Place;

/// The sources that have been looked into, by file.
#[derive(Default)]
pub(super) struct Sources {
    files: HashMap<&'static str, String>,
}

/// A source, cut in two where something was made.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) before: &'a str,
    /// From the call that made it.
    pub(super) after: &'a str,
}

impl Sources {
    /// The source in front of a place and behind it.
    pub(super) fn around(&mut self, place: Place) -> Option<Around<'_>> {
        let source = self
            .files
            .entry(place.file())
            .or_insert_with(|| read(place.file()).unwrap_or_default());
        let before = usize::try_from(place.line()).ok()?.checked_sub(1)?;
        let lines = source.split_inclusive('\n').take(before);
        let start: usize = lines.map(str::len).sum();
        let column = usize::try_from(place.column()).ok()?.checked_sub(1)?;
        // The compiler counts characters.
        let line = source.get(start..)?;
        let offset: usize = line.chars().take(column).map(char::len_utf8).sum();
        let (before, after) = source.split_at_checked(start + offset)?;
        Some(Around { before, after })
    }
}

/// Reads a source that the compiler names relative to a folder that holds the present one.
fn read(file: &str) -> Option<String> {
    let folder = std::env::current_dir().ok()?;
    folder
        .ancestors()
        .find_map(|folder| std::fs::read_to_string(folder.join(file)).ok())
}
