//! How long the required rungs of the model claims take.

use std::time::Duration;

use heddle_terms::catalogue::Kata;
use heddle_terms::report::{ClaimReport, Outcome, Phase};
use xtask::grade::{Options, grade};
use xtask::subject::Subject;

use super::statistics::{against, median};
use heddle_cli::args::Request;
use heddle_cli::console::{Trouble, grouped, say};
use heddle_cli::interrupt::unless_interrupted;
use heddle_cli::site::Site;
use heddle_cli::text::{cut, kata_title, seconds};

/// What all model claims of one kata together must not exceed on one core.
const TARGET: Duration = Duration::from_millis(500);

/// Measures the model claims of the solutions, one line each.
pub fn run(request: &Request, rounds: usize) -> Result<(), Trouble> {
    let site = Site::discover()?;
    for kata in site.katas(request, 1)? {
        if kata.claims_of(Phase::Model).next().is_some() {
            say(&measure(&kata, rounds)?)?;
        }
    }
    Ok(())
}

fn measure(kata: &Kata, rounds: usize) -> Result<String, Trouble> {
    let mut reports = Vec::new();
    for _ in 0..rounds {
        let report = grade(kata, &Subject::Solution, &Options::default())
            .map_err(|fault| Trouble::fault(unless_interrupted(fault)))?;
        reports.push(report);
    }
    let mut text = format!("{}\n", kata_title(&kata.id));
    let mut whole = Duration::ZERO;
    for decl in kata.claims_of(Phase::Model) {
        let id = decl.id();
        let found: Vec<&ClaimReport> = reports
            .iter()
            .filter_map(|report| report.claim(&id))
            .collect();
        let Some(last) = found.last() else {
            return Err(Trouble::Fault(format!(
                "{id} did not run: see `cargo xtask check {:02} --solution`",
                kata.number
            )));
        };
        let took: Vec<Duration> = found.iter().map(|claim| claim.took).collect();
        let took = median(&took);
        whole += took;
        text += &format!(
            "    {:<58} {:>8}  {}\n",
            cut(&decl.name, 58),
            seconds(took),
            searched(last)
        );
    }
    text += &format!(
        "  one after the other: {}, each in a process of its own, medians of {rounds}\n  {}\n",
        seconds(whole),
        against(whole, TARGET)
    );
    Ok(text)
}

fn searched(claim: &ClaimReport) -> String {
    match &claim.outcome {
        Outcome::Passed {
            schedules, rungs, ..
        } => {
            let full = rungs
                .iter()
                .any(|rung| rung.name == "sequential-full" && rung.exhausted);
            let bound = if full { ", exhausted" } else { "" };
            format!("{} schedules{bound}", grouped(*schedules))
        }
        _ => "does not pass".to_owned(),
    }
}
