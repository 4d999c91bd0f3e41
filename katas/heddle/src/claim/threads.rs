//! What the threads of this process are doing, as far as the face can tell.

use std::time::Instant;

use super::counterexample::Counterexample;
use super::record::{Failure, Place, ThreadState};

/// The name of the watchdog's own thread, which no report shows.
pub(crate) const WATCHDOG: &str = "heddle-watchdog";

/// Says that the claim runs on this thread.
///
/// Until it blocks in an operation of heddle it counts as running: it may be waiting for a child
/// process, say, and then nothing is stuck.
#[cfg(feature = "trace")]
pub(crate) fn enter() {
    crate::engine::enter_claim();
}

/// Without the trace engine there is nothing to enter.
#[cfg(not(feature = "trace"))]
pub(crate) fn enter() {}

/// Says that another case of a property begins.
#[cfg(all(feature = "property", feature = "trace"))]
pub(crate) fn begin_case() {
    crate::engine::begin_case();
}

/// Without the trace engine there is nothing to forget.
#[cfg(all(feature = "property", not(feature = "trace")))]
pub(crate) fn begin_case() {}

/// Notes a panic of the running thread among its operations.
#[cfg(feature = "trace")]
pub(crate) fn note_panic(message: &str, place: Option<&Place>) {
    crate::engine::note_panic(message, place);
}

/// Without the trace engine nobody keeps operations.
#[cfg(not(feature = "trace"))]
pub(crate) fn note_panic(_message: &str, _place: Option<&Place>) {}

/// Says when the claim has to be over: what lasts longer lasts for ever.
#[cfg(feature = "trace")]
pub(crate) fn watch_until(deadline: Option<Instant>) {
    crate::engine::watch_until(deadline);
}

/// Without the trace engine nobody knows what lasts how long.
#[cfg(not(feature = "trace"))]
pub(crate) fn watch_until(_deadline: Option<Instant>) {}

/// How many operations there have been, and every thread if each waits for ever.
#[cfg(feature = "trace")]
pub(crate) fn stuck() -> (u64, Option<Vec<ThreadState>>) {
    (crate::engine::progress(), crate::engine::stuck())
}

/// Every thread, if those that run are awaited by a claim that wants to see them blocked.
#[cfg(feature = "trace")]
pub(crate) fn spinning() -> Option<Vec<ThreadState>> {
    crate::engine::spinning()
}

/// Every thread that heddle knows, with what it does.
#[cfg(feature = "trace")]
pub(crate) fn all() -> Vec<ThreadState> {
    crate::engine::threads()
}

/// What is known of a claim that does not come to an end.
#[cfg(feature = "trace")]
pub(crate) fn counterexample(failure: &Failure) -> Option<Box<Counterexample>> {
    Some(Box::new(crate::engine::counterexample(failure)))
}

/// A model has its record from the schedule; elsewhere nothing is known.
#[cfg(not(feature = "trace"))]
pub(crate) fn counterexample(failure: &Failure) -> Option<Box<Counterexample>> {
    failure.counterexample.clone()
}

/// Without the trace engine nobody knows what a thread waits for.
#[cfg(not(feature = "trace"))]
pub(crate) fn stuck() -> (u64, Option<Vec<ThreadState>>) {
    (0, None)
}

/// Every thread of the schedule that runs, with where it was last.
#[cfg(feature = "model")]
pub(crate) fn all() -> Vec<ThreadState> {
    crate::engine::activity()
}

/// Without the trace engine nobody knows who awaits whom.
#[cfg(not(feature = "trace"))]
pub(crate) fn spinning() -> Option<Vec<ThreadState>> {
    None
}

/// Every thread of the process with what the system says of it.
#[cfg(not(any(feature = "trace", feature = "model")))]
pub(crate) fn all() -> Vec<ThreadState> {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
        return Vec::new();
    };
    let main = std::process::id().to_string();
    tasks
        .flatten()
        // libtest's own thread waits for the claim and is of no interest.
        .filter(|task| task.file_name() != *main)
        .filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok())
        .filter_map(|stat| of_stat(&stat))
        .filter(|thread| thread.name != WATCHDOG)
        .collect()
}

/// Reads the name and the state out of a line of `/proc/self/task/*/stat`.
#[cfg(not(any(feature = "trace", feature = "model")))]
fn of_stat(stat: &str) -> Option<ThreadState> {
    let (_, rest) = stat.split_once('(')?;
    // A name may hold any character, so the last parenthesis ends it.
    let (name, rest) = rest.rsplit_once(") ")?;
    let doing = match rest.chars().next()? {
        'R' => "is running",
        'S' | 'D' => "is blocked",
        _ => "has stopped",
    };
    Some(ThreadState {
        name: name.to_owned(),
        doing: doing.to_owned(),
        place: None,
    })
}
