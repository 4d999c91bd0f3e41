//! What the whole screen shows.

use super::canvas::{Canvas, Line, Look, wrapped};
use super::keys::HELP;
use super::source;
use super::state;
use super::view::View;
use crate::words;
use crate::{Detail, Replay};

/// From so many columns on source and state stand side by side.
const SIDE_BY_SIDE: usize = 64;

/// The screen of that size.
pub(super) fn draw(view: &View<'_>, width: usize, height: usize) -> Canvas {
    let mut canvas = Canvas::new(width, height);
    title(view, &mut canvas);
    if view.help {
        help(&mut canvas);
        return canvas;
    }
    let said = said(view, width, height);
    // The title, a line above the sentence, and the keys.
    let panes = height.saturating_sub(said.len() + 3);
    if width >= SIDE_BY_SIDE {
        beside(view, &mut canvas, panes);
    } else {
        below(view, &mut canvas, panes);
    }
    let rule = Line::new(Look::Faint, "─".repeat(width));
    canvas.put(panes + 1, 0, width, &rule);
    for (index, line) in said.iter().enumerate() {
        canvas.put(panes + 2 + index, 0, width, line);
    }
    keys(view, &mut canvas);
    canvas
}

fn title(view: &View<'_>, canvas: &mut Canvas) {
    let width = canvas.width;
    let Replay { caution, .. } = view.replay;
    let end = view.timeline.end();
    let number = view.timeline.moment(view.position).number();
    let step = number.map_or(String::new(), |number| format!(" · step {number}"));
    let failed = if view.timeline.is_failure(view.position) {
        " · ✗ failure"
    } else {
        ""
    };
    let place = format!(" {} of {end}{step}{failed} ", view.position);
    let name = match caution {
        Some(caution) => format!(" {} · NOTE: {caution}", view.replay.title()),
        None => format!(" {} · {}", view.replay.title(), view.replay.claim_name()),
    };
    let room = width.saturating_sub(place.chars().count() + 1);
    let bar = Line::new(Look::Bar, " ".repeat(width));
    canvas.put(0, 0, width, &bar);
    canvas.put(0, 0, room, &Line::new(Look::Bar, name));
    let column = width.saturating_sub(place.chars().count());
    canvas.put(0, column, width, &Line::new(Look::Bar, place));
}

/// The sentence, in at most a third of the screen.
fn said(view: &View<'_>, width: usize, height: usize) -> Vec<Line> {
    let failed = view.timeline.is_failure(view.position);
    let told = words::told(view.replay, &view.timeline, view.position);
    let (look, told) = if failed {
        (Look::Failure, format!("✗ {told}"))
    } else {
        (Look::Strong, told)
    };
    let most = (height / 3).max(1);
    let mut lines = wrapped(&told, width.saturating_sub(1));
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last += " …";
        }
    }
    // Two lines at least, so that the screen does not jump from step to step.
    lines.resize(lines.len().max(2.min(most)), String::new());
    let lines = lines.into_iter().map(|line| Line::new(look, line));
    lines.collect()
}

fn beside(view: &View<'_>, canvas: &mut Canvas, height: usize) {
    let width = canvas.width;
    let left = (width * 11 / 20).min(width - 30);
    let right = left + 2;
    for (index, line) in source::pane(view, left, height).iter().enumerate() {
        canvas.put(index + 1, 0, left, line);
    }
    for row in 1..=height {
        canvas.put(row, left, 1, &Line::new(Look::Faint, "│"));
    }
    let room = width.saturating_sub(right);
    for (index, line) in state::pane(view, room, height).iter().enumerate() {
        canvas.put(index + 1, right, room, line);
    }
}

fn below(view: &View<'_>, canvas: &mut Canvas, height: usize) {
    let width = canvas.width;
    let state = state::pane(view, width, height * 3 / 5);
    let above = height.saturating_sub(state.len());
    for (index, line) in source::pane(view, width, above).iter().enumerate() {
        canvas.put(index + 1, 0, width, line);
    }
    for (index, line) in state.iter().enumerate() {
        canvas.put(above + index + 1, 0, width, line);
    }
}

fn keys(view: &View<'_>, canvas: &mut Canvas) {
    let steps = match view.detail {
        Detail::Rows => "a every step",
        Detail::Steps => "a fewer steps",
    };
    let long = format!("←→ step   n p switch   Home End   {steps}   ? help   q leave");
    let short = "←→ step  n p switch  ? help  q leave".to_owned();
    let text = if long.chars().count() <= canvas.width {
        long
    } else {
        short
    };
    let row = canvas.rows.len().saturating_sub(1);
    canvas.put(row, 0, canvas.width, &Line::new(Look::Faint, text));
}

fn help(canvas: &mut Canvas) {
    let width = canvas.width;
    for (index, (keys, told)) in HELP.iter().enumerate() {
        canvas.put(index + 2, 2, width, &Line::new(Look::Strong, *keys));
        canvas.put(index + 2, 20, width, &Line::new(Look::Plain, *told));
    }
    let text = "The letters beside the source are the threads; ▸ marks the one that acts.";
    for (index, line) in wrapped(text, width.saturating_sub(3)).iter().enumerate() {
        let row = HELP.len() + 3 + index;
        canvas.put(row, 2, width, &Line::new(Look::Plain, line.clone()));
    }
}
