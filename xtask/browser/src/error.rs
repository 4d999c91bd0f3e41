//! What can go wrong with a browser.

/// Why a browser did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// None is installed.
    #[error("no browser was found: install chromium, or set HEDDLE_BROWSER to its program")]
    Missing,
    /// It cannot be started or spoken to.
    #[error("the browser cannot be {what}: {error}")]
    Broken {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        error: std::io::Error,
    },
    /// It ended, or said nothing for minutes.
    #[error("the browser does not answer {method}: {why}")]
    Silent {
        /// What it was asked.
        method: String,
        /// Whether it ended or hangs.
        why: &'static str,
    },
    /// It refused what it was asked.
    #[error("the browser refuses {method}: {message}")]
    Refused {
        /// What it was asked.
        method: String,
        /// What it says.
        message: String,
    },
    /// A script in the page failed.
    #[error("a script in the page failed: {message}")]
    Script {
        /// What the browser says of it.
        message: String,
    },
    /// There is no such element.
    #[error("the page has no visible element `{selector}`")]
    NoElement {
        /// How it was looked for.
        selector: String,
    },
}

impl BrowserError {
    pub(crate) fn broken(what: &'static str) -> impl Fn(std::io::Error) -> BrowserError {
        move |error| BrowserError::Broken { what, error }
    }
}
