//! `cargo xtask soak`: every mutant again and again under full load, with the same verdict.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;

use super::super::args::Request;
use super::super::console::{Done, Outcome, Style, Trouble, count, say, wrap};
use super::super::interrupt;
use super::super::site::Site;
use super::super::text::{kata_title, verdict_words};
use super::pool::in_order;
use xtask::matrix::{Case, Row, hand_written, mechanical};

/// Grades the mutants of the katas that the request names, and compares the rounds.
pub fn run(request: &Request) -> Outcome {
    let rounds = request.number::<usize>("rounds")?.unwrap_or(20);
    if rounds < 2 {
        return Err(Trouble::Usage(
            "--rounds takes at least 2: one round has nothing to be compared with".to_owned(),
        ));
    }
    let site = Site::discover()?;
    let mut cases = Vec::new();
    for kata in site.katas(request, 0)? {
        cases.extend(hand_written(&kata).map_err(Trouble::fault)?);
        if request.has("mechanical") {
            cases.extend(mechanical(&kata).map_err(Trouble::fault)?);
        }
    }
    let seen = under_load(&cases, rounds)?;
    let text = told(&seen, rounds);
    let steady = seen.values().all(|verdicts| verdicts.len() == 1);
    say(&text)?;
    Ok(if steady {
        Done::Passed
    } else {
        Done::NotPassed
    })
}

/// For each mutant, its verdicts in words and how often each came.
type Seen = BTreeMap<(String, String), BTreeMap<String, u64>>;

fn under_load(cases: &[Case], rounds: usize) -> Result<Seen, Trouble> {
    let cores = available_parallelism().map_or(2, usize::from);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| keep_busy(&over));
        }
        let seen = all_rounds(cases, rounds, cores);
        over.store(true, Ordering::Relaxed);
        seen
    })
}

fn keep_busy(over: &AtomicBool) {
    let mut number = 1_u64;
    while !over.load(Ordering::Relaxed) {
        for _ in 0..10_000 {
            number = black_box(
                number
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1),
            );
        }
    }
}

fn all_rounds(cases: &[Case], rounds: usize, threads: usize) -> Result<Seen, Trouble> {
    let mut seen = Seen::new();
    for round in 1..=rounds {
        in_order(cases, threads, graded, |case, row| {
            let of = seen
                .entry((case.kata.id.clone(), case.name.clone()))
                .or_default();
            let times = of.entry(words(&row)).or_insert(0);
            *times += 1;
            // Told at once: who waits for the last round may not live to see it.
            let other = format!(
                "  another verdict: {} {}: {}\n",
                case.kata.id,
                case.name,
                words(&row)
            );
            *times > 1 || of.len() == 1 || say(&other).is_ok()
        });
        let changed = seen.values().filter(|verdicts| verdicts.len() > 1).count();
        say(&format!(
            "round {round} of {rounds}: {}, {changed} with more than one verdict\n",
            count(seen.len() as u64, "mutant")
        ))?;
    }
    Ok(seen)
}

fn graded(case: &Case) -> Row {
    let row = case.grade();
    interrupt::hold_if_interrupted();
    row
}

/// What has to be the same every time.
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

fn told(seen: &Seen, rounds: usize) -> String {
    let style = Style::of_stdout();
    let mut text = String::from("\n");
    for ((kata, mutant), verdicts) in seen.iter().filter(|(_, verdicts)| verdicts.len() > 1) {
        text += &format!("{} {} · {mutant}\n", style.bad("✗"), kata_title(kata));
        for (words, times) in verdicts {
            text += &wrap(
                &format!("{} {words}", count(*times, "time")),
                "    ",
                style.width,
            );
        }
    }
    let unsteady = seen.values().filter(|verdicts| verdicts.len() > 1).count();
    text += &match unsteady {
        0 => format!(
            "{}, {rounds} rounds under full load: the same verdict every time\n",
            count(seen.len() as u64, "mutant")
        ),
        _ => format!(
            "{unsteady} of {} had more than one verdict in {rounds} rounds\n",
            count(seen.len() as u64, "mutant")
        ),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutant_with_two_verdicts_is_told_with_both() {
        let mut seen = Seen::new();
        let mut verdicts = BTreeMap::new();
        verdicts.insert("deadlock: spec::a deadlock".to_owned(), 19);
        verdicts.insert("out of time: spec::a timeout".to_owned(), 1);
        seen.insert(("kata-05-rlock".into(), "lost-wakeup".into()), verdicts);
        let text = told(&seen, 20);
        assert!(text.contains("kata-05 rlock · lost-wakeup"), "{text}");
        assert!(text.contains("19 times deadlock") && text.contains("1 time out of time"));
        assert!(text.ends_with("1 of 1 mutant had more than one verdict in 20 rounds\n"));
    }
}
