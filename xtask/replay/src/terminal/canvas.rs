//! Pieces of text at their places, before any terminal sees them.

use crate::sources::clean;

/// How a piece of text looks; nothing is told by its look alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Like any text.
    Plain,
    /// What it is about now.
    Strong,
    /// What may be skipped.
    Faint,
    /// The bar at the top.
    Bar,
    /// What went wrong.
    Failure,
}

/// A piece of text in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) column: usize,
    pub(super) text: String,
    pub(super) look: Look,
}

/// All rows of a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) rows: Vec<Vec<Piece>>,
}

/// A line of a pane that has not been put anywhere yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) look: Look,
}

impl Line {
    pub(super) fn new(look: Look, text: impl Into<String>) -> Line {
        Line {
            text: text.into(),
            look,
        }
    }
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize) -> Canvas {
        Canvas {
            width,
            rows: vec![Vec::new(); height],
        }
    }

    /// Puts a text into a row, cut where the given room ends; nothing happens outside the screen.
    pub(super) fn put(&mut self, row: usize, column: usize, room: usize, line: &Line) {
        let room = room.min(self.width.saturating_sub(column));
        let Some(row) = self.rows.get_mut(row) else {
            return;
        };
        let text = cut(&clean(&line.text), room);
        if !text.is_empty() {
            row.push(Piece {
                column,
                text,
                look: line.look,
            });
        }
    }

    /// The screen as plain text.
    #[cfg(test)]
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let mut line: Vec<char> = Vec::new();
            for piece in row {
                line.resize(line.len().max(piece.column), ' ');
                line.truncate(piece.column);
                line.extend(piece.text.chars());
            }
            text += String::from_iter(line).trim_end();
            text += "\n";
        }
        text
    }
}

/// The text cut to so many columns, with a sign that something is missing.
pub(super) fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(room.saturating_sub(1)).collect();
    if room > 0 {
        kept.push('…');
    }
    kept
}

/// The text broken into lines of at most that many columns; also within a word that is longer.
pub(super) fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in heddle_terms::prose::wrap(text, "", room).lines() {
        let mut rest: Vec<char> = line.chars().collect();
        while rest.len() > room && room > 0 {
            let later = rest.split_off(room);
            lines.push(String::from_iter(rest));
            rest = later;
        }
        lines.push(String::from_iter(rest));
    }
    lines
}
