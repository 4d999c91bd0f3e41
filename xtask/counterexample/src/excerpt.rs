//! The lines of source in conflict, with the calls in question underlined.

use super::page::{Line, Places, Role, Setting};
use heddle_terms::prose::{clean, cut};
use heddle_terms::record::At;

/// The most lines of source below a table.
const MOST: usize = 3;

/// A call in the source, and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where it is.
    pub at: At,
    /// What a reader should see in it.
    pub note: String,
}

impl Mark {
    /// A mark at a place, if there is one.
    pub fn at(at: Option<At>, note: impl Into<String>) -> Option<Mark> {
        at.map(|at| Mark {
            at,
            note: note.into(),
        })
    }
}

/// The marked lines, those of one file together and in the order of the marks.
pub fn lines(marks: &[Mark], places: Places<'_>, setting: Setting<'_>) -> Vec<Line> {
    let marks = &merged(marks)[..];
    let marks = &marks[..marks.len().min(MOST)];
    let digits = marks.iter().map(|mark| mark.at.line.to_string().len());
    let digits = digits.max().unwrap_or(1).max(3);
    let mut lines = Vec::new();
    let mut file = None;
    for mark in marks {
        let Some(source) = source(mark.at, places, setting) else {
            continue;
        };
        if file != Some(mark.at.file) {
            file = Some(mark.at.file);
            let path = from_the_left(places.file(mark.at), setting.width.saturating_sub(4));
            lines.push(Line::new(Role::Dim, format!("    {path}")));
        }
        let room = setting.width.saturating_sub(9 + digits);
        let (text, from) = window(&source, mark.at.column as usize, room);
        lines.push(Line::new(
            Role::Plain,
            format!("      {:>digits$} │ {text}", mark.at.line),
        ));
        let long = call(&text, from);
        let left = format!("      {:>digits$} │ {:from$}{}", "", "", "^".repeat(long));
        let whole = format!("{left} {}", mark.note);
        if whole.chars().count() <= setting.width {
            lines.push(Line::new(Role::Failure, whole));
        } else {
            lines.push(Line::new(Role::Failure, left));
            let indent = format!("      {:>digits$} │ ", "");
            let width = setting.width;
            lines.extend(Line::wrapped(Role::Failure, &mark.note, &indent, width));
        }
    }
    lines
}

/// The end of a path that is too long; it is the file that counts.
fn from_the_left(path: &str, room: usize) -> String {
    let length = path.chars().count();
    if length <= room {
        return path.to_owned();
    }
    let end: String = path.chars().skip(length + 1 - room).collect();
    format!("…{end}")
}

/// The part of a line in which a column is seen, and where that column is in it.
fn window(source: &str, column: usize, room: usize) -> (String, usize) {
    let lead = source.chars().take_while(|c| *c == ' ').count();
    let column = column.saturating_sub(1).max(lead);
    let from = column - lead;
    // Room for the call itself, or else the line is shown from a little before it.
    if from + 12 <= room {
        let text: String = source.chars().skip(lead).collect();
        return (cut(text.trim_end(), room), from);
    }
    let before = 16;
    let text: String = source.chars().skip(column - before).collect();
    (format!("…{}", cut(text.trim_end(), room - 1)), before + 1)
}

/// Marks of one place as one, with all that is to be said of it.
fn merged(marks: &[Mark]) -> Vec<Mark> {
    let mut merged: Vec<Mark> = Vec::new();
    for mark in marks {
        match merged.iter_mut().find(|known| known.at == mark.at) {
            Some(known) if known.note == mark.note => {}
            Some(known) => known.note = format!("{}; {}", known.note, mark.note),
            None => merged.push(mark.clone()),
        }
    }
    merged
}

fn source(at: At, places: Places<'_>, setting: Setting<'_>) -> Option<String> {
    let text = setting.sources.text(places.file(at))?;
    let index = usize::try_from(at.line).ok()?.checked_sub(1)?;
    text.lines().nth(index).map(clean)
}

/// How long the call is that begins at that column: a path, and the sign of a macro.
fn call(text: &str, from: usize) -> usize {
    let rest = text.chars().skip(from);
    let name = |c: &char| c.is_alphanumeric() || matches!(c, '_' | ':' | '!');
    rest.take_while(name).count().max(1)
}
