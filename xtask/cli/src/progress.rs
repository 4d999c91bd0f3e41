//! The line that says what is running when it takes over half a second.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long something runs before the line is drawn.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the seconds on the line are renewed.
const TICK: Duration = Duration::from_millis(100);

/// A rewritten line on stderr; nothing at all where stderr is no terminal.
///
/// The line is gone once this value is dropped, so that a report can follow.
pub struct Progress {
    shared: Arc<Shared>,
    ticker: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    running: Vec<Running>,
    drawn: bool,
    finished: bool,
}

struct Running {
    what: String,
    since: Instant,
}

impl Progress {
    /// Starts to watch; nothing is drawn before something has run for half a second.
    pub fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let ticker = io::stderr().is_terminal().then(|| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || tick(&shared))
        });
        Self { shared, ticker }
    }

    /// Notes that something began.
    pub fn begin(&self, what: &str) {
        self.shared.lock().running.push(Running {
            what: what.to_owned(),
            since: Instant::now(),
        });
    }

    /// Notes that something ended.
    pub fn end(&self, what: &str) {
        let mut state = self.shared.lock();
        if let Some(index) = state.running.iter().position(|one| one.what == what) {
            state.running.remove(index);
        }
    }

    /// Writes something else to the terminal, with the line out of the way meanwhile.
    pub fn over<R>(&self, write: impl FnOnce() -> R) -> R {
        let mut state = self.shared.lock();
        if state.drawn {
            draw(None);
            state.drawn = false;
        }
        // The lock is held: the ticker cannot draw in between.
        write()
    }

    /// Notes that everything starts over.
    pub fn restart(&self) {
        self.shared.lock().running.clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.shared.lock().finished = true;
        self.shared.changed.notify_all();
        if let Some(ticker) = self.ticker.take() {
            // A ticker that panicked has nothing left to clear.
            let _ = ticker.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tick(shared: &Shared) {
    let mut state = shared.lock();
    while !state.finished {
        let now = Instant::now();
        let line = line(&state.running, now, columns());
        if line.is_some() || state.drawn {
            draw(line.as_deref());
            state.drawn = line.is_some();
        }
        let waited = shared.changed.wait_timeout(state, TICK);
        state = waited.unwrap_or_else(PoisonError::into_inner).0;
    }
    if state.drawn {
        draw(None);
    }
}

/// The line for what runs now, or none while nothing has run for long enough.
fn line(running: &[Running], now: Instant, columns: usize) -> Option<String> {
    let oldest = running.first()?;
    let taken = now.saturating_duration_since(oldest.since);
    if taken < PATIENCE {
        return None;
    }
    let mut text = format!("{:>5.1} s  {}", taken.as_secs_f64(), oldest.what);
    if running.len() > 1 {
        text += &format!(", and {} more", running.len() - 1);
    }
    // One column stays free: a full line would wrap and could not be taken back.
    Some(text.chars().take(columns.saturating_sub(1)).collect())
}

fn draw(line: Option<&str>) {
    let text = format!("\r\x1b[2K{}", line.unwrap_or_default());
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

fn columns() -> usize {
    match rustix::termios::tcgetwinsize(io::stderr()) {
        Ok(size) if size.ws_col > 0 => usize::from(size.ws_col),
        _ => 80,
    }
}

/// Takes a line off the terminal that a signal left there.
pub fn clear_line() {
    if io::stderr().is_terminal() {
        draw(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(what: &str, since: Instant) -> Running {
        Running {
            what: what.to_owned(),
            since,
        }
    }

    #[test]
    fn nothing_is_drawn_in_the_first_half_second() {
        let start = Instant::now();
        let things = [running("build", start)];
        assert_eq!(line(&things, start + Duration::from_millis(400), 80), None);
    }

    #[test]
    fn the_oldest_is_named_and_the_others_are_counted() {
        let start = Instant::now();
        let things = [running("build trace", start), running("build model", start)];
        let drawn = line(&things, start + Duration::from_millis(1500), 80);
        assert_eq!(drawn.as_deref(), Some("  1.5 s  build trace, and 1 more"));
    }

    #[test]
    fn the_line_never_fills_the_terminal() {
        let start = Instant::now();
        let things = [running(&"x".repeat(200), start)];
        let drawn = line(&things, start + Duration::from_secs(1), 40).unwrap();
        assert_eq!(drawn.chars().count(), 39);
    }
}
