//! Drives a headless Chromium for tests of pages: keys, clicks, what the console says, screenshots.
//!
//! The browser is spoken to through a pair of pipes, so no port is opened and nothing but JSON is
//! needed. A test asks [`Browser::start`]; where no browser is installed it says so and is skipped:
//!
//! ```ignore
//! let Some(mut browser) = Browser::start_or_skip("stepping works") else { return };
//! let mut page = browser.show("<!doctype html>…", &Screen::DESKTOP)?;
//! page.press(Key::Right)?;
//! assert_eq!(page.errors()?, Vec::<String>::new());
//! ```

mod audit;
mod base64;
mod browser;
mod error;
mod keys;
mod page;
mod pipe;
mod screen;

pub use browser::Browser;
pub use error::BrowserError;
pub use keys::Key;
pub use page::Page;
pub use screen::Screen;
