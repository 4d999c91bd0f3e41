//! What a claim's process tells the grader: one JSON object on one line for each event.
//!
//! The writer is a few lines of its own so that `check` builds no serialisation crate. Every
//! line carries the grader's nonce; the reading half is in `xtask`.

#![allow(
    dead_code,
    reason = "each face of heddle uses its own part of the protocol"
)]

use std::panic::Location;
#[cfg(feature = "model")]
use std::time::Duration;

use super::counterexample::{Counterexample, Search};
use super::json::{Object, array};
#[cfg(feature = "model")]
use super::measure::Measured;

/// Something that happened to a claim.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A runner was entered.
    Started { runner: Runner },
    /// A saved schedule did not break the claim; searches follow.
    Saved(Saved),
    /// What it costs to remember the steps of schedules; nothing about the claim.
    #[cfg(feature = "model")]
    Measured(Measured),
    /// The claim holds.
    Passed(Passed),
    /// Nothing was found, but a required rung did not finish.
    Inconclusive {
        rung: String,
        limit: String,
        schedules: u64,
        rungs: Vec<Rung>,
    },
    /// The claim does not hold.
    Failed(Box<Failure>),
    /// heddle's own trouble, never the learner's.
    Fault { message: String },
}

/// What became of a saved schedule that did not break the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Saved {
    /// The claim was led along it, and held.
    Held,
    /// The claim went another way, and held.
    Diverged,
    /// It names no schedule.
    Unusable,
}

/// How a claim was shown to hold, and how much was tried.
#[derive(Clone, Debug)]
pub(crate) enum Passed {
    Spec,
    Property {
        cases: u64,
        seed: u64,
    },
    Model {
        threads: usize,
        schedules: u64,
        rungs: Vec<Rung>,
    },
}

/// One rung of a model claim's ladder.
#[derive(Clone, Debug)]
pub(crate) struct Rung {
    pub(crate) name: String,
    pub(crate) schedules: u64,
    /// True when every schedule within the rung's bound was explored.
    pub(crate) exhausted: bool,
}

/// Which runner a claim is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runner {
    Spec,
    Property,
    Model,
}

/// What is wrong with the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Assertion,
    Todo,
    Deadlock,
    Livelock,
    DataRace,
    UseAfterFree,
    Leak,
    Limit,
    Timeout,
}

/// A limit of the model that a subject ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    Threads,
    Branches,
    Stack,
    Memory,
}

/// A place in a source file, as the compiler names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// What one thread was doing when the claim failed.
#[derive(Clone, Debug)]
pub(crate) struct ThreadState {
    pub(crate) name: String,
    pub(crate) doing: String,
    pub(crate) place: Option<Place>,
}

/// Everything that is known about a claim that failed.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) runner: Runner,
    pub(crate) kind: Kind,
    pub(crate) message: String,
    pub(crate) place: Option<Place>,
    /// `Debug` of the smallest input that fails, for a property.
    pub(crate) minimal: Option<String>,
    pub(crate) seed: Option<u64>,
    /// The line that makes `HEDDLE_KEPT_SEEDS` try this very input first.
    pub(crate) kept: Option<String>,
    pub(crate) rung: Option<String>,
    pub(crate) schedules: Option<u64>,
    /// The schedule, for a model, or what is known of it on real threads.
    pub(crate) counterexample: Option<Box<Counterexample>>,
    pub(crate) threads: Vec<ThreadState>,
    pub(crate) limit: Option<Limit>,
    /// How a failing schedule was found.
    pub(crate) search: Option<Search>,
    /// Whether a later record of the same failure, which shows it better, may follow.
    pub(crate) is_provisional: bool,
}

impl Failure {
    /// A failure of which only the essentials are known; the rest is filled in by field.
    pub(crate) fn new(runner: Runner, kind: Kind, message: impl Into<String>) -> Self {
        Failure {
            runner,
            kind,
            message: message.into(),
            place: None,
            minimal: None,
            seed: None,
            kept: None,
            rung: None,
            schedules: None,
            counterexample: None,
            threads: Vec::new(),
            limit: None,
            search: None,
            is_provisional: false,
        }
    }
}

impl From<&Location<'_>> for Place {
    fn from(location: &Location<'_>) -> Self {
        Place {
            file: location.file().to_owned(),
            line: location.line(),
            column: location.column(),
        }
    }
}

impl Runner {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Runner::Spec => "spec",
            Runner::Property => "property",
            Runner::Model => "model",
        }
    }
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Kind::Assertion => "assertion",
            Kind::Todo => "todo",
            Kind::Deadlock => "deadlock",
            Kind::Livelock => "livelock",
            Kind::DataRace => "data-race",
            Kind::UseAfterFree => "use-after-free",
            Kind::Leak => "leak",
            Kind::Limit => "limit",
            Kind::Timeout => "timeout",
        }
    }

    /// The kind of a panic, told from its message: a `todo!()` is not a wrong answer.
    pub(crate) fn of_panic(message: &str) -> Kind {
        if message.starts_with("not yet implemented") {
            Kind::Todo
        } else {
            Kind::Assertion
        }
    }
}

impl Limit {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Limit::Threads => "threads",
            Limit::Branches => "branches",
            Limit::Stack => "stack",
            Limit::Memory => "memory",
        }
    }
}

impl Event {
    /// The event as one line of JSON, with its newline.
    pub(crate) fn to_line(&self, nonce: &str) -> String {
        let mut object = Object::new();
        object.text("nonce", nonce);
        match self {
            Event::Started { runner } => {
                object.text("event", "started");
                object.text("runner", runner.as_str());
            }
            Event::Saved(saved) => {
                object.text("event", "saved");
                let outcome = match saved {
                    Saved::Held => "held",
                    Saved::Diverged => "diverged",
                    Saved::Unusable => "unusable",
                };
                object.text("outcome", outcome);
            }
            #[cfg(feature = "model")]
            Event::Measured(measured) => {
                let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
                object.text("event", "measured");
                object.number("schedules", measured.schedules);
                object.number("recorded_ns", nanos(measured.recorded));
                object.number("unrecorded_ns", nanos(measured.unrecorded));
            }
            Event::Passed(passed) => {
                object.text("event", "passed");
                passed.describe(&mut object);
            }
            Event::Inconclusive {
                rung,
                limit,
                schedules,
                rungs,
            } => {
                object.text("event", "inconclusive");
                object.text("runner", Runner::Model.as_str());
                object.text("rung", rung);
                object.text("limit", limit);
                object.number("schedules", *schedules);
                object.raw("rungs", &array(rungs, Rung::to_json));
            }
            Event::Failed(failure) => {
                object.text("event", "failed");
                failure.describe(&mut object);
            }
            Event::Fault { message } => {
                object.text("event", "fault");
                object.text("message", message);
            }
        }
        let mut line = object.finish();
        line.push('\n');
        line
    }
}

impl Passed {
    fn describe(&self, object: &mut Object) {
        match self {
            Passed::Spec => {
                object.text("runner", Runner::Spec.as_str());
                object.number("cases", 1);
            }
            Passed::Property { cases, seed } => {
                object.text("runner", Runner::Property.as_str());
                object.number("cases", *cases);
                object.number("seed", *seed);
            }
            Passed::Model {
                threads,
                schedules,
                rungs,
            } => {
                object.text("runner", Runner::Model.as_str());
                object.number("threads", *threads as u64);
                object.number("schedules", *schedules);
                object.raw("rungs", &array(rungs, Rung::to_json));
            }
        }
    }
}

impl Failure {
    fn describe(&self, object: &mut Object) {
        object.text("runner", self.runner.as_str());
        object.text("kind", self.kind.as_str());
        object.text("message", &self.message);
        object.raw("place", &place_json(self.place.as_ref()));
        object.optional_text("minimal", self.minimal.as_deref());
        object.optional_number("seed", self.seed);
        object.optional_text("kept", self.kept.as_deref());
        object.optional_text("rung", self.rung.as_deref());
        object.optional_number("schedules", self.schedules);
        let schedule = self.counterexample.as_ref();
        let schedule = schedule.map_or("null".to_owned(), |schedule| {
            schedule.to_json(self.search.as_ref())
        });
        object.raw("counterexample", &schedule);
        object.raw("threads", &array(&self.threads, ThreadState::to_json));
        object.optional_text("limit", self.limit.map(Limit::as_str));
        if self.is_provisional {
            object.raw("provisional", "true");
        }
    }
}

impl Rung {
    fn to_json(&self) -> String {
        let mut object = Object::new();
        object.text("name", &self.name);
        object.number("schedules", self.schedules);
        object.raw("exhausted", if self.exhausted { "true" } else { "false" });
        object.finish()
    }
}

impl ThreadState {
    fn to_json(&self) -> String {
        let mut object = Object::new();
        object.text("name", &self.name);
        object.text("doing", &self.doing);
        object.raw("place", &place_json(self.place.as_ref()));
        object.finish()
    }
}

fn place_json(place: Option<&Place>) -> String {
    let Some(place) = place else {
        return "null".to_owned();
    };
    let mut object = Object::new();
    object.text("file", &place.file);
    object.number("line", u64::from(place.line));
    object.number("column", u64::from(place.column));
    object.finish()
}
