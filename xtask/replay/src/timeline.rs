//! A whole schedule, moment by moment, and the ways to move through it.

use std::collections::BTreeSet;

use heddle_counterexample::words::Names;
use heddle_counterexample::{Row, Story, Tone};
use heddle_terms::record::{Counterexample, Op};

use crate::advance::{advance, conclude};
use crate::state::State;

/// How finely a schedule is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The rows of the report's table: without what cannot matter.
    Rows,
    /// Every step of the record.
    Steps,
}

/// The moments of a schedule: position 0 is before the first step, the last one is the failure.
#[derive(Clone, Debug)]
pub struct Timeline<'r> {
    record: &'r Counterexample,
    states: Vec<State>,
    moments: Vec<Moment>,
    switches: Vec<usize>,
}

/// One moment of a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What led to it; nothing at the start, and nothing where no single thread fails.
    pub row: Option<Row>,
    /// Which of the states it shows.
    state: usize,
}

impl<'r> Timeline<'r> {
    /// Works out every moment from the record, whose indices must be valid.
    ///
    /// # Panics
    ///
    /// When an index of the record leads nowhere; [`crate::replay::sound`] finds that out before.
    pub fn of(record: &'r Counterexample, detail: Detail) -> Timeline<'r> {
        let mut states = vec![State::first(record)];
        for (number, step) in record.steps.iter().enumerate() {
            let mut next = states[number].clone();
            advance(&mut next, step, number);
            states.push(next);
        }
        let mut last = states[record.steps.len()].clone();
        conclude(&mut last, record);
        states.push(last);
        let mut rows = Story::of(record).rows;
        let failure = rows.pop_if(|row| row.tone == Tone::Failure);
        if detail == Detail::Steps {
            rows = every_step(record);
        }
        let moments = moments(record, rows, failure);
        let pairs = moments.windows(2).enumerate();
        let switches = pairs.filter_map(|(index, pair)| {
            let (before, after) = (pair[0].row.as_ref()?, pair[1].row.as_ref()?);
            (before.thread != after.thread).then_some(index + 1)
        });
        Timeline {
            record,
            switches: switches.collect(),
            states,
            moments,
        }
    }

    /// The record that it tells.
    pub fn record(&self) -> &'r Counterexample {
        self.record
    }

    /// The last position: the failure.
    pub fn end(&self) -> usize {
        self.moments.len() - 1
    }

    /// The state at that position; behind the end it is that of the end.
    pub fn state(&self, position: usize) -> &State {
        &self.states[self.moment(position).state]
    }

    /// The moment at that position; behind the end it is the end.
    pub fn moment(&self, position: usize) -> &Moment {
        &self.moments[position.min(self.end())]
    }

    /// What led to that position; nothing at the start, and nothing where no single thread fails.
    pub fn row(&self, position: usize) -> Option<&Row> {
        self.moment(position).row.as_ref()
    }

    /// Whether the schedule has failed at that position.
    pub fn is_failure(&self, position: usize) -> bool {
        position >= self.end()
    }

    /// The position that shows the state of another timeline's position, or the one just before.
    pub fn nearest(&self, other: &Timeline<'_>, position: usize) -> usize {
        let state = other.moment(position).state;
        let reached = self.moments.iter().take_while(|one| one.state <= state);
        reached.count().saturating_sub(1)
    }

    /// The lines of that file at which a thread is seen, at any moment.
    pub fn lines(&self, file: usize) -> BTreeSet<u32> {
        let shown = self.moments.iter().map(|moment| &self.states[moment.state]);
        let threads = shown.flat_map(|state| &state.threads);
        let threads = threads.filter_map(|thread| thread.at);
        let rows = self.moments.iter().filter_map(|one| one.row.as_ref()?.at);
        let places = threads.chain(rows).filter(|at| at.file == file);
        places.map(|at| at.line).collect()
    }

    /// The objects with which something happens; the others have nothing to tell.
    pub fn objects(&self) -> Vec<usize> {
        let first = &self.states[0].objects;
        let changes = |index: &usize| {
            let mut states = self.states.iter();
            states.any(|state| state.objects[*index] != first[*index])
        };
        let failure = &self.record.failure;
        let race = failure.race.map(|race| race.object);
        let named = |index: &usize| failure.object == Some(*index) || race == Some(*index);
        let all = 0..first.len();
        all.filter(|index| changes(index) || named(index)).collect()
    }

    /// The positions at which another thread goes on than the one before.
    pub fn switches(&self) -> &[usize] {
        &self.switches
    }

    /// The next position behind this one at which another thread goes on, else the end.
    pub fn next_switch(&self, position: usize) -> usize {
        let mut later = self.switches.iter().filter(|switch| **switch > position);
        later.next().copied().unwrap_or(self.end())
    }

    /// The last position before this one at which another thread goes on, else the start.
    pub fn previous_switch(&self, position: usize) -> usize {
        let earlier = self.switches.iter().rev();
        let mut earlier = earlier.filter(|switch| **switch < position);
        earlier.next().copied().unwrap_or(0)
    }
}

impl Moment {
    /// The number by which the report's table calls it, where it tells of a step.
    pub fn number(&self) -> Option<usize> {
        let row = self.row.as_ref()?;
        let first = row.steps.first()?;
        (row.tone != Tone::Folded).then_some(first + 1)
    }
}

fn moments(record: &Counterexample, rows: Vec<Row>, failure: Option<Row>) -> Vec<Moment> {
    let mut moments = vec![Moment {
        row: None,
        state: 0,
    }];
    let mut reached = 0;
    for row in rows {
        let last = row.steps.iter().max();
        // What a row leaves out behind it comes with the next one.
        reached = last.map_or(reached, |last| reached.max(last + 1));
        moments.push(Moment {
            row: Some(row),
            state: reached,
        });
    }
    moments.push(Moment {
        row: failure,
        state: record.steps.len() + 1,
    });
    moments
}

/// A row for each step, except for a panic that is the failure itself.
fn every_step(record: &Counterexample) -> Vec<Row> {
    let names = Names::of(record);
    let steps = record.steps.iter().enumerate();
    let last = record.steps.len().saturating_sub(1);
    let told = steps.filter(|(number, step)| {
        let fails = record.failure.thread == Some(step.thread);
        !(*number == last && fails && matches!(step.op, Op::Panic { .. }))
    });
    let row = |(number, step): (usize, &heddle_terms::record::Step)| Row {
        thread: step.thread,
        steps: vec![number],
        text: names.step(number),
        at: step.at,
        tone: Tone::Plain,
    };
    told.map(row).collect()
}

#[cfg(test)]
mod tests;
