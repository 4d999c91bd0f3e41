//! `cargo xtask soak`: subjects again and again under full load, always with the same verdict.

use std::collections::BTreeMap;
use std::thread::available_parallelism;

use super::load::busy;
use super::pool::in_order;
use heddle_cli::args::Request;
use heddle_cli::console::{Done, Outcome, Style, Trouble, count, say, wrap};
use heddle_cli::interrupt;
use heddle_cli::nearest::nearest;
use heddle_cli::site::Site;
use heddle_cli::text::{Beside, Sources, kata_title, render, verdict_words};
use heddle_terms::catalogue::Kata;
use xtask::grade::{Options, grade};
use xtask::matrix::{Case, Row, hand_written, mechanical};
use xtask::process::share_cores;
use xtask::subject::Subject;

/// Grades what the request names, and compares the rounds.
pub fn run(request: &Request) -> Outcome {
    let right = request.has("solutions") || request.has("alternatives");
    let rounds = request.number::<usize>("rounds")?;
    let rounds = rounds.unwrap_or(if right { 200 } else { 20 });
    if rounds < 2 {
        return Err(Trouble::Usage(
            "--rounds takes at least 2: one round has nothing to be compared with".to_owned(),
        ));
    }
    if right && request.has("mechanical") {
        return Err(Trouble::Usage(
            "--mechanical is about mutants: leave out --solutions and --alternatives".to_owned(),
        ));
    }
    let site = Site::discover()?;
    let mut soaked = Vec::new();
    for kata in site.katas(request, 0)? {
        soaked.extend(if right {
            right_ones(&kata, request)?
        } else {
            mutants(&kata, request)?
        });
    }
    let soaked = match request.text("from")? {
        None => soaked.as_slice(),
        Some(name) => from(&soaked, name)?,
    };
    let crowd = request.number::<usize>("crowd")?.unwrap_or(0);
    let seen = under_load(soaked, rounds, crowd)?;
    say(&told(&seen, rounds))?;
    Ok(match seen.values().all(Verdicts::steady) {
        true => Done::Passed,
        false => Done::NotPassed,
    })
}

/// What is graded again and again.
enum Soaked {
    /// A mutant, whose verdict has to be the same every time.
    Mutant(Case),
    /// A solution or an alternative, which has to pass every time.
    Right(Box<Kata>, Subject),
}

fn mutants(kata: &Kata, request: &Request) -> Result<Vec<Soaked>, Trouble> {
    let mut cases = hand_written(kata).map_err(Trouble::fault)?;
    if request.has("mechanical") {
        cases.extend(mechanical(kata).map_err(Trouble::fault)?);
    }
    Ok(cases.into_iter().map(Soaked::Mutant).collect())
}

fn right_ones(kata: &Kata, request: &Request) -> Result<Vec<Soaked>, Trouble> {
    let mut subjects = Vec::new();
    if request.has("solutions") {
        subjects.push(Subject::Solution);
    }
    if request.has("alternatives") {
        let names = kata.alternatives().map_err(Trouble::fault)?;
        subjects.extend(names.into_iter().map(Subject::Alternative));
    }
    let of_kata = |subject| Soaked::Right(Box::new(kata.clone()), subject);
    Ok(subjects.into_iter().map(of_kata).collect())
}

/// What comes from that name on.
fn from<'a>(soaked: &'a [Soaked], name: &str) -> Result<&'a [Soaked], Trouble> {
    let names: Vec<String> = soaked.iter().map(|one| one.name().1).collect();
    if let Some(first) = names.iter().position(|known| known == name) {
        return Ok(&soaked[first..]);
    }
    let near = nearest(name, names.iter().map(String::as_str));
    let hint = match near.first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => "each name is told when its rounds are done".to_owned(),
    };
    Err(Trouble::Usage(format!(
        "--from: `{name}` is not among what is soaked: {hint}"
    )))
}

impl Soaked {
    /// The kata, and what is graded of it.
    fn name(&self) -> (String, String) {
        match self {
            Soaked::Mutant(case) => (case.kata.id.clone(), case.name.clone()),
            Soaked::Right(kata, subject) => (kata.id.clone(), subject.label()),
        }
    }

    /// Grades it once.
    fn graded(&self) -> Graded {
        let graded = match self {
            Soaked::Mutant(case) => Graded {
                words: words(&case.grade()),
                passed: None,
                page: String::new(),
            },
            Soaked::Right(kata, subject) => right(kata, subject),
        };
        interrupt::hold_if_interrupted();
        graded
    }
}

/// What came of one grading.
struct Graded {
    /// What has to be the same every time.
    words: String,
    /// Whether it passed, of what has to.
    passed: Option<bool>,
    /// The report of what should have passed: it may never be seen again.
    page: String,
}

fn right(kata: &Kata, subject: &Subject) -> Graded {
    let report = match grade(kata, subject, &Options::default()) {
        Ok(report) => report,
        Err(fault) => {
            return Graded {
                words: fault.to_string(),
                passed: Some(false),
                page: String::new(),
            };
        }
    };
    let broken = report.claims().filter(|claim| !claim.passed());
    let broken: Vec<String> = broken.map(|claim| claim.id()).collect();
    let mut words = verdict_words(&report.verdict);
    if !broken.is_empty() {
        words += &format!(": {}", broken.join(", "));
    }
    let sources = Sources::below(&kata.workspace.root);
    let page = match report.passed() {
        true => String::new(),
        false => render(&report, &sources, &Beside::default(), Style::of_stdout()),
    };
    Graded {
        words,
        passed: Some(report.passed()),
        page,
    }
}

/// What has to be the same every time a mutant is graded.
fn words(row: &Row) -> String {
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    let (claim, kind) = (part(&row.claim), part(&row.kind));
    let fate = match &row.fate {
        fate if fate.in_order() => "as declared".to_owned(),
        fate => format!("{fate:?}"),
    };
    let verdict = row.verdict.as_ref().map(verdict_words).unwrap_or_default();
    format!("{verdict}: {claim} {kind} ({fate})")
}

/// The verdicts that one subject got.
#[derive(Default)]
struct Verdicts {
    /// Each in words, and how often it came.
    times: BTreeMap<String, u64>,
    /// How often it should have passed and did not.
    not_passed: u64,
}

impl Verdicts {
    fn steady(&self) -> bool {
        self.times.len() < 2 && self.not_passed == 0
    }

    /// Takes note of a verdict; returns whether it is one that has to be told.
    fn add(&mut self, graded: &Graded) -> bool {
        let times = self.times.entry(graded.words.clone()).or_insert(0);
        *times += 1;
        let first_of_its_kind = *times == 1;
        match graded.passed {
            Some(passed) => {
                self.not_passed += u64::from(!passed);
                !passed
            }
            None => first_of_its_kind && self.times.len() > 1,
        }
    }
}

/// By kata and name.
type Seen = BTreeMap<(String, String), Verdicts>;

/// As many claims at a time on each core as this: nobody has a core for itself.
const CLAIMS_PER_CORE: usize = 2;

fn under_load(soaked: &[Soaked], rounds: usize, crowd: usize) -> Result<Seen, Trouble> {
    let cores = available_parallelism().map_or(2, usize::from);
    share_cores(CLAIMS_PER_CORE);
    // More gradings than claims at a time: what hangs waits out its time and needs no core.
    let gradings = 2 * CLAIMS_PER_CORE * cores;
    busy(cores, crowd, || all_rounds(soaked, rounds, gradings))
}

/// Rounds of one subject in a row: it is compiled once, and only its claims run again.
struct Share<'a, T> {
    of: &'a T,
    rounds: usize,
    /// Whether no more of the same subject follows.
    is_last: bool,
}

impl Share<'_, Soaked> {
    fn graded(&self) -> Vec<Graded> {
        (0..self.rounds).map(|_| self.of.graded()).collect()
    }
}

/// All rounds of all subjects; those of few subjects are shared out, so that there is something for every thread.
fn shared_out<T>(soaked: &[T], rounds: usize, threads: usize) -> Vec<Share<'_, T>> {
    let shares = threads.div_ceil(soaked.len().max(1)).clamp(1, rounds);
    let rounds_of = |share| rounds / shares + usize::from(share < rounds % shares);
    let of = |of| {
        (0..shares).map(move |share| Share {
            of,
            rounds: rounds_of(share),
            is_last: share + 1 == shares,
        })
    };
    soaked.iter().flat_map(of).collect()
}

fn all_rounds(soaked: &[Soaked], rounds: usize, threads: usize) -> Result<Seen, Trouble> {
    let mut seen = Seen::new();
    let mut done = 0;
    let shares = shared_out(soaked, rounds, threads);
    in_order(&shares, threads, Share::graded, |share, all| {
        let (kata, what) = share.of.name();
        let verdicts = seen.entry((kata.clone(), what.clone())).or_default();
        let mut text = String::new();
        for graded in &all {
            if verdicts.add(graded) {
                text += &format!("  {kata} {what}: {}\n{}", graded.words, graded.page);
            }
        }
        if share.is_last {
            done += 1;
            let steady = match verdicts.steady() {
                true => "steady",
                false => "UNSTEADY",
            };
            text += &format!("{done} of {}: {kata} {what}: {steady}\n", soaked.len());
        }
        // Told at once: who waits for the end may not live to see it.
        say(&text).is_ok()
    });
    Ok(seen)
}

fn told(seen: &Seen, rounds: usize) -> String {
    let style = Style::of_stdout();
    let mut text = String::from("\n");
    let unsteady: Vec<_> = seen.iter().filter(|(_, of)| !of.steady()).collect();
    for ((kata, name), verdicts) in &unsteady {
        text += &format!("{} {} · {name}\n", style.bad("✗"), kata_title(kata));
        for (words, times) in &verdicts.times {
            text += &wrap(
                &format!("{} {words}", count(*times, "time")),
                "    ",
                style.width,
            );
        }
    }
    let all = count(seen.len() as u64, "subject");
    text += &match unsteady.len() {
        0 => format!("{all}, {rounds} rounds under full load: as it should be every time\n"),
        unsteady => format!("{unsteady} of {all} unsteady in {rounds} rounds\n"),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graded(words: &str, passed: Option<bool>) -> Graded {
        Graded {
            words: words.to_owned(),
            passed,
            page: String::new(),
        }
    }

    fn seen(name: &str, all: &[(Graded, usize)]) -> Seen {
        let mut verdicts = Verdicts::default();
        for (graded, times) in all {
            for _ in 0..*times {
                verdicts.add(graded);
            }
        }
        Seen::from([(("kata-05-rlock".into(), name.into()), verdicts)])
    }

    #[test]
    fn a_mutant_with_two_verdicts_is_told_with_both() {
        let deadlock = graded("deadlock: spec::a deadlock", None);
        let timeout = graded("out of time: spec::a timeout", None);
        let text = told(&seen("lost-wakeup", &[(deadlock, 19), (timeout, 1)]), 20);
        assert!(text.contains("kata-05 rlock · lost-wakeup"), "{text}");
        assert!(text.contains("19 times deadlock") && text.contains("1 time out of time"));
        assert!(text.ends_with("1 of 1 subject unsteady in 20 rounds\n"));
    }

    #[test]
    fn a_solution_that_always_fails_is_not_steady() {
        let failed = graded("out of time: spec::a", Some(false));
        let text = told(&seen("solution", &[(failed, 200)]), 200);
        assert!(text.contains("200 times out of time: spec::a"), "{text}");
        assert!(text.ends_with("1 of 1 subject unsteady in 200 rounds\n"));
    }

    #[test]
    fn what_passes_every_time_is_not_told_one_by_one() {
        let text = told(
            &seen("solution", &[(graded("passed", Some(true)), 200)]),
            200,
        );
        let expected = "\n1 subject, 200 rounds under full load: as it should be every time\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn every_round_is_somebodys() {
        for (subjects, rounds, threads) in [(1, 200, 4), (3, 20, 4), (10, 200, 4), (1, 2, 4)] {
            let soaked: Vec<usize> = (0..subjects).collect();
            let shares = shared_out(&soaked, rounds, threads);
            assert!(shares.len() >= threads.min(rounds));
            for one in 0..subjects {
                let of_one = shares.iter().filter(|share| *share.of == one);
                assert_eq!(of_one.map(|share| share.rounds).sum::<usize>(), rounds);
            }
            assert_eq!(
                shares.iter().filter(|share| share.is_last).count(),
                subjects
            );
        }
    }
}
