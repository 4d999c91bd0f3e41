//! The decision matrix, measured: three kinds of work, each done in four ways by two languages.

mod chart;
mod figures;
mod machine;
mod programs;

use std::fs;
use std::process::Command;

use heddle_terms::catalogue::Workspace;

use super::python::{output_of, version_of_python};
use figures::{Cell, Figures, Language, Way, Work};
use heddle_cli::console::{Trouble, complain, say};
use programs::Programs;

/// Where the chart is, from the root of the repository.
const FIGURE: &str = "book/figures/decision-matrix.svg";

/// Does every work in every way in turns, so many times, prints the ratios and writes the chart.
pub fn run(rounds: usize) -> Result<(), Trouble> {
    let root = Workspace::discover().map_err(Trouble::fault)?.root;
    let python = version_of_python().map(with_or_without_lock);
    let mut languages = vec![Language::Rust];
    match &python {
        Some(_) => languages.insert(0, Language::Python),
        None => complain(
            "the Python half is skipped: there is no CPython here (`python3` does not run)",
        ),
    }
    let programs = Programs::build(&root)?;
    complain(&format!(
        "{rounds} rounds; nothing else should run meanwhile"
    ));
    let mut cells = Vec::new();
    for work in Work::ALL {
        for &language in &languages {
            cells.extend(measure(&programs, work, language, rounds)?);
        }
    }
    let figures = Figures {
        machine: machine::processor(),
        system: machine::system(),
        rust: machine::rust(&root)?,
        python,
        date: machine::today(),
        rounds,
        cells,
    };
    let file = root.join(FIGURE);
    let cannot = |error| Trouble::Fault(format!("cannot write {FIGURE}: {error}"));
    fs::create_dir_all(root.join("book/figures")).map_err(cannot)?;
    fs::write(file, chart::svg(&figures)).map_err(cannot)?;
    say(&format!("{}\nwrote {FIGURE}\n", figures.table()))
}

/// The version, with a word about the lock that lets one thread run at a time.
fn with_or_without_lock(version: String) -> String {
    let ask = "import sys; print(getattr(sys, '_is_gil_enabled', lambda: True)())";
    let said = output_of(Command::new("python3").args(["-I", "-c", ask]));
    match said.is_ok_and(|said| said.trim() == "False") {
        true => format!("{version} without a GIL"),
        false => format!("{version} with its GIL"),
    }
}

/// The ways of one work, each against the sequential run of the same round.
fn measure(
    programs: &Programs,
    work: Work,
    language: Language,
    rounds: usize,
) -> Result<Vec<Cell>, Trouble> {
    let mut ratios = vec![Vec::new(); Way::ALL.len()];
    for _ in 0..rounds {
        let alone = programs.time(work, None, language)?;
        for (way, ratios) in Way::ALL.into_iter().zip(&mut ratios) {
            let took = programs.time(work, Some(way), language)?;
            let ratio = alone.as_secs_f64() / took.as_secs_f64().max(f64::MIN_POSITIVE);
            ratios.push((ratio * 1000.0).round() as u64);
        }
    }
    let cells = Way::ALL.into_iter().zip(ratios);
    Ok(cells
        .map(|(way, ratios)| Cell::of(work, way, language, ratios))
        .collect())
}
