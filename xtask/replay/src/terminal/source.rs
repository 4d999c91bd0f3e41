//! The source, with the lines at which the threads are.

use std::ops::RangeInclusive;

use heddle_terms::record::At;

use super::canvas::{Line, Look};
use super::view::View;
use crate::state::Status;
use crate::words::{self, Names};

/// A thread and the place where it is.
type Seen = (usize, At);

/// The source around the place in question, and one line each for threads that are elsewhere.
pub(super) fn pane(view: &View<'_>, width: usize, height: usize) -> Vec<Line> {
    let Some(focus) = focus(view) else {
        return vec![Line::new(Look::Faint, "no line of the source to show")];
    };
    let seen = seen(view);
    // Room for every other thread is kept, so that the source does not jump when one moves.
    let others = view.replay.record.threads.len().saturating_sub(1);
    let elsewhere = others.min(height / 4);
    let room = height.saturating_sub(elsewhere + 1);
    let notes = notes(view, focus.file);
    let window = window(view, focus, room.saturating_sub(notes.len().min(room / 3)));
    let mut lines = vec![heading(view, focus)];
    let indent = indent(view, focus, window.clone());
    for number in window.clone() {
        let row = row(view, focus, number, indent, &seen);
        lines.push(row);
        let own = notes.iter().filter(|(line, _)| *line == number);
        lines.extend(own.map(|(_, note)| Line::new(Look::Failure, format!("      ↑ {note}"))));
    }
    lines.resize(room + 1, Line::new(Look::Plain, ""));
    let outside = seen
        .iter()
        .filter(|(_, at)| at.file != focus.file || !window.contains(&(at.line as usize)));
    let outside = outside.take(elsewhere).map(|one| far(view, one, width));
    lines.extend(outside);
    lines.truncate(height);
    lines
}

/// The place in question: that of the step, else where the acting thread is, else what comes next.
fn focus(view: &View<'_>) -> Option<At> {
    let timeline = &view.timeline;
    let row = timeline.row(view.position);
    let state = timeline.state(view.position);
    let own = || state.threads[row?.thread].at;
    let failing = || {
        timeline
            .record()
            .failure
            .at
            .filter(|_| timeline.is_failure(view.position))
    };
    let before = || (0..view.position).rev().find_map(|at| timeline.row(at)?.at);
    let next = || (view.position..=timeline.end()).find_map(|at| timeline.row(at)?.at);
    row.and_then(|row| row.at)
        .or_else(own)
        .or_else(failing)
        .or_else(before)
        .or_else(next)
}

/// The threads that have begun and not ended, each with its place.
fn seen(view: &View<'_>) -> Vec<Seen> {
    let state = view.timeline.state(view.position);
    let threads = state.threads.iter().enumerate();
    let threads =
        threads.filter(|(_, thread)| !matches!(thread.status, Status::Ended | Status::NotStarted));
    threads
        .filter_map(|(index, thread)| Some((index, thread.at?)))
        .collect()
}

/// The numbers of the lines that are shown: as many as there is room for, the focus in the middle.
fn window(view: &View<'_>, focus: At, room: usize) -> RangeInclusive<usize> {
    let length = view
        .replay
        .sources
        .file(focus.file)
        .map_or(0, |file| file.lines.len());
    let line = focus.line as usize;
    let last_start = (length + 1).saturating_sub(room).max(1);
    let first = line.saturating_sub(room / 2).clamp(1, last_start);
    first..=(first + room).saturating_sub(1).min(length)
}

fn heading(view: &View<'_>, focus: At) -> Line {
    let file = view.replay.sources.file(focus.file);
    let Some(file) = file else {
        return Line::new(Look::Strong, "?");
    };
    if file.lines.is_empty() {
        let text = format!("{} cannot be read; line {}", file.label, focus.line);
        return Line::new(Look::Strong, text);
    }
    Line::new(Look::Strong, file.label.clone())
}

/// By how many columns all of these lines are indented: those are not shown.
fn indent(view: &View<'_>, focus: At, window: RangeInclusive<usize>) -> usize {
    let Some(file) = view.replay.sources.file(focus.file) else {
        return 0;
    };
    let lines = window.filter_map(|number| file.lines.get(number.checked_sub(1)?));
    let lines = lines.filter(|line| !line.is_empty());
    let indents = lines.map(|line| line.len() - line.trim_start_matches(' ').len());
    indents.min().unwrap_or(0)
}

fn row(view: &View<'_>, focus: At, number: usize, indent: usize, seen: &[Seen]) -> Line {
    let file = view.replay.sources.file(focus.file);
    let text = file.and_then(|file| file.lines.get(number.checked_sub(1)?)?.get(indent..));
    let digits = file.map_or(1, |file| file.lines.len().to_string().len());
    let here = seen
        .iter()
        .filter(|(_, at)| at.file == focus.file && at.line as usize == number);
    let letters: String = here.map(|(thread, _)| words::letter(*thread)).collect();
    // At the start nobody has acted yet.
    let is_focus = focus.line as usize == number && view.position > 0;
    let sign = if is_focus { "▸" } else { " " };
    let marks = view.replay.record.threads.len().min(4);
    let text = format!(
        "{sign}{letters:<marks$}{number:>digits$} {}",
        text.unwrap_or_default()
    );
    let look = match (is_focus, letters.is_empty()) {
        (true, _) if view.timeline.is_failure(view.position) => Look::Failure,
        (true, _) => Look::Strong,
        (false, false) => Look::Strong,
        (false, true) => Look::Plain,
    };
    Line::new(look, text)
}

/// What the diagnosis says of lines of that file, once the schedule has failed.
fn notes(view: &View<'_>, file: usize) -> Vec<(usize, String)> {
    if !view.timeline.is_failure(view.position) {
        return Vec::new();
    }
    let (diagnosis, _) = words::diagnosis(view.replay);
    let marks = diagnosis.marks.into_iter();
    let marks = marks.filter(|mark| mark.at.file == file);
    let mut notes: Vec<(usize, String)> = marks
        .map(|mark| (mark.at.line as usize, mark.note))
        .collect();
    notes.dedup();
    notes
}

/// The line of a thread that is not in the window.
fn far(view: &View<'_>, (thread, at): &Seen, width: usize) -> Line {
    let place = Names::of(view.replay).place(*at);
    let file = view.replay.sources.file(at.file);
    let text = file.and_then(|file| file.lines.get((at.line as usize).checked_sub(1)?));
    let text = text.map_or("", |text| text.trim_start());
    let letter = words::letter(*thread);
    let text = format!(" {letter} {place} {text}");
    Line::new(Look::Faint, super::canvas::cut(&text, width))
}
