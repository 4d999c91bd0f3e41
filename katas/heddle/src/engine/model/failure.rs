//! The end of a search that has found something: a record, a table, and the end of the process.
//!
//! Nothing unwinds. loom's coroutines share its state, and the destructors of a schedule that
//! has failed would use it once more and abort the process in the middle of a second panic. So
//! the panic hook reports and ends the process. It does so on an OS thread of its own, because
//! the stack of a coroutine is small.

use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::sync::Once;

use super::counterexample;
use super::event::{Intent, ThreadIndex};
use super::world::{self, World};
use crate::claim::record::{Event, Kind, Limit, Place as RecordPlace};
use crate::engine::Place;

/// The exit status of a test process that failed, as libtest has it.
const FAILED: i32 = 101;

/// The exit status when heddle itself is in trouble.
const FAULT: i32 = 2;

/// How many events without any change, up to the limit of branches, are a livelock.
const EVENTS_WITHOUT_CHANGE: usize = 300;

/// Why a schedule is the last one.
#[derive(Clone, Debug)]
pub(super) struct Cause {
    pub(super) kind: Kind,
    pub(super) limit: Option<Limit>,
    pub(super) message: String,
    pub(super) place: Option<RecordPlace>,
    pub(super) thread: ThreadIndex,
}

/// Takes over the panics of schedules; others go where they went before.
pub(super) fn listen() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let Some(world) = world::take_for_report() else {
                return before(info);
            };
            match diagnose(&world, info) {
                Ok(cause) => end(world, move |world| report(world, &cause)),
                Err(message) => end(world, move |world| report_fault(world, message)),
            }
        }));
    });
}

/// Ends the search: the running thread's present operation shows that the claim is broken.
pub(super) fn fail(kind: Kind, message: &str) -> ! {
    let me = world::current();
    let place = world::with(|world| world.thread(me).intent.and_then(|(_, place)| place));
    fail_at(kind, message, place);
}

/// Ends the search, with a place.
pub(super) fn fail_at(kind: Kind, message: &str, place: Option<Place>) -> ! {
    fail_with(kind, None, message, place);
}

/// Ends the search, because the claim needs more than a model can have.
pub(super) fn fail_limit(limit: Limit, message: &str, place: Option<Place>) -> ! {
    fail_with(Kind::Limit, Some(limit), message, place);
}

fn fail_with(kind: Kind, limit: Option<Limit>, message: &str, place: Option<Place>) -> ! {
    let cause = Cause {
        kind,
        limit,
        message: message.to_owned(),
        place: place.map(RecordPlace::from),
        thread: world::current(),
    };
    let world = world::take_for_report().expect("heddle: a schedule fails while none runs");
    end(world, move |world| report(world, &cause));
}

/// Says what a panic means, or that it is heddle's own trouble.
fn diagnose(world: &World, info: &PanicHookInfo<'_>) -> Result<Cause, String> {
    let message = info.payload_as_str().unwrap_or("a panic without a text");
    let thread = world::current();
    let intended = world
        .threads
        .get(usize::from(thread))
        .and_then(|data| data.intent?.1)
        .map(RecordPlace::from);
    let by_engine = info.location().is_some_and(|place| is_engine(place.file()));
    let mut cause = Cause {
        kind: Kind::of_panic(message),
        limit: None,
        message: message.to_owned(),
        place: info.location().map(RecordPlace::from),
        thread,
    };
    if !by_engine {
        return Ok(cause);
    }
    cause.place = intended;
    if message.starts_with("deadlock") {
        cause.kind = Kind::Deadlock;
        cause.message = "every thread that is left waits for ever".to_owned();
    } else if message.contains("Causality violation")
        || message.contains("currently writing to cell")
        || message.contains("currently reading from cell")
    {
        // Memory that is freed while another thread may still use it is worse than a race.
        cause.kind = match world.intent(thread) {
            Some(Intent::Free(_)) => Kind::UseAfterFree,
            _ => Kind::DataRace,
        };
        cause.message = counterexample::describe_race(world, thread);
    } else if message.contains("maximum number of branches") {
        if world.log.len() - world.log_at_change > EVENTS_WITHOUT_CHANGE {
            cause.kind = Kind::Livelock;
            cause.message = "the threads run on for ever, and nothing changes any more".to_owned();
        } else {
            cause.kind = Kind::Limit;
            cause.limit = Some(Limit::Branches);
            cause.message = "a schedule has more steps than the model can follow: \
                 a loop does not end, or the claim is too large"
                .to_owned();
        }
    } else if message.contains("Is the model fully deterministic") {
        cause.message = "the same schedule, run again, took another course: \
             the claim depends on something besides its threads, such as random numbers"
            .to_owned();
    } else {
        return Err(format!("the model checker failed: {message}"));
    }
    Ok(cause)
}

fn is_engine(file: &str) -> bool {
    file.contains("/loom-") || file.contains("/generator-")
}

/// The world of a schedule that has ended, on its way to the thread that reports it.
struct Ended(World);

// SAFETY: the thread that the world comes from waits for the report and never touches the world
// again; what it refers to by `Rc` is in it or in coroutines that never run again.
unsafe impl Send for Ended {}

fn end(world: World, finish: impl FnOnce(&World) + Send + 'static) -> ! {
    let ended = Ended(world);
    let reporter = std::thread::Builder::new()
        .name("heddle-report".to_owned())
        .spawn(move || {
            // The whole wrapper moves in, not just the field, which is not `Send`.
            let ended = ended;
            finish(&ended.0);
            // The report always ends the process; the world is never dropped here.
            std::process::exit(FAULT);
        });
    if let Ok(reporter) = reporter {
        // It returns only if the report itself has panicked.
        let _ = reporter.join();
    }
    std::process::exit(FAULT);
}

fn report(world: &World, cause: &Cause) {
    let failure = counterexample::failure(world, cause);
    let mut text = format!("\nheddle: {}: {}\n", failure.kind.as_str(), failure.message);
    if let Some(table) = &failure.table {
        text.push_str(table);
    }
    tell(&text);
    if let Some(grader) = &world.grader {
        let _ = grader.end(&Event::Failed(Box::new(failure)));
    }
    std::process::exit(FAILED);
}

fn report_fault(world: &World, message: String) {
    tell(&format!("heddle: fault: {message}\n"));
    if let Some(grader) = &world.grader {
        let _ = grader.end(&Event::Fault { message });
    }
    std::process::exit(FAULT);
}

/// Writes to the error output itself: what libtest captures would be lost with the process.
fn tell(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
