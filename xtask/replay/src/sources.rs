//! The source files that a record names, as far as they can be read.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// How many lines are shown before and after a line in question.
const AROUND: usize = 3;

/// Two passages with fewer lines than this between them are one.
const NEARLY: usize = 4;

/// One source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the record has it.
    pub path: String,
    /// What people call it: `src/lib.rs`.
    pub label: String,
    /// Its lines; none where it cannot be read.
    pub lines: Vec<String>,
}

/// The source files of a record, by the record's file numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// The files of that record; `read` gives the text of a path, where there is one.
    ///
    /// `subject` is the path of the subject's file, which is called `src/lib.rs` wherever it lies.
    pub fn of(paths: &[String], subject: &str, read: impl Fn(&str) -> Option<String>) -> Sources {
        let files = paths.iter().map(|path| Source {
            path: path.clone(),
            label: label(path, subject),
            lines: read(path).unwrap_or_default().lines().map(clean).collect(),
        });
        Sources {
            files: files.collect(),
        }
    }

    /// The file of that number.
    pub fn file(&self, index: usize) -> Option<&Source> {
        self.files.get(index)
    }

    /// All files, in the record's order.
    pub fn files(&self) -> &[Source] {
        &self.files
    }

    /// A text with the files called as people call them.
    pub fn plain(&self, text: &str) -> String {
        let files = self.files.iter();
        files.fold(text.to_owned(), |text, file| {
            text.replace(&file.path, &file.label)
        })
    }

    /// The last part of a file's name: `lib.rs`.
    pub fn short(&self, index: usize) -> &str {
        let label = self.files.get(index).map_or("?", |file| &file.label);
        label.rsplit('/').next().unwrap_or(label)
    }
}

/// A path from the kata's folder on; a subject elsewhere stands where a learner's file would.
fn label(path: &str, subject: &str) -> String {
    if path == subject {
        return "src/lib.rs".to_owned();
    }
    let inside = path
        .split_once("katas/")
        .and_then(|(_, rest)| rest.split_once('/'));
    match inside {
        Some((_, rest)) => rest.to_owned(),
        None => path.to_owned(),
    }
}

/// The passages of a file that show these lines, each with the lines around it; counted from 1.
///
/// Passages that nearly meet are one.
pub fn passages(shown: &BTreeSet<u32>, length: usize) -> Vec<RangeInclusive<usize>> {
    let mut passages: Vec<RangeInclusive<usize>> = Vec::new();
    for line in shown.iter().map(|line| *line as usize) {
        if line == 0 || line > length {
            continue;
        }
        let first = line.saturating_sub(AROUND).max(1);
        let last = (line + AROUND).min(length);
        match passages.last_mut() {
            Some(before) if first <= before.end() + NEARLY => *before = *before.start()..=last,
            _ => passages.push(first..=last),
        }
    }
    passages
}

/// A line without what would disturb a terminal.
pub fn clean(line: &str) -> String {
    let mut clean = String::new();
    for character in line.trim_end().chars() {
        match character {
            '\t' => clean.push_str("    "),
            odd if odd.is_control() => clean.extend(odd.escape_default()),
            plain => clean.push(plain),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(subject: &str, paths: &[&str]) -> Vec<String> {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        let sources = Sources::of(&paths, subject, |_| None);
        sources
            .files()
            .iter()
            .map(|file| file.label.clone())
            .collect()
    }

    /// A mutant lies in a scratch file, and is shown where a learner's file would be.
    #[test]
    fn the_subject_is_called_by_the_name_of_a_learners_file() {
        let subject = "target/grade/sources/kata-04-lock/swap-relaxed-a1b2.rs";
        assert_eq!(
            labels(subject, &[subject, "katas/kata-04-lock/tests/model.rs"]),
            ["src/lib.rs", "tests/model.rs"]
        );
    }

    /// Lines that stand close together are shown as one passage, and none beyond the file's end.
    #[test]
    fn passages_that_nearly_meet_are_one() {
        let lines = BTreeSet::from([2, 8, 30, 99]);
        assert_eq!(passages(&lines, 31), [1..=11, 27..=31]);
    }

    /// A source cannot send escape sequences to the terminal.
    #[test]
    fn control_characters_of_a_source_are_written_out() {
        assert_eq!(
            clean("\tlet a = \"\x1b[2J\";  "),
            "    let a = \"\\u{1b}[2J\";"
        );
    }
}
