//! A schedule as a line of text, to be run again by a later build of the claim.

use std::fmt;
use std::str::FromStr;

use super::event::{MAX_THREADS, ThreadIndex};
use super::guide::{Turn, Turns};
use super::world::{Dependence, World};

/// The version of a schedule's line, and the only one there is.
const VERSION: &str = "1";

/// The most turns of a line that is believed.
const MOST_TURNS: usize = 4_096;

/// All that it takes to run a schedule again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Saved {
    /// The rung on which it was found.
    pub(crate) rung: String,
    pub(super) respected: Dependence,
    pub(super) turns: Turns,
}

/// A line that names no schedule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotSaved;

impl Saved {
    /// The schedule that has just run.
    pub(super) fn of(world: &World, turns: &Turns) -> Self {
        Saved {
            rung: world.rung.clone(),
            respected: world.respected,
            turns: turns.clone(),
        }
    }
}

impl fmt::Display for Saved {
    /// One line: version, rung, what was modelled, and the turns.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Dependence {
            counts,
            ends,
            seq_cst_fences,
        } = self.respected;
        let flags = [(counts, 'c'), (ends, 'e'), (seq_cst_fences, 'f')];
        let flags: String = flags
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, flag)| flag)
            .collect();
        let flags = if flags.is_empty() { "-" } else { &flags };
        write!(out, "{VERSION} {} {flags} ", self.rung)?;
        for (index, turn) in self.turns.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(out, "{comma}{}x{}", turn.thread, turn.steps)?;
        }
        Ok(())
    }
}

impl FromStr for Saved {
    type Err = NotSaved;

    fn from_str(line: &str) -> Result<Self, NotSaved> {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let [VERSION, rung, flags, turns] = parts[..] else {
            return Err(NotSaved);
        };
        if !flags.chars().all(|flag| "-cef".contains(flag)) {
            return Err(NotSaved);
        }
        let respected = Dependence {
            counts: flags.contains('c'),
            ends: flags.contains('e'),
            seq_cst_fences: flags.contains('f'),
        };
        let turns: Option<Vec<Turn>> = turns.split(',').map(turn_of).collect();
        let turns = turns
            .filter(|turns| turns.len() <= MOST_TURNS)
            .ok_or(NotSaved)?;
        Ok(Saved {
            rung: rung.to_owned(),
            respected,
            turns: Turns(turns),
        })
    }
}

fn turn_of(text: &str) -> Option<Turn> {
    let (thread, steps) = text.split_once('x')?;
    let thread: ThreadIndex = thread.parse().ok()?;
    let steps = steps.parse().ok()?;
    (usize::from(thread) < MAX_THREADS && steps > 0).then_some(Turn { thread, steps })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line gives back the schedule that it was written for.
    #[test]
    fn a_saved_schedule_reads_back() {
        for line in ["1 sequential-0 - 0x3,1x12,0x1", "1 fault:wait:2:1 cef 0x3"] {
            let saved: Saved = line.parse().expect("it is a schedule");
            assert_eq!(saved.to_string(), line);
        }
    }

    /// Lines that nobody wrote are told apart.
    #[test]
    fn a_foreign_schedule_is_refused() {
        for line in [
            "",
            "2 sequential-0 - 0x3",
            "1 sequential-0 -",
            "1 sequential-0 q 0x3",
            "1 sequential-0 - 9x3",
            "1 sequential-0 - 0x0",
            "1 sequential-0 - 0x99999999999",
            "1 sequential-0 - 0x3,",
            "1 sequential-0 - 0x3 1x3",
        ] {
            assert_eq!(line.parse::<Saved>(), Err(NotSaved), "{line:?}");
        }
    }
}
