//! `heddle::model`: a claim that holds in every schedule, shown by a ladder of searches.
//!
//! The rungs go from plain interleavings to weak memory and from few preemptions to many, so
//! that the rung at which a claim breaks is half the diagnosis, and the schedule a short one.

use std::sync::Arc;
use std::time::Duration;

use super::Require;
use super::clock::Clock;
use super::grader::{self, Settings};
use super::measure;
use super::record::{Event, Passed, Rung, Runner, Saved};
use super::watchdog::Watchdog;
use crate::engine::explore::{self, Search};
use crate::engine::faults::Fault;
use crate::engine::saved;

/// How long a search may work when no grader says so.
const BUDGET: Duration = Duration::from_secs(60);

/// How many preemptions the required rungs allow.
const PREEMPTIONS: usize = 2;

/// Runs a claim under every schedule.
///
/// The claim is called once for each schedule and makes all its objects anew. It is broken by a
/// panic in any of its threads, caught or not (a claim about panics belongs to
/// [`spec`](crate::spec()), where they take their usual course), by a deadlock, a livelock, a data race, a use of freed memory, or an
/// `Arc` that is never dropped. It holds when every required rung of the ladder was searched to
/// its end: sequentially consistent with up to 0, 1 and 2 preemptions; with the real orderings
/// and up to 1 and 2; with one fault at a time and up to 2; and, where no more than two threads
/// take part, sequentially consistent with any number.
///
/// # Panics
///
/// A broken claim ends the process with status 101, after its schedule has been written down, and
/// after a search for a shorter one where somebody grades it. A
/// ladder that is not finished within the budget panics.
pub fn model(claim: impl Fn() + Send + Sync + 'static) {
    model_with(Require::new(), claim);
}

/// Runs a claim under every schedule, and requires more rungs than [`model`] does.
///
/// # Panics
///
/// As [`model`] does.
pub fn model_with(require: Require, claim: impl Fn() + Send + Sync + 'static) {
    run(&require, Arc::new(claim));
}

/// Not generic, so that it is compiled once with heddle and not once for each claim.
fn run(require: &Require, claim: Arc<dyn Fn() + Send + Sync>) {
    let grader = grader::take();
    let settings = match &grader {
        Some(grader) => grader.settings().clone(),
        None => Settings::default(),
    };
    let watchdog = grader.as_ref().map(|grader| {
        let runner = Runner::Model;
        grader.write(&Event::Started { runner });
        Watchdog::start(grader, runner, |_| ())
    });
    explore::begin_claim(grader.clone());
    let mut ladder = Ladder {
        claim,
        clock: Clock::working(),
        budget: settings.budget.unwrap_or(BUDGET),
        rungs: Vec::new(),
        threads: 0,
    };
    if let (Some(grader), Some(line)) = (&grader, &settings.schedule) {
        grader.write(&Event::Saved(ladder.try_saved(line)));
    }
    let climbed = ladder.climb(require, settings.thorough);
    if let (Ok(()), Some(grader), true) = (&climbed, &grader, settings.measures_recording) {
        let measured = measure::recording(|| ladder.again(require, settings.thorough));
        grader.write(&Event::Measured(measured));
    }
    if let Some(grader) = grader
        && !grader.end(&ladder.event(climbed.as_ref().err()))
    {
        // The watchdog has ended this claim, and the process ends any moment.
        loop {
            std::thread::park();
        }
    }
    if let Some(watchdog) = watchdog {
        watchdog.stop();
    }
    if let Err(Unfinished { rung }) = climbed {
        panic!("not finished: the search of {rung} did not end within its budget");
    }
}

/// The rungs climbed so far, and what is needed to climb on.
struct Ladder {
    claim: Arc<dyn Fn() + Send + Sync>,
    clock: Clock,
    budget: Duration,
    rungs: Vec<Rung>,
    threads: usize,
}

/// Why a climb does not go on.
enum Stop {
    /// The search of a required rung did not end.
    Unfinished(Unfinished),
    /// The claim depends on something that the searches so far did not model.
    Learnt,
}

/// A required rung whose search did not end.
struct Unfinished {
    rung: String,
}

impl Ladder {
    /// Runs a schedule first that broke the claim once. If it still does, the process ends.
    fn try_saved(&self, line: &str) -> Saved {
        let saved: Option<saved::Saved> = line.parse().ok();
        let search = saved.as_ref().and_then(|saved| rung_named(&saved.rung));
        let (Some(saved), Some(search)) = (saved, search) else {
            return Saved::Unusable;
        };
        match explore::run_saved(&search, &saved, self.left(), &self.claim) {
            true => Saved::Held,
            false => Saved::Diverged,
        }
    }

    /// Climbs once more, and returns how many schedules that took.
    fn again(&self, require: &Require, thorough: bool) -> u64 {
        let mut ladder = Ladder {
            claim: Arc::clone(&self.claim),
            clock: Clock::working(),
            budget: BUDGET,
            rungs: Vec::new(),
            threads: 0,
        };
        match ladder.climb(require, thorough) {
            Ok(()) => ladder.rungs.iter().map(|rung| rung.schedules).sum(),
            // What is not finished is no measurement.
            Err(_) => 0,
        }
    }

    fn climb(&mut self, require: &Require, thorough: bool) -> Result<(), Unfinished> {
        loop {
            match self.climb_once(require, thorough) {
                Ok(()) => return Ok(()),
                Err(Stop::Unfinished(unfinished)) => return Err(unfinished),
                // What is learnt is never forgotten, so this comes to an end.
                Err(Stop::Learnt) => self.rungs.clear(),
            }
        }
    }

    fn climb_once(&mut self, require: &Require, thorough: bool) -> Result<(), Stop> {
        let most = require.most_preemptions().max(PREEMPTIONS);
        for preemptions in 0..=most {
            self.step(sequential_rung(preemptions))?;
        }
        // Only fault-free schedules count the calls: a second fault never comes alone.
        let faults = explore::sites().faults();
        for preemptions in 1..=most {
            self.step(orderings_rung(preemptions))?;
        }
        for fault in faults {
            self.step(fault_rung(fault))?;
        }
        if thorough || require.is_exhaustive() || self.threads <= 2 {
            self.step(full(sequential_rung(0)))?;
        }
        if thorough || require.is_exhaustive() {
            self.step(full(orderings_rung(0)))?;
        }
        Ok(())
    }

    /// What is left of the budget.
    fn left(&self) -> Duration {
        self.budget.saturating_sub(self.clock.elapsed())
    }

    fn step(&mut self, search: Search) -> Result<(), Stop> {
        let searched = explore::search(&search, self.left(), &self.claim);
        self.threads = self.threads.max(searched.threads);
        let exhausted = searched.exhausted && searched.schedules > 0;
        self.rungs.push(Rung {
            name: search.rung.clone(),
            schedules: searched.schedules,
            exhausted,
        });
        if !exhausted {
            return Err(Stop::Unfinished(Unfinished { rung: search.rung }));
        }
        if explore::has_learnt() {
            return Err(Stop::Learnt);
        }
        Ok(())
    }

    fn event(&self, unfinished: Option<&Unfinished>) -> Event {
        let schedules = self.rungs.iter().map(|rung| rung.schedules).sum();
        let rungs = self.rungs.clone();
        match unfinished {
            None => Event::Passed(Passed::Model {
                threads: self.threads,
                schedules,
                rungs,
            }),
            Some(unfinished) => Event::Inconclusive {
                rung: unfinished.rung.clone(),
                limit: "budget".to_owned(),
                schedules,
                rungs,
            },
        }
    }
}

fn sequential_rung(preemptions: usize) -> Search {
    Search {
        rung: format!("sequential-{preemptions}"),
        sequential: true,
        preemptions: Some(preemptions),
        fault: None,
    }
}

fn orderings_rung(preemptions: usize) -> Search {
    Search {
        rung: format!("orderings-{preemptions}"),
        sequential: false,
        ..sequential_rung(preemptions)
    }
}

fn fault_rung(fault: Fault) -> Search {
    Search {
        rung: fault.rung(),
        fault: Some(fault),
        ..sequential_rung(PREEMPTIONS)
    }
}

/// A rung of the same pass, with any number of preemptions.
fn full(rung: Search) -> Search {
    let pass = if rung.sequential {
        "sequential"
    } else {
        "orderings"
    };
    Search {
        rung: format!("{pass}-full"),
        preemptions: None,
        ..rung
    }
}

/// The rung of that name, if there can be one.
fn rung_named(name: &str) -> Option<Search> {
    if let Some(site) = name.strip_prefix("fault:") {
        return Fault::at_site(site).map(fault_rung);
    }
    let (pass, bound) = name.split_once('-')?;
    let rung: fn(usize) -> Search = match pass {
        "sequential" => sequential_rung,
        "orderings" => orderings_rung,
        _ => return None,
    };
    match bound {
        "full" => Some(full(rung(0))),
        number => number.parse::<u8>().ok().map(|number| rung(number.into())),
    }
}

/// Searches a program once, with any number of preemptions and without a ladder, and returns how
/// many schedules that were: for the check of the engine itself.
///
/// # Panics
///
/// When the search did not end within a minute. A schedule that fails ends the process.
#[doc(hidden)]
pub fn explore_all(sequential: bool, program: impl Fn() + Send + Sync + 'static) -> u64 {
    explore::begin_claim(grader::take());
    let search = Search {
        rung: "all".to_owned(),
        sequential,
        preemptions: None,
        fault: None,
    };
    let program: Arc<dyn Fn() + Send + Sync> = Arc::new(program);
    // The first rung of a ladder learns what a claim depends on, before any other is searched.
    loop {
        explore::search(&sequential_rung(0), BUDGET, &program);
        if !explore::has_learnt() {
            break;
        }
    }
    let searched = explore::search(&search, BUDGET, &program);
    assert!(
        searched.exhausted,
        "the search did not end within {BUDGET:?}"
    );
    searched.schedules
}
