//! What became of one claim.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Phase, Place};
use crate::record::Counterexample;

/// What became of one claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ClaimReport {
    /// The phase to which it belongs.
    pub phase: Phase,
    /// Its name: that of its test function, or `compile_fail::NAME`.
    pub name: String,
    /// What it claims, in one sentence.
    pub sentence: String,
    /// Where it is written.
    pub place: Place,
    /// How long it ran.
    pub took: Duration,
    /// How it ended.
    pub outcome: Outcome,
    /// What it printed, cut to a bounded length; for people only.
    pub output: String,
}

impl ClaimReport {
    /// The name by which kata.toml calls it: `spec::the_owner_may_lock_again` or `compile_fail::NAME`.
    pub fn id(&self) -> String {
        crate::catalogue::claim_id(self.phase, &self.name)
    }

    /// Whether it passed.
    pub fn passed(&self) -> bool {
        matches!(self.outcome, Outcome::Passed { .. })
    }

    /// How it failed; `None` when it passed.
    pub fn kind(&self) -> Option<Kind> {
        match &self.outcome {
            Outcome::Passed { .. } => None,
            Outcome::Failed(failure) => Some(failure.kind),
            Outcome::Inconclusive { .. } => Some(Kind::Inconclusive),
        }
    }
}

/// How a claim ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Outcome {
    /// Its runner recorded success and the process ended well.
    Passed {
        /// How often its body ran on real threads; 0 for a model claim.
        cases: u64,
        /// How many schedules were explored; 0 unless it is a model claim.
        schedules: u64,
        /// The rungs of a model claim, in the order climbed.
        rungs: Vec<Rung>,
        /// The seed of a property's inputs.
        seed: Option<u64>,
    },
    /// It does not hold.
    Failed(Box<Failure>),
    /// The search ended before every required rung was climbed.
    Inconclusive {
        /// The rung that was not finished.
        rung: String,
        /// What ended the search.
        limit: String,
        /// How many schedules had been explored.
        schedules: u64,
        /// The rungs climbed.
        rungs: Vec<Rung>,
    },
}

/// One rung of the ladder that a model claim climbs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Rung {
    /// Its name, such as `sequential-2`.
    pub name: String,
    /// How many schedules it took.
    pub schedules: u64,
    /// Whether every schedule within its bound was tried.
    pub exhausted: bool,
}

/// How a claim failed, with all that is known about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Failure {
    /// What went wrong.
    pub kind: Kind,
    /// What it said.
    pub message: String,
    /// Where it went wrong.
    pub place: Option<Place>,
    /// The smallest input that breaks a property, as `Debug` shows it.
    pub minimal: Option<String>,
    /// The seed that breaks it again.
    pub seed: Option<u64>,
    /// The rung of the ladder that broke.
    pub rung: Option<String>,
    /// How many schedules had been explored when it broke.
    pub schedules: Option<u64>,
    /// The schedule that breaks it, or what is known of one on real threads.
    pub counterexample: Option<Counterexample>,
    /// What each thread was doing.
    pub threads: Vec<ThreadState>,
    /// The limit that was exceeded: `threads`, `branches`, `stack`, `memory`, `output` or `children`.
    pub limit: Option<String>,
    /// The signal that ended the process.
    pub signal: Option<i32>,
}

impl Failure {
    /// A failure of which nothing but its kind and a message is known.
    pub fn new(kind: Kind, message: impl Into<String>) -> Failure {
        Failure {
            kind,
            message: message.into(),
            place: None,
            minimal: None,
            seed: None,
            rung: None,
            schedules: None,
            counterexample: None,
            threads: Vec::new(),
            limit: None,
            signal: None,
        }
    }
}

/// What a thread was doing when a claim failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ThreadState {
    /// The thread's name.
    pub name: String,
    /// What it was doing, in words.
    pub doing: String,
    /// Where.
    pub place: Option<Place>,
}

/// The ways in which a claim can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A panic other than those named below.
    Assertion,
    /// A `todo!` was reached.
    Todo,
    /// Every thread waits and none can go on.
    Deadlock,
    /// Threads run for ever without getting anywhere.
    Livelock,
    /// Two threads used one place at a time and one of them wrote.
    DataRace,
    /// A freed place was used.
    UseAfterFree,
    /// Something was never dropped.
    Leak,
    /// A limit was exceeded.
    Limit,
    /// It did not end in its time.
    Timeout,
    /// It was not run, because too many others did not end in their time.
    NotRun,
    /// The process ended before the claim did.
    ExitedEarly,
    /// A signal ended the process.
    Crashed,
    /// The types accepted what they must refuse.
    Accepted,
    /// The types refused with another error than declared, or refused what they must accept.
    Misjudged,
    /// The search of a model claim was not finished.
    Inconclusive,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 15] = [
        Kind::Assertion,
        Kind::Todo,
        Kind::Deadlock,
        Kind::Livelock,
        Kind::DataRace,
        Kind::UseAfterFree,
        Kind::Leak,
        Kind::Limit,
        Kind::Timeout,
        Kind::NotRun,
        Kind::ExitedEarly,
        Kind::Crashed,
        Kind::Accepted,
        Kind::Misjudged,
        Kind::Inconclusive,
    ];

    /// The kind's name, as in records, reports and the headers of mutants.
    pub fn name(self) -> &'static str {
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
            Kind::NotRun => "not-run",
            Kind::ExitedEarly => "exited-early",
            Kind::Crashed => "crashed",
            Kind::Accepted => "accepted",
            Kind::Misjudged => "misjudged",
            Kind::Inconclusive => "inconclusive",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
