//! What it costs to remember the steps of every schedule.
//!
//! A measurement comes after the search that decides about the claim, and decides nothing itself:
//! a schedule that fails without its steps being remembered is a fault.

use std::time::{Duration, Instant};

use super::clock::Clock;
use crate::engine::explore;

/// How long to measure, and how often at least.
const ENOUGH: Duration = Duration::from_millis(500);
const ROUNDS: u32 = 8;

/// The same searches, with every step remembered and without.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// How many schedules the searches have.
    pub(crate) schedules: u64,
    /// The least time that they took in each of the two ways: nothing makes a search faster than
    /// it is, and much that goes on beside it makes it slower.
    pub(crate) recorded: Duration,
    pub(crate) unrecorded: Duration,
}

/// Measures a search, which returns how many schedules it ran.
///
/// Both ways take turns, and turns in who is first, so that what else the machine does comes to
/// both alike.
pub(crate) fn recording(mut search: impl FnMut() -> u64) -> Measured {
    let mut measured = Measured {
        schedules: 0,
        recorded: Duration::MAX,
        unrecorded: Duration::MAX,
    };
    let begun = Instant::now();
    let mut round = 0;
    while round < ROUNDS || begun.elapsed() < ENOUGH {
        for recorded in [round % 2 == 0, round % 2 != 0] {
            explore::remember_steps(recorded);
            let clock = Clock::working();
            let schedules = search();
            let took = clock.elapsed();
            explore::remember_steps(true);
            measured.schedules = schedules;
            let least = if recorded {
                &mut measured.recorded
            } else {
                &mut measured.unrecorded
            };
            *least = took.min(*least);
        }
        round += 1;
    }
    measured
}
