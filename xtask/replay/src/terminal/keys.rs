//! What each key does.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a reader asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// One position on.
    On,
    /// One position back.
    Back,
    /// To the start.
    First,
    /// To the failure.
    Last,
    /// On to the next switch of threads.
    SwitchOn,
    /// Back to the last switch of threads.
    SwitchBack,
    /// Every step, or the rows of the report again.
    Detail,
    /// The keys, or the schedule again.
    Help,
    /// No more.
    Leave,
}

/// The keys as the help shows them.
pub(super) const HELP: [(&str, &str); 9] = [
    ("→  ↓  l  Space", "one step on"),
    ("←  ↑  h", "one step back"),
    ("n  PgDn", "on to the next switch of threads"),
    ("p  PgUp", "back to the last switch of threads"),
    ("Home  g", "to the start"),
    ("End  G", "to the failure"),
    ("a", "every step, or the rows of the report again"),
    ("?", "these keys, or the schedule again"),
    ("q  Esc  Ctrl-C", "leave"),
];

/// What that key asks for; nothing, where it means nothing here.
pub(super) fn command(key: KeyEvent) -> Option<Command> {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        let ends = matches!(key.code, KeyCode::Char('c' | 'd'));
        return ends.then_some(Command::Leave);
    }
    Some(match key.code {
        KeyCode::Right | KeyCode::Down | KeyCode::Char('l' | 'j' | ' ') => Command::On,
        KeyCode::Left | KeyCode::Up | KeyCode::Char('h' | 'k') => Command::Back,
        KeyCode::PageDown | KeyCode::Char('n') => Command::SwitchOn,
        KeyCode::PageUp | KeyCode::Char('p') => Command::SwitchBack,
        KeyCode::Home | KeyCode::Char('g') => Command::First,
        KeyCode::End | KeyCode::Char('G') => Command::Last,
        KeyCode::Char('a') => Command::Detail,
        KeyCode::Char('?') => Command::Help,
        KeyCode::Char('q') | KeyCode::Esc => Command::Leave,
        _ => return None,
    })
}
