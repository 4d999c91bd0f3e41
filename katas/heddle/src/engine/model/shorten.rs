//! After the first failure: the search goes on, and keeps the shortest schedule that fails.
//!
//! The first failure is written to the record at once and decides the verdict; whatever happens
//! after it, even to the process, only decides which schedule is shown. What is shown breaks the
//! claim in the same way, in the same search, with fewer switches between threads or, with as
//! many, in fewer steps.

use std::cell::RefCell;
use std::io::Write as _;
use std::panic::resume_unwind;

use super::counterexample;
use super::failure::Cause;
use super::guide;
use super::retell::{self, Noted};
use super::saved;
use super::world::{self, World};
use crate::claim::counterexample::Shortening;
use crate::claim::grader::Grader;
use crate::claim::record::{Event, Failure, Kind};

/// How many schedules are tried after the first that failed.
const SCHEDULES: u64 = 1_000;

/// How many more are run again in another order of turns.
const REPLAYS: u64 = 200;

/// How many are run again at most to tell one of them in full.
const RETOLD: u64 = 50;

/// How many steps these may have in all: a claim with long schedules gets fewer.
const STEPS: u64 = 200_000;

/// The exit status of a test process that failed, as libtest has it.
const FAILED: i32 = 101;

/// The exit status when heddle itself is in trouble.
pub(super) const FAULT: i32 = 2;

/// How long a schedule is, for a person: the number of switches, then the number of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Length {
    pub(super) switches: u64,
    pub(super) steps: u64,
}

/// The shortest failure so far.
struct Best {
    kind: Kind,
    length: Length,
    turns: guide::Turns,
    failure: Failure,
}

/// What has become of the search for a shorter schedule.
#[derive(Default)]
struct Hunt {
    best: Option<Best>,
    tried: u64,
    steps: u64,
    failures: u64,
    exhausted: bool,
    /// How many may be tried.
    limit: u64,
}

thread_local! {
    // Not in the world, which somebody may have borrowed when a panic comes.
    static HUNT: RefCell<Hunt> = RefCell::default();
}

/// Leaves a search whose schedules are used up.
pub(super) struct Enough;

/// Prepares for another claim.
pub(super) fn clear() {
    HUNT.take();
}

/// Whether a schedule has failed, so that the claim is broken.
pub(super) fn has_failed() -> bool {
    HUNT.with_borrow(|hunt| hunt.best.is_some())
}

/// Takes a schedule that fails. Returns only if the search can go on, once the schedule is left.
pub(super) fn found(cause: &Cause) {
    let world = world::for_report().expect("heddle: a schedule fails while none runs");
    if !world.log.remembers() {
        fault("a schedule has failed while its steps were not remembered".to_owned());
    }
    if retell::is_on() {
        return retold(world, cause);
    }
    let length = Length {
        switches: world.log.switches() as u64,
        steps: world.log.len() as u64,
    };
    // What the search would not have tried is not shown as found by it.
    let is_within = match (&world.guide, world.preemptions) {
        (Some(guide), Some(most)) => guide.preemptions() <= most,
        _ => true,
    };
    let is_shorter = HUNT.with_borrow_mut(|hunt| {
        hunt.failures += 1;
        hunt.best
            .as_ref()
            .is_none_or(|best| is_within && cause.kind == best.kind && length < best.length)
    });
    if is_shorter {
        let noted = Noted::default();
        let failure = on_a_large_stack(|| counterexample::failure(world, cause, &noted));
        keep(world, cause, length, failure);
    }
    if world.grader.is_none() || cause.is_last {
        finish();
    }
}

fn keep(world: &World, cause: &Cause, length: Length, mut failure: Failure) {
    let turns = guide::Turns::of(&world.log);
    failure.kept = Some(saved::Saved::of(world, &turns).to_string());
    let is_first = HUNT.with_borrow_mut(|hunt| {
        let first = hunt
            .best
            .as_ref()
            .map(|best| (best.failure.schedules, best.failure.search.clone()));
        let is_first = first.is_none();
        if let Some((schedules, search)) = first {
            // How long it took to find the first one stays as it is.
            failure.schedules = schedules;
            if let (Some(new), Some(old)) = (&mut failure.search, search) {
                new.schedules = old.schedules;
            }
        }
        if is_first {
            // Only what comes after the first failure counts.
            (hunt.limit, hunt.steps) = (SCHEDULES, 0);
        }
        let kind = cause.kind;
        hunt.best = Some(Best {
            kind,
            length,
            turns,
            failure,
        });
        is_first
    });
    if let Some(grader) = world.grader.as_ref().filter(|_| is_first && !cause.is_last) {
        let event = HUNT.with_borrow(|hunt| {
            let best = hunt
                .best
                .as_ref()
                .expect("heddle: it was put there just now");
            Event::Failed(Box::new(Failure {
                is_provisional: true,
                ..best.failure.clone()
            }))
        });
        if !grader.end_for_now(&event) {
            // The watchdog has ended this claim, and the process ends any moment.
            std::process::exit(FAILED);
        }
    }
}

/// Counts a schedule that is about to run, or leaves the search.
pub(super) fn next_schedule() {
    let is_enough = HUNT.with_borrow_mut(|hunt| {
        if hunt.best.is_none() {
            return false;
        }
        hunt.tried += 1;
        hunt.tried > hunt.limit || hunt.steps >= STEPS
    });
    if is_enough {
        HUNT.with_borrow_mut(|hunt| hunt.tried -= 1);
        resume_unwind(Box::new(Enough));
    }
}

/// Counts the steps of a schedule that has ended.
pub(super) fn count_steps(steps: usize) {
    HUNT.with_borrow_mut(|hunt| hunt.steps += steps as u64);
}

/// The search in which the first schedule failed has come to its end.
pub(super) fn exhausted() {
    HUNT.with_borrow_mut(|hunt| hunt.exhausted = true);
}

/// Runs the shortest schedule again with fewer turns, as long as that makes it shorter.
///
/// A search tells apart what its threads have done to each other. Of the orders in which that can
/// be done it shows one, which need not be the shortest.
pub(super) fn refine(run_again: impl Fn(guide::Guide)) {
    HUNT.with_borrow_mut(|hunt| {
        hunt.steps = 0;
        hunt.limit = hunt.tried + REPLAYS;
    });
    while let Some((turns, length)) = best() {
        let is_shorter = turns.shorter().into_iter().any(|turns| {
            if may_try() {
                run_again(guide::Guide::new(turns));
            }
            best().is_some_and(|(_, new)| new < length)
        });
        if !is_shorter {
            return;
        }
    }
}

/// Runs the shortest schedule once more, to tell more of its steps than was noted of them.
///
/// It need not come again: a thread that lets others go first may see other values. Then the record
/// stays as it is.
pub(super) fn retell(run_again: impl FnOnce(guide::Guide)) {
    let Some((turns, _)) = best() else { return };
    let counted = HUNT.with_borrow_mut(|hunt| {
        let counted = (hunt.tried, hunt.failures);
        (hunt.limit, hunt.steps) = (hunt.tried + RETOLD, 0);
        counted
    });
    retell::turn(true);
    run_again(guide::Guide::new(turns));
    retell::turn(false);
    HUNT.with_borrow_mut(|hunt| (hunt.tried, hunt.failures) = counted);
}

/// Takes a schedule that fails while the shortest one is told in full.
fn retold(world: &World, cause: &Cause) {
    let noted = retell::take();
    let told = on_a_large_stack(|| counterexample::failure(world, cause, &noted));
    HUNT.with_borrow_mut(|hunt| {
        let best = hunt.best.as_mut().map(|best| &mut best.failure);
        let shown = best.and_then(|failure| failure.counterexample.as_mut());
        if let (Some(shown), Some(told)) = (shown, told.counterexample)
            && shown.is_like(&told)
        {
            *shown = told;
            // That was all.
            hunt.limit = hunt.tried;
        }
    });
    if cause.is_last {
        finish();
    }
}

/// Whether one more schedule may be tried.
fn may_try() -> bool {
    HUNT.with_borrow(|hunt| hunt.tried < hunt.limit && hunt.steps < STEPS)
}

fn best() -> Option<(guide::Turns, Length)> {
    HUNT.with_borrow(|hunt| {
        let best = hunt.best.as_ref()?;
        Some((best.turns.clone(), best.length))
    })
}

/// Ends the process from the middle of a schedule, with the shortest failure so far.
pub(super) fn give_up() -> ! {
    // What is only told once more was found before.
    if !retell::is_on() {
        HUNT.with_borrow_mut(|hunt| hunt.exhausted = false);
    }
    finish();
}

/// Ends the process with the shortest failure.
pub(super) fn finish() -> ! {
    let grader = world::for_report().and_then(|world| world.grader.clone());
    let failure = HUNT.with_borrow_mut(|hunt| {
        let best = hunt.best.take().expect("heddle: nothing has failed");
        let mut failure = best.failure;
        if let Some(search) = failure
            .search
            .as_mut()
            .filter(|_| hunt.tried > 0 || hunt.exhausted)
        {
            search.shortening = Some(Shortening {
                schedules: hunt.tried,
                failures: hunt.failures - 1,
                exhausted: hunt.exhausted,
            });
        }
        failure
    });
    on_a_large_stack(|| write_down(grader.as_ref(), failure));
    std::process::exit(FAILED);
}

fn write_down(grader: Option<&Grader>, failure: Failure) {
    let mut text = format!("\nheddle: {}: {}\n", failure.kind.as_str(), failure.message);
    if let Some(schedule) = failure.counterexample.as_ref().filter(|_| grader.is_none()) {
        text.push_str(&schedule.listing(failure.search.as_ref()));
    }
    tell(&text);
    if let Some(grader) = grader {
        grader.end_after_all(&Event::Failed(Box::new(failure)));
    }
}

/// Ends the process because of heddle's own trouble, unless a schedule has failed before.
pub(super) fn fault(message: String) -> ! {
    if has_failed() {
        give_up();
    }
    let grader = world::for_report().and_then(|world| world.grader.clone());
    on_a_large_stack(|| {
        tell(&format!("heddle: fault: {message}\n"));
        if let Some(grader) = grader {
            let _ = grader.end(&Event::Fault { message });
        }
    });
    std::process::exit(FAULT);
}

/// Writes to the error output itself: what libtest captures would be lost with the process.
fn tell(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// A reference or closure on its way to the thread that reports.
struct Report<F>(F);

// SAFETY: the thread that the report comes from waits until it is done; all coroutines of a
// schedule run on that thread, so nobody else touches what the report reads meanwhile.
unsafe impl<F> Send for Report<F> {}

/// Runs a part of a report on an OS thread of its own: a coroutine's stack is small.
fn on_a_large_stack<R>(report: impl FnOnce() -> R) -> R {
    let report = Report(report);
    let result = std::thread::scope(|scope| {
        let reporter = std::thread::Builder::new()
            .name("heddle-report".to_owned())
            .spawn_scoped(scope, move || {
                // The whole wrapper moves in, not just the field, which is not `Send`.
                let report = report;
                Report((report.0)())
            });
        reporter.ok().and_then(|reporter| reporter.join().ok())
    });
    match result {
        Some(Report(result)) => result,
        // No thread could be made, or the report itself has panicked.
        None => std::process::exit(FAULT),
    }
}
