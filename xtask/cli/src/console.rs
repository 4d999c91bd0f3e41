//! What goes to stdout and stderr, and how a command ends.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;

pub use heddle_terms::prose::{count, grouped, wrap};

use super::args::UsageError;

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Everything asked for is in order.
    Passed,
    /// What was judged did not pass; the learner has something to do.
    NotPassed,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Trouble {
    /// The command line made no sense.
    Usage(String),
    /// The tool or its surroundings are at fault; the text says what to do next.
    Fault(String),
    /// The reader of stdout went away, as in `cargo xtask list | head`.
    Closed,
}

/// What every command returns.
pub type Outcome = Result<Done, Trouble>;

impl Trouble {
    /// A fault of the tool, from any error.
    pub fn fault(error: impl fmt::Display) -> Self {
        Self::Fault(error.to_string())
    }
}

impl From<UsageError> for Trouble {
    fn from(error: UsageError) -> Self {
        Self::Usage(error.0)
    }
}

/// The exit code of an outcome, after anything that has to be said about it was said on stderr.
pub fn conclude(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(Done::Passed) => ExitCode::SUCCESS,
        Ok(Done::NotPassed) => ExitCode::from(1),
        Err(Trouble::Usage(message)) => {
            complain(&format!("error: {message}"));
            ExitCode::from(2)
        }
        Err(Trouble::Fault(message)) => {
            complain(&format!("fault: {message}"));
            ExitCode::from(2)
        }
        // What a program killed by SIGPIPE would have ended with.
        Err(Trouble::Closed) => ExitCode::from(141),
    }
}

/// Writes text to stdout.
///
/// # Errors
///
/// `Closed` when nobody reads it any more, and a fault when it cannot be written, such as on a
/// full disk.
pub fn say(text: &str) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Trouble::Closed,
        _ => Trouble::Fault(format!(
            "cannot write to stdout: {error}; check where it is redirected to"
        )),
    })
}

/// Writes a line to stderr, broken where the terminal ends; that nobody may read it is no reason
/// to fail.
pub fn complain(line: &str) {
    let text = match columns_of(io::stderr()) {
        Some(width) => wrap(line, "", width),
        None => format!("{line}\n"),
    };
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// How many columns text may take on a terminal, and none where there is no terminal.
fn columns_of(stream: impl IsTerminal + AsFd) -> Option<usize> {
    if !stream.is_terminal() {
        return None;
    }
    let columns = rustix::termios::tcgetwinsize(stream).map_or(0, |size| size.ws_col);
    Some(match usize::from(columns) {
        0 => Style::WIDEST,
        columns => columns.clamp(40, Style::WIDEST),
    })
}

/// How text is dressed for the one who reads it.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether escape sequences for colours are written.
    pub colour: bool,
    /// How many columns there are.
    pub width: usize,
}

impl Style {
    /// The widest text that is written, also on wider terminals.
    pub const WIDEST: usize = 100;

    /// Text for a file or a pipe.
    pub const PLAIN: Self = Self {
        colour: false,
        width: Self::WIDEST,
    };

    /// The style that suits stdout.
    pub fn of_stdout() -> Self {
        match columns_of(io::stdout()) {
            None => Self::PLAIN,
            Some(width) => Self {
                colour: colours_wanted(),
                width,
            },
        }
    }

    /// Bold, for headings.
    pub fn bold(&self, text: &str) -> String {
        self.dress("1", text)
    }

    /// Faint, for what may be skipped.
    pub fn dim(&self, text: &str) -> String {
        self.dress("2", text)
    }

    /// Green, for what passed.
    pub fn good(&self, text: &str) -> String {
        self.dress("32", text)
    }

    /// Red, for what failed.
    pub fn bad(&self, text: &str) -> String {
        self.dress("31;1", text)
    }

    /// Yellow, for what is left open.
    pub fn open(&self, text: &str) -> String {
        self.dress("33", text)
    }

    fn dress(&self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Whether the user wants colours, as <https://no-color.org> and `TERM` have it.
pub fn colours_wanted() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    !refused && !dumb
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_left_out_of_plain_text() {
        assert_eq!(Style::PLAIN.bad("no"), "no");
        let coloured = Style {
            colour: true,
            width: 80,
        };
        assert_eq!(coloured.good("yes"), "\x1b[32myes\x1b[0m");
    }
}
