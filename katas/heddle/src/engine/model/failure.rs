//! A schedule that fails: what it shows, and how it is noticed.
//!
//! A panic is noticed by its hook, before it unwinds anything; loom's own panics tell a data race
//! or a bound. A deadlock is noticed here and not by loom, whose state is of no use afterwards.
//! What becomes of the failure is told in `shorten`, and of its schedule in `abandon`.

use std::panic::PanicHookInfo;
use std::sync::Once;

use super::event::{Intent, ObjectId, ThreadIndex};
use super::race::Race;
use super::world::{self, World};
use super::{abandon, shorten};
use crate::claim::record::{Kind, Limit, Place as RecordPlace};
use crate::engine::Place;

/// How many events without any change, up to the limit of branches, are a livelock.
const EVENTS_WITHOUT_CHANGE: usize = 300;

/// What every deadlock is told as.
const DEADLOCK: &str = "every thread that is left waits for ever";

/// Why a schedule fails.
#[derive(Clone, Debug)]
pub(super) struct Cause {
    pub(super) kind: Kind,
    pub(super) limit: Option<Limit>,
    pub(super) message: String,
    pub(super) place: Option<RecordPlace>,
    pub(super) thread: ThreadIndex,
    /// Whether a panic of the thread is what ends the schedule.
    pub(super) panicked: bool,
    pub(super) race: Option<Race>,
    /// What was never dropped, or was used though it had been freed.
    pub(super) object: Option<ObjectId>,
    /// Whether the search cannot go on after it, or need not.
    pub(super) is_last: bool,
    /// Whether loom gave up the schedule, and not the subject.
    is_loom_s: bool,
}

/// Takes over the panics of schedules; others go where they went before.
pub(super) fn listen() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let Some(world) = world::for_report() else {
                return before(info);
            };
            if abandon::is_abandoned() {
                return while_leaving(info);
            }
            match diagnose(world, info) {
                // A schedule that is run again has operations of its own, which may be too many.
                Ok(cause) if cause.is_loom_s && world.guide.is_some() => abandon::begin(),
                Ok(cause) => leave(&cause),
                Err(message) => shorten::fault(message),
            }
        }));
    });
}

/// The running thread's present operation shows that the claim is broken.
pub(super) fn fail(kind: Kind, message: &str) -> ! {
    let me = world::current();
    let place = world::with(|world| world.thread(me).intent.and_then(|(_, place)| place));
    fail_at(kind, message, place);
}

/// Fails the schedule, with a place.
pub(super) fn fail_at(kind: Kind, message: &str, place: Option<Place>) -> ! {
    fail_with(kind, None, message, place);
}

/// Fails the schedule, because the claim needs more than a model can have.
pub(super) fn fail_limit(limit: Limit, message: &str, place: Option<Place>) -> ! {
    fail_with(Kind::Limit, Some(limit), message, place);
}

/// Fails a schedule that has ended: something was never dropped.
pub(super) fn leaked(object: ObjectId) {
    let (message, made) = world::with(|world| {
        let (kind, made) = (world.object(object).kind, world.object(object).place);
        let place = format!("{}:{}", made.file(), made.line());
        (
            format!("the {kind} made at {place} was never dropped"),
            made,
        )
    });
    let mut cause = Cause::new(Kind::Leak, None, &message, Some(made));
    cause.object = Some(object);
    shorten::found(&cause);
}

/// Fails the schedule if the running thread, which is about to block or has ended, was the last
/// that could do anything.
pub(super) fn look_for_deadlock() {
    if world::with(|world| world.is_deadlocked()) {
        fail(Kind::Deadlock, DEADLOCK);
    }
}

fn fail_with(kind: Kind, limit: Option<Limit>, message: &str, place: Option<Place>) -> ! {
    let mut cause = Cause::new(kind, limit, message, place);
    let accessed = match world::with(|world| world.intent(cause.thread)) {
        Some(Intent::Read(node) | Intent::Write(node) | Intent::Free(node)) => Some(node),
        _ => None,
    };
    cause.object = accessed.filter(|_| cause.is_use_after_free());
    leave(&cause);
    abandon::unwind();
}

/// Notes the failure. The caller goes on to unwind the running thread.
fn leave(cause: &Cause) {
    shorten::found(cause);
    abandon::begin();
}

/// A panic in a schedule that is being left: of a destructor, or of loom, whose operations have
/// been cut short.
fn while_leaving(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or_default();
    let is_the_end = message.starts_with("deadlock")
        || message.contains("maximum number of branches")
        || message == "panic in a destructor during cleanup"
        || message == "panic in a function that cannot unwind";
    if is_the_end && shorten::has_failed() {
        shorten::give_up();
    }
}

impl Cause {
    fn new(kind: Kind, limit: Option<Limit>, message: &str, place: Option<Place>) -> Self {
        Cause {
            kind,
            limit,
            message: message.to_owned(),
            place: place.map(RecordPlace::from),
            thread: world::current(),
            panicked: false,
            race: None,
            object: None,
            is_last: kind == Kind::Limit,
            is_loom_s: false,
        }
    }

    /// Whether no thread can go on.
    pub(super) fn is_stuck(&self) -> bool {
        matches!(self.kind, Kind::Deadlock | Kind::Livelock)
    }

    pub(super) fn is_use_after_free(&self) -> bool {
        self.kind == Kind::UseAfterFree
    }

    /// The thread that did it, where one did.
    pub(super) fn thread_to_blame(&self) -> Option<ThreadIndex> {
        let nobody = self.is_stuck() || self.kind == Kind::Leak;
        (!nobody).then_some(self.thread)
    }
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
        panicked: !by_engine,
        race: None,
        object: None,
        is_last: Kind::of_panic(message) == Kind::Todo,
        is_loom_s: false,
    };
    if !by_engine {
        return Ok(cause);
    }
    cause.place = intended;
    if message.starts_with("deadlock") {
        cause.kind = Kind::Deadlock;
        cause.message = DEADLOCK.to_owned();
        (cause.is_last, cause.is_loom_s) = (true, true);
    } else if message.contains("Causality violation")
        || message.contains("currently writing to cell")
        || message.contains("currently reading from cell")
    {
        // Memory that is freed while another thread may still use it is worse than a race.
        cause.kind = match world.intent(thread) {
            Some(Intent::Free(_)) => Kind::UseAfterFree,
            _ => Kind::DataRace,
        };
        cause.race = Race::of(world, thread, message);
        cause.message = match cause.race {
            Some(race) => race.describe(world),
            None => "two accesses to one place in memory are not ordered".to_owned(),
        };
        let node = cause.race.map(|race| race.object);
        cause.object = node.filter(|_| cause.is_use_after_free());
    } else if message.contains("maximum number of branches") {
        (cause.is_last, cause.is_loom_s) = (true, true);
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
        (cause.is_last, cause.is_loom_s) = (true, true);
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
