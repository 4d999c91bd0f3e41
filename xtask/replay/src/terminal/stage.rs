//! The terminal itself: taken over while a schedule is shown, and given back however that ends.

use std::io::{self, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::style::{Attribute, Color, Print, ResetColor, SetAttribute, SetForegroundColor};
use crossterm::terminal::{self, Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{execute, queue};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::canvas::{Canvas, Look};

/// The terminal while it is ours.
#[derive(Debug)]
pub(super) struct Stage {
    colour: bool,
}

impl Stage {
    /// Takes the terminal over; it is given back when this value is dropped, and also by a panic or
    /// a signal.
    pub(super) fn enter() -> io::Result<Stage> {
        give_back_in_any_case()?;
        terminal::enable_raw_mode()?;
        let stage = Stage {
            colour: std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        // ORDERING: as in `give_back`.
        TAKEN.store(true, Ordering::Relaxed);
        execute!(
            io::stdout(),
            EnterAlternateScreen,
            Hide,
            Clear(ClearType::All)
        )?;
        Ok(stage)
    }

    /// Shows a screen in the place of the one before.
    pub(super) fn show(&mut self, canvas: &Canvas) -> io::Result<()> {
        let mut bytes = Vec::new();
        for (index, row) in canvas.rows.iter().enumerate() {
            let line = u16::try_from(index).unwrap_or(u16::MAX);
            queue!(bytes, MoveTo(0, line), Clear(ClearType::CurrentLine))?;
            for piece in row {
                let column = u16::try_from(piece.column).unwrap_or(u16::MAX);
                queue!(bytes, MoveTo(column, line))?;
                self.dress(&mut bytes, piece.look)?;
                queue!(bytes, Print(&piece.text), SetAttribute(Attribute::Reset))?;
                if piece.look == Look::Failure {
                    queue!(bytes, ResetColor)?;
                }
            }
        }
        // At once, so that nobody sees half a screen.
        let mut out = io::stdout().lock();
        out.write_all(&bytes)?;
        out.flush()
    }

    fn dress(&self, bytes: &mut Vec<u8>, look: Look) -> io::Result<()> {
        match look {
            Look::Plain => Ok(()),
            Look::Strong => queue!(bytes, SetAttribute(Attribute::Bold)),
            Look::Faint => queue!(bytes, SetAttribute(Attribute::Dim)),
            Look::Bar => queue!(bytes, SetAttribute(Attribute::Reverse)),
            Look::Failure if self.colour => {
                let bold = SetAttribute(Attribute::Bold);
                queue!(bytes, bold, SetForegroundColor(Color::Red))
            }
            Look::Failure => queue!(bytes, SetAttribute(Attribute::Bold)),
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        give_back();
    }
}

/// Whether the terminal is ours.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Gives the terminal back, once: a second time would move the cursor into what was said since.
fn give_back() {
    // ORDERING: Relaxed, because nothing but the flag itself decides who gives it back.
    if !TAKEN.swap(false, Ordering::Relaxed) {
        return;
    }
    // Where the terminal is gone there is nobody to tell.
    let _ = execute!(io::stdout(), Show, LeaveAlternateScreen);
    let _ = terminal::disable_raw_mode();
}

/// From now on a panic and a signal give the terminal back before they end the program.
fn give_back_in_any_case() -> io::Result<()> {
    static ONCE: Once = Once::new();
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    ONCE.call_once(move || {
        let told = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            told(panic);
        }));
        std::thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                give_back();
                // As a shell reports a program that a signal ended.
                std::process::exit(128 + signal);
            }
        });
    });
    Ok(())
}
