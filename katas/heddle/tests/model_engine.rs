//! The engine check: random programs under the model, compared with brute force.
//!
//! The seeds are fixed. `ENGINE_PROGRAMS=5000` multiplies the programs of a run, for a long night.
#![cfg(feature = "model")]

mod child;
#[path = "engine/mod.rs"]
mod engine;
#[path = "engine/run.rs"]
mod run;

use engine::program::{self, Orderings, Outcome, Program, Random};
use engine::{sequential, weak};
use run::{Pass, explore};
use std::collections::BTreeSet;

/// The seed of the mixed programs, which the child processes make again.
const MIXED: u64 = 5;

/// Tells a child which of the mixed programs it runs.
const PROGRAM: &str = "ENGINE_PROGRAM";

/// The programs that deadlock end their process, so each has one of its own.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(&[("deadlocks", || {
        let number: usize = std::env::var(PROGRAM)
            .expect("set by the parent")
            .parse()
            .expect("a number");
        let mut random = Random::new(MIXED);
        let program = (0..=number).map(|_| program::mixed(&mut random, 2)).last();
        explore(&program.expect("there is a first one"), Pass::Sequential);
    })]);
}

/// What a batch of programs came to.
#[derive(Default)]
struct Tally {
    programs: usize,
    outcomes: usize,
    missed: usize,
    impossible: usize,
    legal: usize,
    legal_missed: usize,
    example: Option<(Program, Outcome)>,
}

impl Tally {
    fn compare(
        &mut self,
        program: &Program,
        found: &BTreeSet<Outcome>,
        must: &BTreeSet<Outcome>,
        may: &BTreeSet<Outcome>,
    ) {
        self.programs += 1;
        self.outcomes += must.len();
        self.missed += must.difference(found).count();
        self.impossible += found.difference(may).count();
        self.legal += may.len();
        self.legal_missed += may.difference(found).count();
        let wrong = must.difference(found).chain(found.difference(may)).next();
        if let (None, Some(outcome)) = (&self.example, wrong) {
            self.example = Some((program.clone(), outcome.clone()));
        }
    }

    /// Prints the figures, and fails if an outcome was missed that must be there or shown that cannot be.
    #[track_caller]
    fn settle(&self, what: &str) {
        println!(
            "{what}: {} programs; {} of {} sequentially consistent outcomes missed, {} impossible ones shown, {} of {} legal ones ({:.1} %) not shown",
            self.programs,
            self.missed,
            self.outcomes,
            self.impossible,
            self.legal_missed,
            self.legal,
            100.0 * self.legal_missed as f64 / self.legal.max(1) as f64,
        );
        assert_eq!(
            (self.missed, self.impossible),
            (0, 0),
            "for example {:?}",
            self.example
        );
    }
}

/// How many programs a batch has: `usual`, or as many times that as the environment says.
fn batch(usual: usize) -> usize {
    let times = std::env::var("ENGINE_PROGRAMS")
        .ok()
        .and_then(|n| n.parse::<usize>().ok());
    usual * times.unwrap_or(1)
}

/// Both passes over random programs of atomics: the sequential one must show what interleavings do,
/// and together they must show nothing that C11 forbids.
fn atomics(
    seed: u64,
    threads: usize,
    length: usize,
    count: usize,
    with: Orderings,
) -> (Tally, Tally) {
    let mut random = Random::new(seed);
    let (mut interleavings, mut orderings) = (Tally::default(), Tally::default());
    for _ in 0..batch(count) {
        let program = program::atomics(&mut random, threads, length, with);
        let may = weak::explore(&program);
        let must = without_plain(&sequential::explore(&program).outcomes);
        assert!(
            must.is_subset(&may),
            "an interleaving that C11 forbids: {program:?}"
        );
        let sequential = without_plain(&explore(&program, Pass::Sequential));
        let weak = without_plain(&explore(&program, Pass::Orderings));
        interleavings.compare(&program, &sequential, &must, &may);
        let none = BTreeSet::new();
        orderings.compare(
            &program,
            &weak.union(&sequential).cloned().collect(),
            &none,
            &may,
        );
    }
    (interleavings, orderings)
}

/// Outcomes without the plain variable, which programs of atomics alone do not touch.
fn without_plain(outcomes: &BTreeSet<Outcome>) -> BTreeSet<Outcome> {
    outcomes.iter().map(|o| o[..o.len() - 1].to_vec()).collect()
}

/// 300 programs of two threads and two relaxed operations each.
#[test]
fn two_threads_of_two_relaxed_operations() {
    let (interleavings, orderings) = atomics(1, 2, 2, 300, Orderings::Relaxed);
    interleavings.settle("2 threads x 2, sequential pass");
    orderings.settle("2 threads x 2, both passes");
}

/// 300 programs of two threads and three relaxed operations each.
#[test]
fn two_threads_of_three_relaxed_operations() {
    let (interleavings, orderings) = atomics(2, 2, 3, 300, Orderings::Relaxed);
    interleavings.settle("2 threads x 3, sequential pass");
    orderings.settle("2 threads x 3, both passes");
}

/// 20 programs of three threads and two relaxed operations each.
#[test]
fn three_threads_of_two_relaxed_operations() {
    let (interleavings, orderings) = atomics(3, 3, 2, 20, Orderings::Relaxed);
    interleavings.settle("3 threads x 2, sequential pass");
    orderings.settle("3 threads x 2, both passes");
}

/// 200 programs of two threads with operations of every ordering, and fences.
#[test]
fn two_threads_with_every_ordering_and_fences() {
    let (interleavings, orderings) = atomics(4, 2, 3, 200, Orderings::Any);
    interleavings.settle("every ordering, sequential pass");
    orderings.settle("every ordering, both passes");
}

/// 400 programs, about half of which can deadlock, that mix a mutex, a condition variable, parking, `SeqCst` and fences: outcomes and
/// deadlocks are those of the interleavings, in both passes.
#[test]
fn mixed_programs_and_their_deadlocks() {
    let mut random = Random::new(MIXED);
    let (mut tally, mut orderings) = (Tally::default(), Tally::default());
    let mut deadlocks = 0;
    for number in 0..batch(400) {
        let program = program::mixed(&mut random, 2);
        let expected = sequential::explore(&program);
        if expected.deadlocks {
            deadlocks += 1;
            let ended = child::Child::graded("deadlocks")
                .with(PROGRAM, &number.to_string())
                .run();
            assert_eq!(
                ended.end()["kind"],
                "deadlock",
                "a deadlock was missed: {program:?} {}",
                ended.stderr
            );
            continue;
        }
        let found = explore(&program, Pass::Sequential);
        tally.compare(&program, &found, &expected.outcomes, &expected.outcomes);
        // The pass with real orderings need not show them all, but nothing else either.
        let found = explore(&program, Pass::Orderings);
        orderings.compare(&program, &found, &BTreeSet::new(), &expected.outcomes);
    }
    println!("{deadlocks} programs that can deadlock, and were found to");
    tally.settle("mixed programs, sequential pass");
    orderings.settle("mixed programs, pass with real orderings");
}
