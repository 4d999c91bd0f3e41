//! One search: every schedule within a bound, in one pass, with at most one fault.

use std::rc::Rc;
use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use super::failure;
use super::faults::{Fault, Sites};
use super::threads;
use super::world::{self, Pass};
use crate::claim::grader::Grader;
use crate::claim::record::Kind;

/// The most scheduling points and loads of a schedule.
const MAX_BRANCHES: usize = 4_000;

/// How many schedules go by between two looks at the clock.
const CHECK_INTERVAL: usize = 64;

/// What a search is about.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    pub(crate) rung: String,
    /// Whether every operation is as strong as can be.
    pub(crate) sequential: bool,
    /// How many preemptions a schedule may have; `None` for any number.
    pub(crate) preemptions: Option<usize>,
    pub(crate) fault: Option<Fault>,
}

/// What a search that found nothing has seen.
#[derive(Clone, Debug)]
pub(crate) struct Searched {
    pub(crate) schedules: u64,
    /// Whether every schedule within the bound was run.
    pub(crate) exhausted: bool,
    /// The most threads of any schedule.
    pub(crate) threads: usize,
}

/// Prepares the OS thread for the searches of one claim.
pub(crate) fn begin_claim(grader: Option<Grader>) {
    failure::listen();
    forget_loom_variables();
    world::with(|world| {
        *world = world::World::default();
        world.grader = grader;
    });
}

/// The calls that could misbehave, as the searches so far have seen them.
pub(crate) fn sites() -> Sites {
    world::with(|world| world.sites.clone())
}

/// Whether the last search has seen the claim depend on something that it did not model.
///
/// The ladder is then climbed again from the beginning.
pub(crate) fn has_learnt() -> bool {
    world::with(|world| world.respected != world.observed)
}

/// Runs the claim in every schedule of a search, or until the budget is used up.
///
/// A schedule that breaks the claim ends the process.
pub(crate) fn search(
    search: &Search,
    budget: Duration,
    claim: &Arc<dyn Fn() + Send + Sync>,
) -> Searched {
    world::with(|world| {
        world.rung.clone_from(&search.rung);
        world.pass = if search.sequential {
            Pass::Sequential
        } else {
            Pass::Orderings
        };
        world.fault = search.fault;
        world.schedules = 0;
        world.respected = world.observed;
    });
    let started = Instant::now();
    let claim = Arc::clone(claim);
    builder(search, budget).check(move || {
        end_schedule();
        world::with(world::World::clear);
        threads::enter_main();
        claim();
        threads::end();
    });
    // loom stops early as if it had finished, but only after it has looked at its clock, which
    // started after this one.
    let exhausted = started.elapsed() < budget;
    end_schedule();
    world::with(|world| {
        world.running = false;
        Searched {
            schedules: world.schedules,
            exhausted,
            threads: world.most_threads,
        }
    })
}

/// Looks for leaks when all threads of a schedule have ended.
fn end_schedule() {
    let leaked = world::with(|world| {
        if !world.running {
            return None;
        }
        let owner = world.leaked().map(|object| (object.kind, object.place));
        owner.or_else(|| world.heap.leaked().map(|made| ("Box", made)))
    });
    if let Some((kind, made)) = leaked {
        let message = format!(
            "the {kind} made at {}:{} was never dropped",
            made.file(),
            made.line()
        );
        failure::fail_at(Kind::Leak, &message, Some(made));
    }
}

/// loom's settings, every one of them: none is left to a default or to the environment.
fn builder(search: &Search, budget: Duration) -> loom::model::Builder {
    let mut builder = loom::model::Builder::new();
    builder.max_threads = loom::MAX_THREADS;
    builder.max_branches = MAX_BRANCHES;
    builder.max_permutations = None;
    builder.max_duration = Some(budget);
    builder.preemption_bound = search.preemptions;
    builder.checkpoint_file = None;
    builder.checkpoint_interval = CHECK_INTERVAL;
    builder.expect_explicit_explore = false;
    builder.location = false;
    builder.log = false;
    builder
}

/// Takes loom's variables out of the environment: it reads them when a builder is made, and
/// panics at those it cannot read.
fn forget_loom_variables() {
    static FORGET: Once = Once::new();
    FORGET.call_once(|| {
        let variables: Rc<[_]> = std::env::vars_os()
            .map(|(name, _)| name)
            .filter(|name| name.to_string_lossy().starts_with("LOOM_"))
            .collect();
        for name in variables.iter() {
            // SAFETY: `std`'s own accesses to the environment exclude each other, and nothing in
            // a claim's process reads it in another way.
            unsafe { std::env::remove_var(name) };
        }
    });
}
