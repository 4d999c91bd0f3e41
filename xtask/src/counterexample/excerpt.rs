//! The lines of source in conflict, with the calls in question underlined.

use super::page::{Line, Places, Role, Setting};
use super::record::At;
use crate::prose::{clean, cut};

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
            lines.push(Line::new(
                Role::Dim,
                format!("    {}", places.file(mark.at)),
            ));
        }
        let lead = source.chars().take_while(|c| *c == ' ').count();
        let room = setting.width.saturating_sub(8 + digits);
        let text = cut(source[lead..].trim_end(), room);
        lines.push(Line::new(
            Role::Plain,
            format!("      {:>digits$} │ {text}", mark.at.line),
        ));
        let from = (mark.at.column as usize).saturating_sub(1 + lead);
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
