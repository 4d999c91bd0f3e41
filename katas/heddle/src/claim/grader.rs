//! The grader's end of a claim process: who asked for this claim, and where its record goes.
//!
//! The grader starts one process per claim and hands over a descriptor, a nonce and its
//! settings in `HEDDLE_*` variables. A runner takes all of them before it calls the claim, so
//! that neither the subject nor a child process that it starts can find them.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::record::Event;

const PREFIX: &str = "HEDDLE_";

/// The grader of this process, where there is one; clones share one record.
#[derive(Clone, Debug)]
pub(crate) struct Grader {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    record: Mutex<File>,
    nonce: String,
    ended: AtomicBool,
    /// Whether the end that was written is not the last word on how the claim has failed.
    is_provisional: AtomicBool,
    settings: Settings,
}

/// What the grader asks of the claim.
#[derive(Clone, Debug, Default)]
#[allow(
    dead_code,
    reason = "each face of heddle uses the settings of its runners"
)]
pub(crate) struct Settings {
    /// How long the claim may run, counted from the entry of its runner; for a model in time on a
    /// processor.
    pub(crate) deadline: Option<Duration>,
    /// How long a model may search, in time on a processor.
    pub(crate) budget: Option<Duration>,
    pub(crate) seed: Option<u64>,
    pub(crate) thorough: bool,
    /// How many cases a property tries.
    pub(crate) cases: Option<u64>,
    /// A file with one kept failing input on each line, to be tried first.
    pub(crate) kept_seeds: Option<PathBuf>,
    /// A schedule that broke the claim once, to be tried first.
    pub(crate) schedule: Option<String>,
    /// Whether a model that holds also measures what it costs to remember its steps.
    pub(crate) measures_recording: bool,
}

/// Takes the grader's descriptor, nonce and settings out of the environment.
///
/// `None` when nobody grades this process, and for every call after the first.
///
/// # Panics
///
/// When a nonce is there and the rest is not usable: a claim without a record could not be
/// told from one that never ran.
pub(crate) fn take() -> Option<Grader> {
    env::var_os("HEDDLE_NONCE")?;
    let variables = take_variables();
    let value = |name: &str| {
        variables
            .iter()
            .find(|(variable, _)| variable == name)
            .map(|(_, value)| value)
    };
    let nonce = text("NONCE", value("NONCE")?);
    let descriptor =
        value("RECORD_FD").expect("heddle: HEDDLE_NONCE came without HEDDLE_RECORD_FD");
    let record = record_file(number("RECORD_FD", descriptor));
    let settings = Settings {
        deadline: value("DEADLINE_MS").map(|it| milliseconds("DEADLINE_MS", it)),
        budget: value("BUDGET_MS").map(|it| milliseconds("BUDGET_MS", it)),
        seed: value("SEED").map(|it| number("SEED", it)),
        thorough: value("THOROUGH").is_some_and(|it| it == "1"),
        cases: value("CASES").map(|it| number("CASES", it)),
        kept_seeds: value("KEPT_SEEDS").map(PathBuf::from),
        measures_recording: value("MEASURE").is_some_and(|it| it == "recording"),
        schedule: value("SCHEDULE").and_then(|it| it.to_str().map(str::to_owned)),
    };
    Some(Grader {
        shared: Arc::new(Shared {
            record: Mutex::new(record),
            nonce,
            ended: AtomicBool::new(false),
            is_provisional: AtomicBool::new(false),
            settings,
        }),
    })
}

impl Grader {
    /// What the grader asks of the claim.
    pub(crate) fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// Writes an event that does not end the claim.
    ///
    /// A record that cannot be written ends the process: without it nothing can be proven.
    pub(crate) fn write(&self, event: &Event) {
        let line = event.to_line(&self.shared.nonce);
        // One write for the line, so that a kill can't leave half of it behind an older one.
        if let Err(error) = self.record().write_all(line.as_bytes()) {
            let message = format!("heddle: the claim's record can't be written: {error}\n");
            // Where nobody reads the record, perhaps nobody reads this either.
            let _ = io::stderr().write_all(message.as_bytes());
            std::process::exit(2);
        }
    }

    /// Writes the event that ends the claim, unless another thread has already written one.
    ///
    /// Returns whether this was the first. A claim has exactly one end: what the watchdog has
    /// called a deadlock cannot pass a moment later.
    #[must_use]
    pub(crate) fn end(&self, event: &Event) -> bool {
        // ORDERING: SeqCst because nothing here is hot; the swap alone decides who ends.
        if self.shared.ended.swap(true, Ordering::SeqCst) {
            return false;
        }
        self.write(event);
        true
    }

    /// As [`end`](Self::end) does, with an event that [`end_after_all`](Self::end_after_all) may
    /// put a better one in the place of. The claim has ended all the same.
    #[cfg_attr(
        not(feature = "model"),
        expect(dead_code, reason = "only a model looks for a better way")
    )]
    #[must_use]
    pub(crate) fn end_for_now(&self, event: &Event) -> bool {
        let is_first = self.end(event);
        if is_first {
            // Not before it is written: from now on the watchdog may end the process.
            // ORDERING: as in `end`.
            self.shared.is_provisional.store(true, Ordering::SeqCst);
        }
        is_first
    }

    /// Writes the event that the claim ends with after all.
    #[cfg_attr(
        not(feature = "model"),
        expect(dead_code, reason = "only a model looks for a better way")
    )]
    pub(crate) fn end_after_all(&self, event: &Event) {
        // ORDERING: as in `end`.
        if self.shared.is_provisional.swap(false, Ordering::SeqCst) {
            self.write(event);
        } else {
            let _ = self.end(event);
        }
    }

    /// Whether the claim has ended and its process looks for a better way to tell how.
    pub(crate) fn is_provisional(&self) -> bool {
        // ORDERING: as in `end`.
        self.shared.is_provisional.load(Ordering::SeqCst)
    }

    fn record(&self) -> MutexGuard<'_, File> {
        self.shared
            .record
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes every `HEDDLE_*` variable and returns them without the prefix.
fn take_variables() -> Vec<(String, OsString)> {
    let taken: Vec<(String, OsString)> = env::vars_os()
        .filter_map(|(name, value)| {
            let name = name.to_str()?.strip_prefix(PREFIX)?.to_owned();
            Some((name, value))
        })
        .collect();
    for (name, _) in &taken {
        // SAFETY: no other thread reads the environment now. A runner is the first thing that a
        // claim calls; the grader starts one claim per process, and libtest's own thread does
        // nothing but wait for it. Without the grader's variables this line is not reached.
        unsafe { env::remove_var(format!("{PREFIX}{name}")) };
    }
    taken
}

fn text(name: &str, value: &OsString) -> String {
    match value.to_str() {
        Some(text) if !text.is_empty() => text.to_owned(),
        _ => panic!("heddle: {PREFIX}{name} is not usable: {value:?}"),
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &OsString) -> T {
    match text(name, value).parse() {
        Ok(number) => number,
        Err(_) => panic!("heddle: {PREFIX}{name} is not a number: {value:?}"),
    }
}

fn milliseconds(name: &str, value: &OsString) -> Duration {
    Duration::from_millis(number(name, value))
}

/// Takes over the inherited descriptor, under a number that no child process inherits.
#[cfg(unix)]
fn record_file(descriptor: i32) -> File {
    use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd};

    assert!(
        descriptor > 2,
        "heddle: {PREFIX}RECORD_FD names a standard stream: {descriptor}"
    );
    // SAFETY: the grader opened this descriptor for this process alone, and nothing else runs
    // yet that could close it. Should it be closed after all, the clone below fails.
    let inherited = unsafe { BorrowedFd::borrow_raw(descriptor) };
    let record = match inherited.try_clone_to_owned() {
        // The clone is close-on-exec, the inherited number was not.
        Ok(clone) => File::from(clone),
        Err(error) => {
            panic!("heddle: {PREFIX}RECORD_FD names no open file ({descriptor}): {error}")
        }
    };
    // SAFETY: the descriptor is open, as the clone has shown, and nothing else owns it.
    drop(unsafe { OwnedFd::from_raw_fd(descriptor) });
    record
}

#[cfg(not(unix))]
fn record_file(descriptor: i32) -> File {
    panic!("heddle: claims are graded on Unix only (descriptor {descriptor})")
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read as _;
    use std::os::fd::OwnedFd;

    use super::super::record::{Passed, Runner};
    use super::*;

    fn grader(record: impl Into<OwnedFd>) -> Grader {
        Grader {
            shared: Arc::new(Shared {
                record: Mutex::new(File::from(record.into())),
                nonce: "n".to_owned(),
                ended: AtomicBool::new(false),
                is_provisional: AtomicBool::new(false),
                settings: Settings::default(),
            }),
        }
    }

    /// What has failed can't pass a moment later.
    #[test]
    fn a_claim_ends_once() {
        let (mut lines, record) = std::io::pipe().expect("a pipe can be made");
        let watchdog = grader(record);
        let claim = watchdog.clone();
        claim.write(&Event::Started {
            runner: Runner::Spec,
        });
        let message = "first".to_owned();
        assert!(watchdog.end(&Event::Fault { message }));
        assert!(!claim.end(&Event::Passed(Passed::Spec)));
        drop((watchdog, claim));
        let mut text = String::new();
        lines.read_to_string(&mut text).expect("the record is text");
        assert_eq!(
            text,
            "{\"nonce\":\"n\",\"event\":\"started\",\"runner\":\"spec\"}\n\
             {\"nonce\":\"n\",\"event\":\"fault\",\"message\":\"first\"}\n"
        );
    }
}
