//! `cargo xtask mutants` and `cargo xtask soak`: are the bugs caught, and is every verdict steady?

mod load;
mod pool;
mod soak;
mod table;

use std::thread::available_parallelism;

use xtask::matrix::{Case, Row, hand_written, mechanical};

use heddle_cli::args::Request;
use heddle_cli::check::json;
use heddle_cli::console::{Done, Outcome, Style, Trouble, say};
use heddle_cli::interrupt;
use heddle_cli::progress::Progress;
use heddle_cli::site::Site;

pub use soak::run as soak;

/// Grades every mutant of the katas that the request names, and shows what caught it.
pub fn run(request: &Request) -> Outcome {
    let (hand, machine) = match request.text("only")? {
        None => (true, true),
        Some("hand") => (true, false),
        Some("mechanical") => (false, true),
        Some(other) => {
            return Err(Trouble::Usage(format!(
                "--only takes `hand` or `mechanical`, and not `{other}`"
            )));
        }
    };
    let site = Site::discover()?;
    let mut cases = Vec::new();
    for kata in site.katas(request, 0)? {
        if hand {
            cases.extend(hand_written(&kata).map_err(Trouble::fault)?);
        }
        if machine {
            cases.extend(mechanical(&kata).map_err(Trouble::fault)?);
        }
    }
    let rows = graded(&cases, request.has("json"))?;
    say(&if request.has("json") {
        json(&rows)?
    } else {
        table::totals(&rows)
    })?;
    let in_order = rows.iter().all(|row| row.fate.in_order());
    Ok(if in_order {
        Done::Passed
    } else {
        Done::NotPassed
    })
}

/// Grades the cases, as many at a time as there are cores, and shows each row as it comes.
fn graded(cases: &[Case], silent: bool) -> Result<Vec<Row>, Trouble> {
    let threads = available_parallelism().map_or(1, usize::from);
    let style = Style::of_stdout();
    let mut rows: Vec<Row> = Vec::new();
    let mut trouble = None;
    let progress = Progress::start();
    let work = |case: &Case| {
        let what = format!("{} · {}", case.kata.id, case.name);
        progress.begin(&what);
        let row = case.grade();
        interrupt::hold_if_interrupted();
        progress.end(&what);
        row
    };
    pool::in_order(cases, threads, work, |_, row| {
        let begins = rows.last().is_none_or(|last| last.kata != row.kata);
        let mut text = String::new();
        if begins {
            text += &table::heading(&row.kata, style);
        }
        text += &table::line(&row, style);
        rows.push(row);
        if silent {
            return true;
        }
        progress
            .over(|| say(&text))
            .map_err(|error| trouble = Some(error))
            .is_ok()
    });
    match trouble {
        Some(trouble) => Err(trouble),
        None => Ok(rows),
    }
}
