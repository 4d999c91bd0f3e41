//! What was measured, and on what: all that the chart is drawn from.

use serde::{Deserialize, Serialize};

/// The ratios of every cell, with where and when they were measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The processor and its cores.
    pub machine: String,
    /// The operating system.
    pub system: String,
    /// The compiler and its version.
    pub rust: String,
    /// The interpreter and its version; none where there is none.
    pub python: Option<String>,
    /// The day.
    pub date: String,
    /// How often everything was done.
    pub rounds: usize,
    /// The measurements.
    pub cells: Vec<Cell>,
}

/// How many times as fast as one thing after the other, in thousandths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// What is done.
    pub work: Work,
    /// How.
    pub way: Way,
    /// By which language.
    pub language: Language,
    /// The middle of all rounds.
    pub median: u64,
    /// The least of them.
    pub least: u64,
    /// The greatest of them.
    pub greatest: u64,
}

/// A kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Work {
    /// It waits for answers.
    Io,
    /// It computes.
    Cpu,
    /// It updates what all workers share.
    Shared,
}

/// A way of doing several things at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// Threads of one process.
    Threads,
    /// Child processes.
    Processes,
    /// Tasks on one thread.
    Async,
}

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// CPython.
    Python,
    /// Rust, in a release build.
    Rust,
}

impl Work {
    /// All of them, in the order of the seed.
    pub const ALL: [Work; 3] = [Work::Io, Work::Cpu, Work::Shared];

    /// Its name for the programs.
    pub fn word(self) -> &'static str {
        ["io", "cpu", "shared"][self as usize]
    }

    /// What it is, for a person.
    pub fn title(self) -> &'static str {
        ["I/O-bound", "CPU-bound", "Shared state"][self as usize]
    }

    /// What is measured.
    pub fn told(self) -> &'static str {
        [
            "64 requests to a server, a worker each",
            "counting primes, four workers",
            "four workers update one table",
        ][self as usize]
    }

    /// How much of it is done, so that it takes a good part of a second.
    pub fn size(self, language: Language) -> u64 {
        match (self, language) {
            (Work::Io, _) => 64,
            (Work::Cpu, Language::Python) => 150_000,
            (Work::Cpu, Language::Rust) => 1_500_000,
            (Work::Shared, Language::Python) => 60_000,
            (Work::Shared, Language::Rust) => 1_000_000,
        }
    }
}

impl Way {
    /// All of them, in the order of the seed.
    pub const ALL: [Way; 3] = [Way::Threads, Way::Processes, Way::Async];

    /// Its name, for the programs and for a person.
    pub fn word(self) -> &'static str {
        ["threads", "processes", "async"][self as usize]
    }
}

impl Language {
    /// Its name.
    pub fn name(self) -> &'static str {
        ["Python", "Rust"][self as usize]
    }
}

impl Cell {
    /// The middle and the ends of some ratios in thousandths.
    pub fn of(work: Work, way: Way, language: Language, mut ratios: Vec<u64>) -> Cell {
        ratios.sort_unstable();
        let middle = ratios.len() / 2;
        let median = match ratios.len() % 2 {
            1 => ratios[middle],
            _ => (ratios[middle - 1] + ratios[middle]) / 2,
        };
        Cell {
            work,
            way,
            language,
            median,
            least: ratios[0],
            greatest: ratios[ratios.len() - 1],
        }
    }

    /// The ratio as it is read: `36×`, `1.9×`, `0.02×`.
    pub fn told(&self) -> String {
        times(self.median)
    }
}

impl Figures {
    /// The cell of a work, a way and a language, where it was measured.
    pub fn cell(&self, work: Work, way: Way, language: Language) -> Option<&Cell> {
        let is_it = |cell: &&Cell| (cell.work, cell.way, cell.language) == (work, way, language);
        self.cells.iter().find(is_it)
    }

    /// Everything as lines of text.
    pub fn table(&self) -> String {
        let mut text = String::new();
        for cell in &self.cells {
            text += &format!(
                "{:<14}{:<12}{:<8}{:>8}  from {} to {}\n",
                cell.work.title(),
                cell.way.word(),
                cell.language.name(),
                cell.told(),
                times(cell.least),
                times(cell.greatest)
            );
        }
        text
    }
}

/// Two digits that count.
fn times(thousandths: u64) -> String {
    let ratio = thousandths as f64 / 1000.0;
    match thousandths {
        9_950.. => format!("{ratio:.0}×"),
        950.. => format!("{ratio:.1}×"),
        95.. => format!("{ratio:.2}×"),
        _ => format!("{ratio:.3}×"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_has_two_digits_that_count() {
        let told = [36_412, 9_960, 1_949, 412, 21, 0].map(times);
        assert_eq!(told, ["36×", "10×", "1.9×", "0.41×", "0.021×", "0.000×"]);
    }

    #[test]
    fn the_median_of_the_rounds_is_told_with_its_ends() {
        let cell = Cell::of(Work::Io, Way::Async, Language::Rust, vec![3, 9_000, 1, 2]);
        assert_eq!((cell.least, cell.median, cell.greatest), (1, 2, 9_000));
    }
}
