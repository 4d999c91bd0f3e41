//! What stands between `{{#` and `}}` in a chapter.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::library::{Library, Shelf};
use crate::{BookError, gallery, html, include, quiz, step};

/// Puts the text of one hand-written file in order.
#[derive(Debug)]
pub struct Expander<'l> {
    library: &'l Library,
    /// The file, relative to the root of the repository.
    file: PathBuf,
    /// How often each step stands on the page already.
    stepped: BTreeMap<String, usize>,
}

impl<'l> Expander<'l> {
    /// For that file.
    pub fn new(library: &'l Library, file: impl Into<PathBuf>) -> Expander<'l> {
        Expander {
            library,
            file: file.into(),
            stepped: BTreeMap::new(),
        }
    }

    /// The text with every directive carried out.
    ///
    /// # Errors
    ///
    /// The first directive that is unknown or whose target is missing, with its line.
    pub fn expand(&mut self, text: &str) -> Result<String, BookError> {
        let mut out = String::new();
        for (index, line) in text.lines().enumerate() {
            let replaced = self.line(line);
            let replaced =
                replaced.map_err(|problem| BookError::at(&self.file, index + 1, problem))?;
            out += &replaced;
            out.push('\n');
        }
        Ok(out)
    }

    fn line(&mut self, line: &str) -> Result<String, String> {
        let mut out = String::new();
        let mut rest = line;
        while let Some((before, behind)) = rest.split_once("{{#") {
            let (words, after) = behind
                .split_once("}}")
                .ok_or("a directive ends with `}}` on its line")?;
            let (name, argument) = words.trim().split_once(' ').unwrap_or((words.trim(), ""));
            let alone = line.trim().starts_with("{{#") && line.trim().ends_with("}}");
            if !alone && !matches!(name, "kata" | "include") {
                return Err(format!("`{{{{#{name}}}}}` stands on a line of its own"));
            }
            out += before;
            out += &self.carried_out(name, argument.trim())?;
            rest = after;
        }
        Ok(out + rest)
    }

    fn carried_out(&mut self, name: &str, argument: &str) -> Result<String, String> {
        match name {
            "kata" => {
                let shelf = self.shelf(argument)?;
                Ok(link_to(shelf))
            }
            "include" => self.include(argument),
            "bug" => {
                let (shelf, mutant) = self.mutant(argument)?;
                gallery::card(shelf, mutant)
            }
            "table" => {
                let (shelf, mutant) = self.mutant(argument)?;
                gallery::table(shelf, mutant)
            }
            "step" => {
                let (shelf, mutant) = self.mutant(argument)?;
                let count = self.stepped.entry(format!("{}-{mutant}", shelf.kata.id));
                let count = count.and_modify(|count| *count += 1).or_insert(1);
                step::fragment(self.library, shelf, mutant, *count)
            }
            "quiz" => quiz::component(self.library, argument),
            "figure" => self.figure(argument),
            _ => Err(format!(
                "there is no `{{{{#{name}}}}}`: kata, step, bug, table, quiz, figure and include are known"
            )),
        }
    }

    fn shelf(&self, name: &str) -> Result<&'l Shelf, String> {
        let found = self.library.shelf(name);
        found.ok_or_else(|| format!("there is no kata `{name}`; `cargo xtask list` has them"))
    }

    fn mutant<'a>(&self, argument: &'a str) -> Result<(&'l Shelf, &'a str), String> {
        let (kata, mutant) = argument
            .split_once([' ', '/'])
            .ok_or("this needs a kata and a mutant: `kata-05 NAME`")?;
        let (shelf, mutant) = (self.shelf(kata)?, mutant.trim());
        let mechanical = || shelf.mechanical.iter().any(|case| case.name == mutant);
        match shelf.mutant(mutant).is_some() || mechanical() {
            true => Ok((shelf, mutant)),
            false => Err(format!(
                "{} has no mutant `{mutant}`; tests/mutants/{0} has them",
                shelf.kata.id
            )),
        }
    }

    fn include(&self, argument: &str) -> Result<String, String> {
        let (target, anchor) = include::target(argument);
        let folder = self.file.parent().unwrap_or(Path::new(""));
        let path = plain(&folder.join(target));
        let text = std::fs::read_to_string(self.library.root.join(&path))
            .map_err(|error| format!("cannot include {}: {error}", path.display()))?;
        include::part(&text, anchor).map_err(|problem| format!("{}: {problem}", path.display()))
    }

    fn figure(&self, argument: &str) -> Result<String, String> {
        let (name, alt) = argument.split_once(' ').unwrap_or((argument, ""));
        let alt = alt.trim().trim_matches('"');
        if alt.is_empty() {
            return Err(
                "a figure needs words for those who do not see it: `NAME \"words\"`".to_owned(),
            );
        }
        let path = Path::new("book/figures").join(format!("{name}.svg"));
        let svg = std::fs::read_to_string(self.library.root.join(&path))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let start = svg
            .find("<svg")
            .ok_or_else(|| format!("{} holds no <svg>", path.display()))?;
        // An empty line would end the block of HTML.
        let lines: Vec<&str> = svg[start..]
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        Ok(format!(
            "<figure class=\"chart\" role=\"img\" aria-label=\"{}\">\n{}\n</figure>\n",
            html::text(alt),
            lines.join("\n")
        ))
    }
}

/// A link to the chapter of a kata, with its title.
pub fn link_to(shelf: &Shelf) -> String {
    format!(
        "[{}: {}]({}.md)",
        shelf.number(),
        shelf.kata.meta.title,
        shelf.page()
    )
}

/// The path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}
