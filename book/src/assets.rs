//! Styles, scripts and settings: what every page shares.

use std::path::Path;

use heddle_replay::page;

use crate::{BookError, quiz};

/// What mdBook is told.
pub const CONFIG: &str = include_str!("../theme/book.toml");

/// The files that mdBook reads, by their path in the stage.
const FILES: [(&str, &str); 8] = [
    ("assets/book.css", include_str!("../theme/book.css")),
    ("assets/replay.css", page::STYLE),
    ("assets/replay.js", page::SCRIPT),
    ("assets/quiz.css", quiz::STYLE),
    ("assets/quiz.js", quiz::SCRIPT),
    // System fonts: nothing is loaded for them.
    ("theme/fonts/fonts.css", "/* none */\n"),
    ("theme/highlight.js", include_str!("../theme/highlight.js")),
    // Everything in here would be copied among the pages.
    ("src/.keep", ""),
];

/// Writes them into a folder for mdBook.
///
/// # Errors
///
/// When a file cannot be written.
pub fn lay_out(stage: &Path) -> Result<(), BookError> {
    for (name, text) in FILES {
        let file = stage.join(name);
        let folder = file.parent().unwrap_or(stage);
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, text));
        written.map_err(|error| BookError::file(&file, error))?;
    }
    Ok(())
}
