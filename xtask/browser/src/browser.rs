//! A browser of a test's own, with an empty profile.

use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;

use crate::pipe::Pipe;
use crate::{BrowserError, Page, Screen};

/// The names under which the browser is installed.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// A running browser, which ends with this value.
#[derive(Debug)]
pub struct Browser {
    pub(crate) pipe: Pipe,
    child: Child,
    profile: PathBuf,
    shown: u32,
}

impl Browser {
    /// The browser's program: what `HEDDLE_BROWSER` names, else the first one on `PATH`.
    pub fn find() -> Option<PathBuf> {
        if let Some(named) = std::env::var_os("HEDDLE_BROWSER") {
            return Some(PathBuf::from(named)).filter(|program| program.is_file());
        }
        let path = std::env::var_os("PATH")?;
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let programs = NAMES
            .iter()
            .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
        programs.into_iter().find(|program| program.is_file())
    }

    /// Starts the browser that is installed.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Missing`] where there is none, and whatever keeps it from starting.
    pub fn start() -> Result<Browser, BrowserError> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let program = Browser::find().ok_or(BrowserError::Missing)?;
        // ORDERING: Relaxed, because only the numbers have to differ.
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = format!("heddle-browser-{}-{number}", std::process::id());
        let profile = std::env::temp_dir().join(profile);
        std::fs::create_dir_all(&profile).map_err(BrowserError::broken("given a profile"))?;
        let mut child = command(&program, &profile)
            .spawn()
            .map_err(BrowserError::broken("started"))?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            unreachable!("both were asked for");
        };
        let mut browser = Browser {
            pipe: Pipe::new(to, from),
            child,
            profile,
            shown: 0,
        };
        browser.pipe.call(None, "Browser.getVersion", json!({}))?;
        Ok(browser)
    }

    /// Starts the browser; where none is installed it says on stderr that the test is skipped.
    ///
    /// # Panics
    ///
    /// When there is a browser that does not start, and where `HEDDLE_BROWSER_REQUIRED` is set also
    /// when there is none: a machine that has to judge must not skip.
    #[track_caller]
    pub fn start_or_skip(claim: &str) -> Option<Browser> {
        match Browser::start() {
            Ok(browser) => Some(browser),
            Err(error @ BrowserError::Missing)
                if std::env::var_os("HEDDLE_BROWSER_REQUIRED").is_none() =>
            {
                // Not by a macro: what those print in a test that passes is never seen.
                let line = format!("\nskipped: {claim}: {error}\n");
                let _ = std::io::stderr().write_all(line.as_bytes());
                None
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens a page and waits until it is loaded.
    ///
    /// # Errors
    ///
    /// When the browser refuses, or does not answer.
    pub fn open(&mut self, url: &str, screen: &Screen) -> Result<Page<'_>, BrowserError> {
        Page::open(self, url, screen)
    }

    /// Shows a text as a page of its own, which is read from a file.
    ///
    /// # Errors
    ///
    /// As for [`Browser::open`], and when the file cannot be written.
    pub fn show(&mut self, html: &str, screen: &Screen) -> Result<Page<'_>, BrowserError> {
        self.shown += 1;
        let file = self.profile.join(format!("shown-{}.html", self.shown));
        std::fs::write(&file, html).map_err(BrowserError::broken("given a page"))?;
        self.open(&format!("file://{}", file.display()), screen)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asked politely it writes its profile first, which nobody will read.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

fn command(program: &Path, profile: &Path) -> Command {
    // The browser reads from descriptor 3 and writes to 4; a shell can put the pipes there.
    let mut command = Command::new("sh");
    command
        .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null", "sh"])
        .arg(program)
        .args([
            "--headless",
            "--remote-debugging-pipe",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-extensions",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-default-browser-check",
            "--hide-scrollbars",
            "--force-color-profile=srgb",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg("about:blank");
    // Its sandbox refuses to work for the superuser, as in a container.
    if std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0) {
        command.arg("--no-sandbox");
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}
