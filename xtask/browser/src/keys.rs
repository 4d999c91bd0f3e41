//! The keys that a test presses.

use serde_json::{Value, json};

/// A key of the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The left arrow.
    Left,
    /// The right arrow.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Tab.
    Tab,
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// A letter, a digit or a sign.
    Character(char),
}

impl Key {
    /// What the browser's protocol calls it, without the type of the event.
    pub(crate) fn event(self) -> Value {
        let (name, code) = match self {
            Key::Left => ("ArrowLeft", 37),
            Key::Right => ("ArrowRight", 39),
            Key::Home => ("Home", 36),
            Key::End => ("End", 35),
            Key::PageUp => ("PageUp", 33),
            Key::PageDown => ("PageDown", 34),
            Key::Tab => ("Tab", 9),
            Key::Escape => ("Escape", 27),
            Key::Enter => {
                return json!({"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"});
            }
            Key::Character(sign) => {
                let code = u32::from(sign.to_ascii_uppercase());
                return json!({"key": sign, "text": sign, "windowsVirtualKeyCode": code});
            }
        };
        json!({"key": name, "code": name, "windowsVirtualKeyCode": code})
    }
}
