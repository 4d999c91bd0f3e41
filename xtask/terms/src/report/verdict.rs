//! The report of a grading and the verdict at its head.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{ClaimReport, Diagnostic, Face, Phase, Place, RuleBroken, ThreadState};

/// The number of the report's layout; it grows when a reader of the old one would be misled.
pub const SCHEMA: u32 = 1;

/// All that a grading found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// The number of this layout.
    pub schema: u32,
    /// The kata, such as `kata-05-rlock`.
    pub kata: String,
    /// The kata's title.
    pub title: String,
    /// Who is judged: `learner`, `solution`, `stub`, `file`, `mutant NAME`, `alternative NAME`.
    pub subject: String,
    /// The subject's file, relative to the root of the repository where it lies inside.
    pub file: String,
    /// The verdict: the first failed phase in order decides it.
    pub verdict: Verdict,
    /// Every phase, in order.
    pub phases: Vec<PhaseReport>,
    /// What is worth a word although it fails nothing.
    pub remarks: Vec<Remark>,
    /// How long the grading took.
    pub took: Duration,
}

impl Report {
    /// The claims of all phases, in order.
    pub fn claims(&self) -> impl Iterator<Item = &ClaimReport> {
        self.phases.iter().flat_map(|phase| &phase.claims)
    }

    /// The claim of that id, such as `spec::the_owner_may_lock_again`.
    pub fn claim(&self, id: &str) -> Option<&ClaimReport> {
        self.claims().find(|claim| claim.id() == id)
    }

    /// Whether the verdict is [`Verdict::Passed`].
    pub fn passed(&self) -> bool {
        matches!(self.verdict, Verdict::Passed { .. })
    }
}

/// What one phase found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PhaseReport {
    /// Which phase.
    pub phase: Phase,
    /// How it ended.
    pub status: PhaseStatus,
    /// How long it took; for a testing phase the sum over its claims, some of which ran side by side.
    pub took: Duration,
    /// The claims of a testing phase, in the order of the sources.
    pub claims: Vec<ClaimReport>,
    /// What the rules phase refused.
    pub broken: Vec<RuleBroken>,
    /// What the compiler said in the build phase.
    pub diagnostics: Vec<Diagnostic>,
}

/// How a phase ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum PhaseStatus {
    /// All of it holds.
    Passed,
    /// Something in it does not hold.
    Failed,
    /// An earlier phase ended the grading.
    NotReached,
    /// The kata has no such phase.
    Absent {
        /// Why, as its kata.toml says.
        reason: String,
    },
}

/// Something worth a word although it fails nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Remark {
    /// What it is.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
}

/// The limits that a claim may not exceed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// The model checker's number of threads.
    Threads,
    /// The model checker's number of steps in one schedule.
    Branches,
    /// The stack of a modelled thread.
    Stack,
    /// The memory of the process.
    Memory,
    /// What the process may print.
    Output,
    /// How many processes it may have.
    Children,
    /// Another one, by its name.
    Other(String),
}

impl Limit {
    /// The limit of that name.
    pub fn named(name: &str) -> Limit {
        match name {
            "threads" => Limit::Threads,
            "branches" => Limit::Branches,
            "stack" => Limit::Stack,
            "memory" => Limit::Memory,
            "output" => Limit::Output,
            "children" => Limit::Children,
            other => Limit::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Limit::Threads => "threads",
            Limit::Branches => "branches",
            Limit::Stack => "stack",
            Limit::Memory => "memory",
            Limit::Output => "output",
            Limit::Children => "children",
            Limit::Other(name) => name,
        })
    }
}

/// The typed outcome of grading a subject; `claim` is always a claim's id, such as `spec::it_opens`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Verdict {
    /// Every claim holds.
    Passed {
        /// How many claims.
        claims: usize,
        /// How many schedules the model claims explored.
        schedules: u64,
    },
    /// The subject is the stub.
    NotStarted,
    /// A `todo!` was hit or remains.
    Unfinished {
        /// The one that was hit first, else the first that remains.
        place: Place,
        /// What it tells the learner.
        message: String,
        /// The claim that hit it, if one did.
        claim: Option<String>,
    },
    /// The text uses what this kata does not allow.
    RuleBroken {
        /// The rule.
        rule: String,
        /// Where.
        place: Place,
        /// What is refused and why.
        message: String,
    },
    /// It does not compile.
    BuildFailed {
        /// The face that does not compile; `None` when neither does.
        face: Option<Face>,
        /// What the compiler said, each message once.
        diagnostics: Vec<Diagnostic>,
        /// Whether the errors lie in the kata's claims, because the subject's interface was changed.
        interface: bool,
    },
    /// The types accept what they must refuse, or the reverse.
    TypeClaimFailed {
        /// The claim.
        claim: String,
    },
    /// A deterministic claim does not hold.
    SpecFailed {
        /// The claim.
        claim: String,
    },
    /// A property does not hold.
    PropertyFailed {
        /// The claim.
        claim: String,
        /// The smallest input that breaks it, as `Debug` shows it.
        minimal: Option<String>,
    },
    /// A schedule breaks a claim.
    ModelFailed {
        /// The claim.
        claim: String,
        /// The rung of the ladder that broke.
        rung: Option<String>,
    },
    /// Every thread waits and none can go on.
    Deadlocked {
        /// The claim.
        claim: String,
        /// Who waits for what.
        threads: Vec<ThreadState>,
    },
    /// A claim did not end in its time.
    TimedOut {
        /// The claim.
        claim: String,
        /// Its phase.
        phase: Phase,
        /// Where each thread was.
        threads: Vec<ThreadState>,
    },
    /// A signal ended a claim's process.
    Crashed {
        /// The claim.
        claim: String,
        /// The signal's number.
        signal: i32,
    },
    /// A claim's process ended before the claim did.
    ExitedEarly {
        /// The claim.
        claim: String,
    },
    /// A claim exceeded a limit.
    LimitExceeded {
        /// The claim.
        claim: String,
        /// The limit.
        which: Limit,
    },
    /// The search of a model claim was not finished.
    Inconclusive {
        /// The claim.
        claim: String,
        /// The rung that was not finished.
        rung: String,
        /// What ended the search.
        limit: String,
    },
}
