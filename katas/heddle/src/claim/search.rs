//! The search of a property: inputs one after the other, and the smallest that breaks it.

use std::time::{Duration, Instant};

use proptest::strategy::{Strategy, ValueTree};

use super::kept::{Kept, Step, case_seed};
use super::session::{Broken, Case, Session};

/// The most steps that shrinking takes: far more than it needs, far fewer than for ever.
pub(super) const MOST_STEPS: usize = 4096;

/// The most characters of an input that a record holds.
const LONGEST_INPUT: usize = 8192;

/// What a property tries.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) cases: u64,
    /// Inputs that have failed before, tried first.
    pub(super) kept: Vec<Kept>,
    /// When shrinking stops, so that a failure is told before the deadline.
    pub(super) shrink_until: Option<Instant>,
}

/// Why a property is not known to hold.
#[derive(Debug)]
pub(super) enum Stopped {
    /// An input breaks it; the session's current case is the smallest one found.
    Broken(Box<Broken>),
    /// The strategy gives no input.
    NoInput(String),
}

/// A property on its way through its inputs.
pub(super) struct Search<'a, S: Strategy, F> {
    pub(super) session: &'a Session,
    pub(super) strategy: &'a S,
    pub(super) claim: &'a F,
    pub(super) plan: &'a Plan,
}

impl<S: Strategy, F: Fn(S::Value)> Search<'_, S, F> {
    /// Tries every input of the plan and returns how many there were.
    pub(super) fn run(&self) -> Result<u64, Stopped> {
        for kept in &self.plan.kept {
            self.try_input(kept.clone())?;
            if !kept.steps.is_empty() {
                // The smallest input may be mended while the one it came from is not.
                self.try_input(Kept::fresh(kept.seed))?;
            }
        }
        for case in 0..self.plan.cases {
            self.try_input(Kept::fresh(case_seed(self.plan.seed, case)))?;
        }
        Ok(self.plan.cases)
    }

    fn try_input(&self, kept: Kept) -> Result<(), Stopped> {
        // Until there is an input, no earlier one may be named for what happens.
        self.session.set_case(Case::default());
        let tree = kept
            .tree(self.strategy)
            .map_err(|reason| Stopped::NoInput(reason.to_string()))?;
        self.try_value(&tree, &kept)
            .map_err(|(case, broken)| Stopped::Broken(self.shrink(tree, kept, case, broken)))
    }

    /// Looks for a smaller input that breaks the claim too, and leaves it as the current case.
    fn shrink(
        &self,
        mut tree: S::Tree,
        mut kept: Kept,
        mut smallest: Case,
        mut broken: Box<Broken>,
    ) -> Box<Broken> {
        let mut step = Step::Simplify;
        while kept.steps.len() < MOST_STEPS && !self.is_late() {
            let moved = match step {
                Step::Simplify => tree.simplify(),
                Step::Complicate => tree.complicate(),
            };
            if !moved {
                break;
            }
            kept.steps.push(step);
            step = match self.try_value(&tree, &kept) {
                Ok(()) => Step::Complicate,
                Err(smaller) => {
                    (smallest, broken) = smaller;
                    Step::Simplify
                }
            };
        }
        self.session.set_case(smallest);
        broken
    }

    fn try_value(&self, tree: &S::Tree, kept: &Kept) -> Result<(), (Case, Box<Broken>)> {
        let value = tree.current();
        let case = Case {
            input: Some(shortened(format!("{value:?}"))),
            seed: Some(self.plan.seed),
            kept: Some(kept.to_string()),
        };
        super::panics::forget(self.session.scope());
        self.session.set_case(case.clone());
        self.session
            .attempt(|| (self.claim)(value))
            .map_err(|broken| (case, broken))
    }

    fn is_late(&self) -> bool {
        self.plan
            .shrink_until
            .is_some_and(|until| Instant::now() >= until)
    }
}

/// Half of a deadline from now: the other half is for telling what was found.
pub(super) fn half_of(deadline: Option<Duration>) -> Option<Instant> {
    deadline.and_then(|deadline| Instant::now().checked_add(deadline / 2))
}

fn shortened(mut input: String) -> String {
    if let Some((end, _)) = input.char_indices().nth(LONGEST_INPUT) {
        input.truncate(end);
        input.push_str(" …");
    }
    input
}
