//! Which panic broke a claim: the hook that remembers them, and the choice among several.
//!
//! A claim may provoke panics on purpose and catch them, in itself or at a `join`; only a panic
//! that leaves the claim is a failure. When it does, the payload alone tells little: it has no
//! place, and behind `join().unwrap()` stands the panic of another thread. So a hook remembers
//! every panic with its thread, and the one that explains the failure is looked up afterwards.
//!
//! One rule is stricter: a `todo!()` that was reached is never a pass, even if it was caught. A
//! claim that expects a panic must not take an unwritten body for one.

use std::any::Any;
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, Once, OnceLock, PoisonError};
use std::thread::{self, ThreadId};

#[cfg(feature = "property")]
use super::quiet::is_quiet;
use super::record::{Kind, Place, ThreadState};
use super::threads;

/// How many panics are remembered: enough for the first ones and the last ones of a storm.
const REMEMBERED: usize = 64;

/// What the standard library says when a destructor panics during an unwinding.
const PANIC_IN_DROP: &str = "panic in a destructor during cleanup";

/// A panic that the hook has seen.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    thread: ThreadId,
    thread_name: String,
    pub(crate) message: String,
    pub(crate) place: Option<Place>,
}

/// Whose panics count for a claim.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scope {
    /// The claim has the process for itself.
    Process,
    /// Other claims run beside it, so only its own thread can be told apart.
    Thread(ThreadId),
}

static LOG: Mutex<Vec<Seen>> = Mutex::new(Vec::new());
static INSTALL: Once = Once::new();
/// Whether the record tells of panics, so that nothing is printed but what the subject prints.
static TOLD: AtomicBool = AtomicBool::new(false);
static BEFORE_ABORT: OnceLock<BeforeAbort> = OnceLock::new();

type BeforeAbort = Box<dyn Fn(&Seen) + Send + Sync>;

/// Starts to remember panics; the hook that was there before goes on printing them.
pub(crate) fn listen() {
    INSTALL.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let quiet = remember(info);
            if !quiet {
                print(info);
            }
        }));
    });
}

/// Leaves it to the record to tell of panics, but for those that abort the process.
pub(crate) fn leave_to_the_record() {
    // ORDERING: as where it is read.
    TOLD.store(true, Ordering::Relaxed);
}

/// Sets what is done with a panic that is about to abort the process.
pub(crate) fn before_abort(action: impl Fn(&Seen) + Send + Sync + 'static) {
    // A second claim of the same process keeps the first action: only a graded claim sets one.
    let _ = BEFORE_ABORT.set(Box::new(action));
}

/// Forgets the panics of a claim, so that the next case starts without a past.
pub(crate) fn forget(scope: Scope) {
    log().retain(|seen| !scope.contains(seen));
}

/// The first `todo!()` that the claim has reached, if any.
pub(crate) fn first_todo(scope: Scope) -> Option<Seen> {
    log()
        .iter()
        .find(|seen| scope.contains(seen) && seen.kind() == Kind::Todo)
        .cloned()
}

/// The panic that explains why `payload` left the claim on this thread.
pub(crate) fn cause_of(payload: &(dyn Any + Send), scope: Scope) -> Seen {
    if let Some(todo) = first_todo(scope) {
        return todo;
    }
    let message = payload_text(payload);
    let here = thread::current().id();
    let log = log();
    let mine = log.iter().filter(|seen| scope.contains(seen));
    let leaving = mine
        .clone()
        .rev()
        .find(|seen| seen.thread == here && seen.message == message)
        // `resume_unwind` carries a panic over from the thread that was joined.
        .or_else(|| mine.clone().rev().find(|seen| seen.message == message))
        .cloned()
        .unwrap_or_else(|| Seen::by_this_thread(message, None));
    if !leaving.is_consequence() {
        return leaving;
    }
    // The last one: what the claim provoked on purpose came before it.
    mine.clone()
        .rev()
        .find(|seen| seen.thread != here && !seen.is_consequence())
        .cloned()
        .unwrap_or(leaving)
}

/// What the hook has seen on other threads than this one, for the report.
pub(crate) fn elsewhere(scope: Scope) -> Vec<ThreadState> {
    let here = thread::current().id();
    log()
        .iter()
        .filter(|seen| scope.contains(seen) && seen.thread != here)
        .map(|seen| seen.doing("panicked"))
        .collect()
}

/// A message of several lines, such as that of `assert_eq!`, as one.
fn in_one_line(message: &str) -> String {
    let lines: Vec<&str> = message.lines().map(str::trim).collect();
    lines.join(", ")
}

/// The panics of this thread that `last` has ended by aborting the process: the one that began it, and
/// what a destructor panicked with while that one unwound.
pub(crate) fn behind_abort(last: &Seen) -> Option<(Seen, Option<Seen>)> {
    let here = thread::current().id();
    let log = log();
    let mut mine = log.iter().rev().filter(|seen| seen.thread == here);
    let newest = mine.next()?.clone();
    let older = mine.next().filter(|_| last.message == PANIC_IN_DROP);
    Some(match older {
        Some(first) => (first.clone(), Some(newest)),
        None => (newest, None),
    })
}

impl Seen {
    pub(crate) fn kind(&self) -> Kind {
        Kind::of_panic(&self.message)
    }

    /// The thread as a report shows it, with the message after what it was doing.
    pub(crate) fn doing(&self, what: &str) -> ThreadState {
        ThreadState {
            name: self.thread_name.clone(),
            doing: format!("{what}: {}", in_one_line(&self.message)),
            place: self.place.clone(),
        }
    }

    fn by_this_thread(message: String, place: Option<Place>) -> Self {
        let thread = thread::current();
        Seen {
            thread: thread.id(),
            thread_name: thread.name().unwrap_or("unnamed").to_owned(),
            message,
            place,
        }
    }

    /// Whether this panic only passes on that another thread has panicked.
    fn is_consequence(&self) -> bool {
        self.message == "a scoped thread panicked"
            || self.message.contains("Any { .. }")
            || self.message.contains("PoisonError")
    }

    /// Whether the process ends right after the hook has returned.
    ///
    /// `PanicHookInfo::can_unwind` would say so and is not stable, so the messages of the
    /// panics that can't unwind have to do. Missing one costs the message, not the verdict.
    fn aborts(&self) -> bool {
        self.message == PANIC_IN_DROP
            || self.message == "panic in a function that cannot unwind"
            || self.message.starts_with("unsafe precondition(s) violated")
    }
}

impl Scope {
    fn contains(self, seen: &Seen) -> bool {
        match self {
            Scope::Process => true,
            Scope::Thread(id) => seen.thread == id,
        }
    }
}

/// Notes a panic down and returns whether it should stay unprinted.
fn remember(info: &PanicHookInfo<'_>) -> bool {
    let place = info.location().map(Place::from);
    let seen = Seen::by_this_thread(payload_text(info.payload()), place);
    threads::note_panic(&seen.message, seen.place.as_ref());
    if seen.aborts() {
        if let Some(action) = BEFORE_ABORT.get() {
            action(&seen);
        }
        return false;
    }
    let mut log = log();
    if log.len() == REMEMBERED {
        log.remove(REMEMBERED / 2);
    }
    log.push(seen);
    // ORDERING: set before the claim begins.
    TOLD.load(Ordering::Relaxed) || is_quiet()
}

/// Only a property silences its panics.
#[cfg(not(feature = "property"))]
fn is_quiet() -> bool {
    false
}

fn payload_text(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic whose payload is not a text".to_owned()
    }
}

fn log() -> MutexGuard<'static, Vec<Seen>> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}
