//! A whole schedule, state by state, and the ways to move through it.

use std::collections::BTreeSet;

use xtask::counterexample::record::{Counterexample, Op, Step};

use crate::advance::{advance, conclude};
use crate::state::State;

/// Every state of a schedule: position 0 is before the first step, the last one is the failure.
///
/// Position `k` is what `k` steps have led to. A failure that is no step of its own, such as a
/// deadlock, has a position behind the last step.
#[derive(Clone, Debug)]
pub struct Timeline<'r> {
    record: &'r Counterexample,
    states: Vec<State>,
    switches: Vec<usize>,
}

impl<'r> Timeline<'r> {
    /// Works out every state from the record, whose indices must be valid.
    ///
    /// # Panics
    ///
    /// When an index of the record leads nowhere; [`crate::replay::sound`] finds that out before.
    pub fn of(record: &'r Counterexample) -> Timeline<'r> {
        let mut states = vec![State::first(record)];
        for (number, step) in record.steps.iter().enumerate() {
            let mut next = states[number].clone();
            advance(&mut next, step, number);
            states.push(next);
        }
        if !ends_with_failure(record) {
            states.push(states[record.steps.len()].clone());
        }
        if let Some(last) = states.last_mut() {
            conclude(last, record);
        }
        let pairs = record.steps.windows(2).enumerate();
        let switches = pairs
            .filter(|(_, pair)| pair[0].thread != pair[1].thread)
            .map(|(index, _)| index + 2)
            .collect();
        Timeline {
            record,
            states,
            switches,
        }
    }

    /// The record that it tells.
    pub fn record(&self) -> &'r Counterexample {
        self.record
    }

    /// The last position: the failure.
    pub fn end(&self) -> usize {
        self.states.len() - 1
    }

    /// The state at that position; behind the end it is that of the end.
    pub fn state(&self, position: usize) -> &State {
        &self.states[position.min(self.end())]
    }

    /// The step that led to that position; none at the start, and none where the failure is not a step.
    pub fn step(&self, position: usize) -> Option<&'r Step> {
        self.record.steps.get(position.checked_sub(1)?)
    }

    /// Whether the schedule has failed at that position.
    pub fn is_failure(&self, position: usize) -> bool {
        position >= self.end()
    }

    /// The lines of that file at which a thread is seen, at any moment.
    pub fn lines(&self, file: usize) -> BTreeSet<u32> {
        let threads = self.states.iter().flat_map(|state| &state.threads);
        threads
            .filter_map(|thread| thread.at)
            .filter(|at| at.file == file)
            .map(|at| at.line)
            .collect()
    }

    /// The positions at which another thread has gone on than the one before.
    pub fn switches(&self) -> &[usize] {
        &self.switches
    }

    /// The next position behind this one at which another thread has gone on, else the end.
    pub fn next_switch(&self, position: usize) -> usize {
        let mut later = self.switches.iter().filter(|switch| **switch > position);
        later.next().copied().unwrap_or(self.end())
    }

    /// The last position before this one at which another thread has gone on, else the start.
    pub fn previous_switch(&self, position: usize) -> usize {
        let earlier = self.switches.iter().rev();
        let mut earlier = earlier.filter(|switch| **switch < position);
        earlier.next().copied().unwrap_or(0)
    }
}

/// Whether the last step is the failure itself.
fn ends_with_failure(record: &Counterexample) -> bool {
    record.steps.last().is_some_and(|step| {
        record.failure.thread == Some(step.thread) && matches!(step.op, Op::Panic { .. })
    })
}

#[cfg(test)]
mod tests;
