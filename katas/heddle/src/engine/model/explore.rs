//! One search: every schedule within a bound, in one pass, with at most one fault.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::{Arc, Once};
use std::time::Duration;

use super::faults::{Fault, Sites};
use super::guide::{self, Guide};
use super::saved::Saved;
use super::world::{self, Pass};
use super::{abandon, failure, shorten, threads};
use crate::claim::clock::Clock;
use crate::claim::grader::Grader;

/// The most scheduling points and loads of a schedule.
const MAX_BRANCHES: usize = 4_000;

/// How many more a schedule may have that is run again: to let others go first is one, too.
const MAX_BRANCHES_AGAIN: usize = 16 * MAX_BRANCHES;

/// How often a schedule is run again for other values of its loads.
const MAX_REPLAYS: u64 = 1_000;

/// How many schedules go by between two looks at the clock.
const CHECK_INTERVAL: u64 = 64;

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
    shorten::clear();
    forget_loom_variables();
    guide::set(None);
    world::with(|world| {
        *world = world::World::default();
        world.grader = grader;
    });
}

/// Says whether the steps of schedules are remembered from now on; without them no schedule can be
/// said to fail.
pub(crate) fn remember_steps(remember: bool) {
    world::with(|world| world.log.remember(remember));
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
/// Where a schedule breaks the claim, the process ends, after the search for a shorter one.
pub(crate) fn search(
    search: &Search,
    budget: Duration,
    claim: &Arc<dyn Fn() + Send + Sync>,
) -> Searched {
    prepare(search);
    let exhausted = !run(search.preemptions, budget, claim);
    end_schedule();
    if shorten::has_failed() {
        if exhausted {
            shorten::exhausted();
        }
        shorten::refine(|guide| run_again(guide, budget, claim));
        shorten::retell(|guide| run_again(guide, budget, claim));
        shorten::finish();
    }
    world::with(|world| {
        world.running = false;
        world.schedules_before += world.schedules;
        Searched {
            schedules: world.schedules,
            exhausted,
            threads: world.most_threads,
        }
    })
}

fn prepare(search: &Search) {
    world::with(|world| {
        world.rung.clone_from(&search.rung);
        world.pass = if search.sequential {
            Pass::Sequential
        } else {
            Pass::Orderings
        };
        world.fault = search.fault;
        world.preemptions = search.preemptions;
        world.schedules = 0;
        world.respected = world.observed;
    });
}

/// Runs a saved schedule; returns whether the claim could be led along it to its end.
///
/// Where it breaks the claim, the process ends, as after a search. Nothing that is learnt here
/// counts for the searches to come.
pub(crate) fn run_saved(
    search: &Search,
    saved: &Saved,
    budget: Duration,
    claim: &Arc<dyn Fn() + Send + Sync>,
) -> bool {
    prepare(search);
    world::with(|world| world.respected = saved.respected);
    guide::set(Some(Guide::new(saved.turns.clone())));
    let was_left = run(Some(0), budget, claim);
    end_schedule();
    if shorten::has_failed() {
        shorten::refine(|guide| run_again(guide, budget, claim));
        shorten::retell(|guide| run_again(guide, budget, claim));
        shorten::finish();
    }
    let guide = guide::set(None);
    let was_followed = !was_left && guide.is_some_and(|guide| !guide.has_diverged());
    if !search.sequential {
        // A thread that lets others go first does not see what it has seen before, so the old
        // value that broke the claim may not come again. The search that found it finds it anew.
        world::with(|world| world.observed = saved.respected);
        self::search(search, budget, claim);
    }
    world::with(|world| {
        let grader = world.grader.take();
        *world = world::World {
            grader,
            ..world::World::default()
        };
    });
    was_followed
}

/// Runs a schedule again, with the turns that its guide gives; in the pass with orderings, with
/// every value that its loads can see.
fn run_again(guide: Guide, budget: Duration, claim: &Arc<dyn Fn() + Send + Sync>) {
    guide::set(Some(guide));
    // Without preemptions loom itself leaves the running thread alone.
    run(Some(0), budget, claim);
    end_schedule();
    guide::set(None);
}

/// Runs schedules until loom has no other ones; returns whether the search was left before.
fn run(preemptions: Option<usize>, budget: Duration, claim: &Arc<dyn Fn() + Send + Sync>) -> bool {
    let claim = Arc::clone(claim);
    let clock = Clock::working();
    let schedule = move || {
        end_schedule();
        shorten::next_schedule();
        check_replays();
        check_clock(clock, budget);
        world::with(world::World::clear);
        abandon::run_thread(0, || {
            threads::enter_main();
            claim();
            threads::end();
        });
    };
    let searched = catch_unwind(AssertUnwindSafe(|| {
        builder(preemptions).check(schedule);
    }));
    match searched {
        Ok(()) => false,
        Err(payload) if payload.is::<shorten::Enough>() => true,
        // loom could not follow a schedule that was run again; see `failure`.
        Err(_) if abandon::is_abandoned() => true,
        Err(payload) => resume_unwind(payload),
    }
}

/// Leaves a saved schedule that has too many values to look at.
fn check_replays() {
    if world::with(|world| world.guide.is_some() && world.schedules >= MAX_REPLAYS) {
        resume_unwind(Box::new(shorten::Enough));
    }
}

/// Leaves a search that has used up its budget.
fn check_clock(clock: Clock, budget: Duration) {
    let schedules = world::with(|world| world.schedules);
    if schedules.is_multiple_of(CHECK_INTERVAL) && clock.elapsed() >= budget {
        resume_unwind(Box::new(shorten::Enough));
    }
}

/// Looks for leaks when all threads of a schedule have ended.
fn end_schedule() {
    let leaked = world::with(|world| {
        if !world.running || world.has_ended || abandon::is_abandoned() {
            return None;
        }
        world.leaked().or_else(|| world.heap.leaked())
    });
    if let Some(object) = leaked {
        failure::leaked(object);
    }
    world::with(|world| {
        if !std::mem::replace(&mut world.has_ended, true) {
            shorten::count_steps(world.log.len());
        }
    });
}

/// loom's settings, every one of them: none is left to a default or to the environment.
fn builder(preemptions: Option<usize>) -> loom::model::Builder {
    let mut builder = loom::model::Builder::new();
    builder.max_threads = loom::MAX_THREADS;
    builder.max_branches = match world::with(|world| world.guide.is_some()) {
        true => MAX_BRANCHES_AGAIN,
        false => MAX_BRANCHES,
    };
    builder.max_permutations = None;
    // Its clock would count what the machine does beside it, and stops a search as if it had finished.
    builder.max_duration = None;
    builder.preemption_bound = preemptions;
    builder.checkpoint_file = None;
    builder.checkpoint_interval = usize::MAX;
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
