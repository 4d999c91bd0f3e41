//! A schedule in a terminal: source on one side, state on the other, moved by keys.
//!
//! What is shown is worked out as lines of text, without any terminal; [`run`] alone talks to one.

mod canvas;
mod keys;
mod screen;
mod source;
mod stage;
mod state;
mod view;

use std::io::{self, IsTerminal};

use crossterm::event::{self, Event, KeyEventKind};

use crate::Replay;

use keys::command;
use stage::Stage;
use view::View;

/// Why a schedule cannot be stepped through in the terminal.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// There is none.
    #[error(
        "this is no terminal, so there is nothing to step through in; \
         `--html FILE` writes the schedule as a page for a browser instead"
    )]
    NoTerminal,
    /// It cannot be read or written.
    #[error("the terminal cannot be used: {0}; `--html FILE` writes a page for a browser instead")]
    Broken(#[from] io::Error),
}

/// Steps through the schedule until the reader leaves; the terminal is then as it was.
///
/// # Errors
///
/// Where there is no terminal, or it fails.
pub fn run(replay: &Replay) -> Result<(), TerminalError> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(TerminalError::NoTerminal);
    }
    let mut view = View::new(replay);
    let mut stage = Stage::enter()?;
    loop {
        let (width, height) = crossterm::terminal::size()?;
        let canvas = screen::draw(&view, width.into(), height.into());
        stage.show(&canvas)?;
        let command = match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => command(key),
            _ => None,
        };
        match command {
            Some(keys::Command::Leave) => return Ok(()),
            Some(command) => view.apply(command),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests;
