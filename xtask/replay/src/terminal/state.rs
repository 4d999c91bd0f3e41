//! The threads, the objects, and the steps around the one that is looked at.

use heddle_counterexample::Row;

use super::canvas::{Line, Look, cut, wrapped};
use super::view::View;
use crate::words::{self, Names};

/// With fewer lines than this the steps are not worth their heading.
const FEWEST_STEPS: usize = 4;

/// Threads and objects; where there is room, the steps around this one.
pub(super) fn pane(view: &View<'_>, width: usize, height: usize) -> Vec<Line> {
    let mut lines = both(view, width, usize::MAX);
    if lines.len() > height {
        lines = both(view, width, 1);
    }
    if lines.len() > height {
        lines.truncate(height.saturating_sub(1));
        let more = "… more in a larger terminal";
        lines.push(Line::new(Look::Faint, more));
        return lines;
    }
    let left = height - lines.len();
    if left >= FEWEST_STEPS {
        lines.push(Line::new(Look::Plain, ""));
        lines.push(Line::new(Look::Strong, "STEPS"));
        lines.extend(steps(view, left - 2));
    }
    lines
}

/// Both tables, with at most so many lines for each status and value.
fn both(view: &View<'_>, width: usize, most: usize) -> Vec<Line> {
    let mut lines = vec![Line::new(Look::Strong, "THREADS")];
    lines.extend(threads(view, width, most));
    if view.timeline.objects().is_empty() {
        return lines;
    }
    lines.push(Line::new(Look::Strong, "OBJECTS"));
    lines.extend(objects(view, width, most));
    lines
}

fn threads(view: &View<'_>, width: usize, most: usize) -> Vec<Line> {
    let names = Names::of(view.replay);
    let state = view.timeline.state(view.position);
    let acting = view.timeline.row(view.position).map(|row| row.thread);
    let name_width = state.threads.iter().enumerate();
    let name_width = name_width.map(|(index, _)| names.thread(index).chars().count());
    let name_width = name_width.max().unwrap_or(0).min(width / 3);
    let mut lines = Vec::new();
    for (index, thread) in state.threads.iter().enumerate() {
        let acts = acting == Some(index);
        let sign = if acts { "▸" } else { " " };
        let name = cut(names.thread(index), name_width);
        let head = format!("{sign}{} {name:<name_width$} ", words::letter(index));
        let look = if acts { Look::Strong } else { Look::Plain };
        let told = words::thread(&names, thread);
        lines.extend(hanging(&head, &told, width, most, look));
    }
    lines
}

fn objects(view: &View<'_>, width: usize, most: usize) -> Vec<Line> {
    let names = Names::of(view.replay);
    let state = view.timeline.state(view.position);
    let before = view
        .position
        .checked_sub(1)
        .map(|one| view.timeline.state(one));
    let shown = view.timeline.objects();
    let name_width = shown.iter().map(|one| names.object(*one).chars().count());
    let name_width = name_width.max().unwrap_or(0).min(width / 3);
    let mut lines = Vec::new();
    for index in shown {
        let object = &state.objects[index];
        let changed = before.is_some_and(|before| before.objects[index] != *object);
        let look = if changed { Look::Strong } else { Look::Plain };
        let sign = if changed { "•" } else { " " };
        let name = cut(names.object(index), name_width);
        let head = format!("{sign} {name:<name_width$} ");
        let told = words::object(&names, index, object);
        lines.extend(hanging(&head, &told, width, most, look));
    }
    lines
}

/// A name and its text, whose later lines stand below its first.
fn hanging(head: &str, text: &str, width: usize, most: usize, look: Look) -> Vec<Line> {
    let indent = head.chars().count();
    let room = width.saturating_sub(indent).max(8);
    if most == 1 {
        return vec![Line::new(look, format!("{head}{}", cut(text, room)))];
    }
    let mut parts = wrapped(text, room);
    parts.truncate(most);
    if parts.is_empty() {
        parts.push(String::new());
    }
    let lines = parts.iter().enumerate().map(|(index, part)| {
        let lead = if index == 0 {
            head.to_owned()
        } else {
            " ".repeat(indent)
        };
        Line::new(look, lead + part)
    });
    lines.collect()
}

/// So many of the steps, the one that is looked at among them.
fn steps(view: &View<'_>, room: usize) -> Vec<Line> {
    let end = view.timeline.end();
    let last_start = (end + 1).saturating_sub(room);
    let first = view.position.saturating_sub(room / 2).min(last_start);
    let mut lines = Vec::new();
    for position in first..=end.min(first + room.saturating_sub(1)) {
        let now = position == view.position;
        let sign = if now { "▸" } else { " " };
        let number = match view.timeline.moment(position).number() {
            Some(number) => format!("{number:>3}"),
            None => "   ".to_owned(),
        };
        let text = match view.timeline.row(position) {
            Some(row) => step(view, position, row),
            None if position == 0 => "the start".to_owned(),
            None => "✗ the failure".to_owned(),
        };
        let look = if now { Look::Strong } else { Look::Faint };
        lines.push(Line::new(look, format!("{sign}{number} {text}")));
    }
    lines
}

/// A step with its thread's letter; » where another thread goes on.
fn step(view: &View<'_>, position: usize, row: &Row) -> String {
    let switch = view.timeline.switches().contains(&position);
    let sign = if switch { "»" } else { " " };
    format!("{sign}{} {}", words::letter(row.thread), row.text)
}
