//! The rows of a schedule as lines: a column for each thread, or one below the other.

use super::page::{Line, Places, Role};
use super::story::{Row, Story, Tone};
use super::words::Names;
use crate::prose::cut;

/// What stands in front of every line.
const INDENT: &str = "  ";
/// What stands between two columns.
const GAP: usize = 3;
/// The narrowest that a column may get; its text may still run on below the names of later ones.
const NARROWEST: usize = 16;
/// The sign in front of a row in which another thread goes on than in the row before.
const SWITCH: &str = "»";

/// The rows as lines of at most `width` columns.
pub fn table(story: &Story, places: Places<'_>, width: usize) -> Vec<Line> {
    columns(story, places, width).unwrap_or_else(|| stacked(story, places, width))
}

/// One column for each thread; `None` where there is no room for that.
fn columns(story: &Story, places: Places<'_>, width: usize) -> Option<Vec<Line>> {
    let names = Names::of(places.record);
    let threads = story.threads();
    let numbers = digits(story);
    // The indent, the number, the sign of a switch, and the spaces between them.
    let left = INDENT.len() + numbers + 4;
    let room = width.checked_sub(left)?;
    let widths: Vec<usize> = threads
        .iter()
        .map(|thread| {
            let rows = story.rows.iter().filter(|row| row.thread == *thread);
            let rows = rows.filter(|row| row.tone != Tone::Folded);
            let widest = rows.map(|row| cell(row, places)).max().unwrap_or(0);
            widest.max(length(names.thread(*thread)))
        })
        .collect();
    let offsets = offsets(&widths, room)?;
    let heads = threads.iter().zip(&offsets);
    let mut head = " ".repeat(left);
    for (thread, offset) in heads {
        let gap = (left + offset).saturating_sub(length(&head));
        head += &" ".repeat(gap);
        head += names.thread(*thread);
    }
    let mut lines = vec![Line::new(Role::Heading, head)];
    for (index, row) in story.rows.iter().enumerate() {
        let column = threads.iter().position(|thread| *thread == row.thread)?;
        let offset = offsets[column];
        let end = match offsets.get(column + 1) {
            Some(next) => next - GAP,
            None => room.min(offset + widths[column]),
        };
        let text = filled(row, places, end - offset, room - offset);
        let switch = index > 0 && story.rows[index - 1].thread != row.thread;
        let number = number(row, numbers);
        let mark = if switch { SWITCH } else { " " };
        let text = format!("{INDENT}{number} {mark}  {:offset$}{text}", "");
        lines.push(Line::new(role(row.tone), text));
    }
    Some(lines)
}

/// Where each column begins: as far apart as their texts are long, or nearer where the lines would
/// get too long; a text may run on below the head of the next column, whose own row is another one.
fn offsets(widths: &[usize], room: usize) -> Option<Vec<usize>> {
    let mut narrowest = NARROWEST.min(widths.iter().copied().max()?);
    let place = |most: usize| -> Vec<usize> {
        let mut next = 0;
        let mut offsets = Vec::new();
        for width in widths {
            offsets.push(next);
            next += (*width).min(most) + GAP;
        }
        offsets
    };
    let fits = |offsets: &[usize]| {
        let mut ends = offsets.iter().zip(widths);
        ends.all(|(offset, width)| offset + width <= room)
    };
    let mut most = widths.iter().copied().max()?;
    narrowest = narrowest.min(most);
    loop {
        let offsets = place(most);
        if fits(&offsets) {
            return Some(offsets);
        }
        if most == narrowest {
            return None;
        }
        most -= 1;
    }
}

/// Each thread's rows below its name, and the name again whenever it goes on.
fn stacked(story: &Story, places: Places<'_>, width: usize) -> Vec<Line> {
    let names = Names::of(places.record);
    let numbers = digits(story);
    let left = INDENT.len() + numbers + 2;
    let room = width.saturating_sub(left);
    let plain = story.rows.iter().filter(|row| row.tone != Tone::Folded);
    let widest = plain.map(|row| cell(row, places)).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (index, row) in story.rows.iter().enumerate() {
        if index == 0 || story.rows[index - 1].thread != row.thread {
            let name = format!("{INDENT}{}", names.thread(row.thread));
            lines.push(Line::new(Role::Heading, name));
        }
        let text = filled(row, places, widest.min(room), room);
        let number = number(row, numbers);
        let text = format!("{INDENT}{number}  {text}");
        lines.push(Line::new(role(row.tone), text));
    }
    lines
}

/// The text of a row with its place at the end of the column, or behind a text that is longer.
fn filled(row: &Row, places: Places<'_>, column: usize, room: usize) -> String {
    let place = row.at.map_or(String::new(), |at| places.short(at));
    if place.is_empty() {
        return cut(&row.text, room);
    }
    let text = cut(&row.text, room.saturating_sub(1 + length(&place)));
    let gap = column.saturating_sub(length(&text) + length(&place)).max(1);
    format!("{text}{:gap$}{place}", "")
}

/// How many columns a row takes at least.
fn cell(row: &Row, places: Places<'_>) -> usize {
    let place = row.at.map_or(0, |at| 1 + length(&places.short(at)));
    length(&row.text) + place
}

/// The number of a row's first step, as far as it tells a step.
fn number(row: &Row, digits: usize) -> String {
    match (row.tone, row.steps.first()) {
        (Tone::Folded, _) | (_, None) => " ".repeat(digits),
        (_, Some(first)) => format!("{:>digits$}", first + 1),
    }
}

fn digits(story: &Story) -> usize {
    story.steps.to_string().len().max(2)
}

fn role(tone: Tone) -> Role {
    match tone {
        Tone::Plain => Role::Plain,
        Tone::Odd => Role::Odd,
        Tone::Folded => Role::Dim,
        Tone::Failure => Role::Failure,
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}
