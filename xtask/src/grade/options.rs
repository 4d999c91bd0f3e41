//! How to grade.

use std::time::Duration;

use super::Event;
use crate::records::Measured;
use heddle_terms::report::Face;

/// Takes what the record of one claim's schedules cost; called from several threads.
pub type Measuring<'a> = dyn Fn(&str, Measured) + Sync + 'a;

/// What a grading begins with that is satisfied with the first failure.
#[derive(Clone, Copy, Debug)]
pub enum First<'a> {
    /// All claims of one face; when one of them fails, the other face is left out.
    ///
    /// With [`Face::Trace`] the verdict is that of the whole grading, since its phases come first; with
    /// [`Face::Model`] it does not say whether real threads would have shown the failure too.
    Face(Face),
    /// One claim, by its id; when it fails, all others are left out, but for the compile-fail claims,
    /// which are compiled together. The verdict is then on this claim.
    Claim(&'a str),
}

/// How to grade.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How long one model claim may search, in time on a processor.
    pub budget: Duration,
    /// Whether model claims search without a bound.
    pub thorough: bool,
    /// The seed of the properties instead of their own.
    pub seed: Option<u64>,
    /// Whether the schedules that break model claims are saved, to be tried first from then on.
    pub keep: bool,
    /// How long a claim may run before it is said to hang, instead of what its phase allows.
    pub clock: Option<Duration>,
    /// What to begin with, where one failure is enough: what has not begun when it comes is left out. A
    /// subject that passes has been tried with every claim all the same.
    pub fail_fast: Option<First<'a>>,
    /// Who is told what the record of schedules costs, claim by claim; nobody asks otherwise.
    pub measured: Option<&'a Measuring<'a>>,
    /// Who is told what happens; called from several threads.
    pub events: &'a (dyn Fn(Event) + Sync),
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            budget: Duration::from_secs(30),
            thorough: false,
            seed: None,
            keep: false,
            clock: None,
            fail_fast: None,
            measured: None,
            events: &|_| (),
        }
    }
}
