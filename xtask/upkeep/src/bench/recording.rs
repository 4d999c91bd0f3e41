//! What it costs that every step of every schedule is remembered.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use heddle_terms::catalogue::Kata;
use heddle_terms::report::Phase;
use xtask::grade::{Options, grade};
use xtask::records::Measured;
use xtask::subject::Subject;

use heddle_cli::args::Request;
use heddle_cli::console::{Trouble, grouped, say};
use heddle_cli::interrupt::unless_interrupted;
use heddle_cli::site::Site;
use heddle_cli::text::{cut, kata_title};

/// How many times as long a recorded search may take.
const TARGET: f64 = 1.5;

/// Measures the model claims of the solutions, each in one process that searches in both ways.
pub fn run(request: &Request) -> Result<(), Trouble> {
    let site = Site::discover()?;
    let mut all = Vec::new();
    for kata in site.katas(request, 1)? {
        if kata.claims_of(Phase::Model).next().is_some() {
            all.extend(measure(&kata)?);
        }
    }
    let worst = all.iter().map(ratio).fold(0.0, f64::max);
    let whole = ratio(&sum(&all));
    let sign = if whole <= TARGET {
        "✓ within"
    } else {
        "✗ over"
    };
    say(&format!(
        "recorded against unrecorded: {whole:.2} times over {} claims, at worst {worst:.2}\n\
         {sign} the target of {TARGET} times\n",
        all.len()
    ))
}

fn measure(kata: &Kata) -> Result<Vec<Measured>, Trouble> {
    // A grading that starts over measures once more.
    let found = Mutex::new(BTreeMap::new());
    let measured = |claim: &str, measured: Measured| {
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        found.insert(claim.to_owned(), measured);
    };
    let options = Options {
        measured: Some(&measured),
        ..Options::default()
    };
    grade(kata, &Subject::Solution, &options)
        .map_err(|fault| Trouble::fault(unless_interrupted(fault)))?;
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut text = format!("{}\n", kata_title(&kata.id));
    for (claim, measured) in &found {
        let each = |nanos: u64| {
            let each = nanos / measured.schedules.max(1);
            format!("{:.1} µs", Duration::from_nanos(each).as_secs_f64() * 1e6)
        };
        text += &format!(
            "    {:<58} {:>9} against {:>9} a schedule  {:.2}  {} schedules\n",
            cut(claim, 58),
            each(measured.recorded_ns),
            each(measured.unrecorded_ns),
            ratio(measured),
            grouped(measured.schedules)
        );
    }
    say(&text)?;
    Ok(found.into_values().collect())
}

fn ratio(measured: &Measured) -> f64 {
    measured.recorded_ns as f64 / measured.unrecorded_ns.max(1) as f64
}

fn sum(all: &[Measured]) -> Measured {
    Measured {
        schedules: all.iter().map(|it| it.schedules).sum(),
        recorded_ns: all.iter().map(|it| it.recorded_ns).sum(),
        unrecorded_ns: all.iter().map(|it| it.unrecorded_ns).sum(),
    }
}
