//! The page that tells of a failing schedule.

use super::calls::with_calls;
use super::diagnosis::{Diagnosis, diagnose};
use super::ending;
use super::excerpt;
use super::functions::Functions;
use super::layout;
use super::search;
use super::story::Story;
use heddle_terms::prose::wrap;
use heddle_terms::record::{At, Counterexample};
use heddle_terms::sources::Sources;

/// What stands in front of the lines around the table.
const INDENT: &str = "    ";

/// One line of a page, and how it is dressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The text, without escape sequences.
    pub text: String,
    /// What it is.
    pub role: Role,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The names above columns, and other headings.
    Heading,
    /// Ordinary text.
    Plain,
    /// Something that hardly ever happens.
    Odd,
    /// What may be skipped.
    Dim,
    /// What went wrong.
    Failure,
}

impl Line {
    /// A line without spaces at its end.
    pub fn new(role: Role, text: impl AsRef<str>) -> Line {
        Line {
            text: text.as_ref().trim_end().to_owned(),
            role,
        }
    }

    /// A text as so many lines as it takes.
    pub fn wrapped(role: Role, text: &str, indent: &str, width: usize) -> Vec<Line> {
        let wrapped = wrap(text, indent, width);
        wrapped.lines().map(|line| Line::new(role, line)).collect()
    }

    /// An empty line.
    pub fn empty() -> Line {
        Line::new(Role::Plain, "")
    }
}

/// How places are written: a line of the subject by its number alone, others with their file.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a> {
    /// The record whose places they are.
    pub record: &'a Counterexample,
    /// The subject's file.
    pub subject: &'a str,
    /// The subject's functions, where its source was read.
    functions: Option<&'a Functions>,
    /// Those of the other files, by their index.
    claims: &'a [(usize, Functions)],
}

impl<'a> Places<'a> {
    /// The places of a record, without the functions that they are in.
    pub fn of(record: &'a Counterexample, subject: &'a str) -> Self {
        Places {
            record,
            subject,
            functions: None,
            claims: &[],
        }
    }

    /// The subject's functions, where its source was read.
    pub fn functions(self) -> Option<&'a Functions> {
        self.functions
    }

    /// The functions of the claims, by the index of their file.
    pub fn claims(self) -> &'a [(usize, Functions)] {
        self.claims
    }

    /// The subject's function around a place.
    pub fn function(self, at: At) -> Option<&'a str> {
        let is_subject = self.file(at) == self.subject;
        let functions = self.functions.filter(|_| is_subject)?;
        functions.around(at.line)
    }

    /// A place with the function it is in: `release:38`, or `model.rs:41`.
    pub fn in_function(self, at: At) -> String {
        let short = self.short(at);
        match self.function(at) {
            Some(name) => format!("{name}{short}"),
            None => short,
        }
    }

    /// A place as tables have it: `:38`, or `model.rs:41`.
    pub fn short(self, at: At) -> String {
        let file = self.file(at);
        if file == self.subject {
            return format!(":{}", at.line);
        }
        let name = file.rsplit('/').next().unwrap_or(file);
        format!("{name}:{}", at.line)
    }

    /// The file of a place.
    pub fn file(self, at: At) -> &'a str {
        self.record.files.get(at.file).map_or("", String::as_str)
    }
}

/// What a page is made of besides the record.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The subject's file, as the record names it.
    pub subject: &'a str,
    /// Where lines of source come from.
    pub sources: &'a Sources,
    /// How many columns there are.
    pub width: usize,
}

/// The page of a failing schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its lines.
    pub lines: Vec<Line>,
    /// How many rows its table has.
    pub rows: usize,
    /// What it shows.
    pub diagnosis: Diagnosis,
}

impl Page {
    /// The page as text without colours.
    pub fn text(&self) -> String {
        let lines = self.lines.iter();
        lines.map(|line| line.text.clone() + "\n").collect()
    }
}

/// The functions of all files but the subject's.
fn of_claims(record: &Counterexample, setting: Setting<'_>) -> Vec<(usize, Functions)> {
    let files = record.files.iter().enumerate();
    let claims = files.filter(|(_, file)| *file != setting.subject);
    claims
        .map(|(index, file)| (index, Functions::of(setting.sources, file)))
        .collect()
}

/// The record without the places at which a guard of the subject's own gives out what it guards: they
/// are the same for every use of it.
fn without_guards(record: &Counterexample, functions: &Functions, subject: &str) -> Counterexample {
    let mut record = record.clone();
    let file = record.files.iter().position(|file| file == subject);
    let is_guard = |at: &At| {
        let function = functions.around(at.line).filter(|_| Some(at.file) == file);
        matches!(function, Some("deref" | "deref_mut"))
    };
    for step in &mut record.steps {
        step.looked_at.retain(|at| !is_guard(at));
        step.changed_at.retain(|at| !is_guard(at));
    }
    record
}

/// The page of a record, from the words on the search to the sentence on what went wrong.
pub fn page(record: &Counterexample, setting: Setting<'_>) -> Page {
    let functions = Functions::of(setting.sources, setting.subject);
    let record = &without_guards(record, &functions, setting.subject);
    let claims = of_claims(record, setting);
    let places = Places {
        record,
        subject: setting.subject,
        functions: Some(&functions),
        claims: &claims,
    };
    let width = setting.width;
    let mut lines = Vec::new();
    if let Some(search) = &record.search {
        let words = search::words(record, search);
        lines.extend(Line::wrapped(Role::Plain, &words, INDENT, width));
        lines.push(Line::empty());
    }
    let story = with_calls(Story::of(record), places);
    let rows = match record.search {
        Some(_) => {
            lines.extend(layout::table(&story, places, width));
            story.rows.len()
        }
        None => {
            let last = layout::last_operations(places, width);
            let rows = last.len();
            lines.extend(last);
            rows
        }
    };
    let ending = ending::lines(places, width);
    if !ending.is_empty() {
        if rows > 0 {
            lines.push(Line::empty());
        }
        lines.extend(ending);
    }
    let diagnosis = diagnose(places);
    let excerpt = excerpt::lines(&diagnosis.marks, places, setting);
    if !excerpt.is_empty() {
        lines.push(Line::empty());
        lines.extend(excerpt);
    }
    lines.push(Line::empty());
    lines.extend(Line::wrapped(
        Role::Plain,
        &diagnosis.sentence,
        INDENT,
        width,
    ));
    Page {
        lines,
        rows,
        diagnosis,
    }
}
