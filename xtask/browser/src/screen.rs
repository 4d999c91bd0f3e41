//! The screen that a page is shown on.

/// A screen, and what its owner prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Its width in CSS pixels.
    pub width: u32,
    /// Its height in CSS pixels.
    pub height: u32,
    /// Whether dark pages are preferred.
    pub dark: bool,
    /// Whether less motion is preferred.
    pub calm: bool,
    /// Whether the page is laid out as for a printer.
    pub print: bool,
}

impl Screen {
    /// A wide, light screen.
    pub const DESKTOP: Screen = Screen {
        width: 1280,
        height: 800,
        dark: false,
        calm: false,
        print: false,
    };

    /// A small phone held upright.
    pub const PHONE: Screen = Screen {
        width: 360,
        height: 740,
        ..Screen::DESKTOP
    };

    /// A sheet of paper.
    pub const PAPER: Screen = Screen {
        width: 720,
        height: 1000,
        print: true,
        ..Screen::DESKTOP
    };

    /// The same screen for someone who prefers dark pages.
    pub fn dark(self) -> Screen {
        Screen { dark: true, ..self }
    }

    /// The same screen for someone who prefers less motion.
    pub fn calm(self) -> Screen {
        Screen { calm: true, ..self }
    }
}
