//! What people call the threads and objects of a record.

use heddle_terms::record::{At, Counterexample, Holder};

use crate::Replay;
use crate::sources::Sources;
use crate::state::Touch;

/// The names of a record's threads, objects and places.
#[derive(Clone, Copy, Debug)]
pub struct Names<'r> {
    /// The record.
    pub record: &'r Counterexample,
    /// The files that it names.
    pub sources: &'r Sources,
}

impl<'r> Names<'r> {
    /// The names in a replay.
    pub fn of(replay: &'r Replay) -> Names<'r> {
        Names {
            record: &replay.record,
            sources: &replay.sources,
        }
    }

    /// A thread's name.
    pub fn thread(&self, index: usize) -> &'r str {
        &self.record.threads[index].name
    }

    /// An object's name.
    pub fn object(&self, index: usize) -> &'r str {
        &self.record.objects[index].name
    }

    /// A place as a short text, `lib.rs:36`.
    pub fn place(&self, at: At) -> String {
        format!("{}:{}", self.sources.short(at.file), at.line)
    }

    /// A step's number as people count: from 1.
    pub fn number(step: usize) -> String {
        format!("step {}", step + 1)
    }

    /// A step by who did it: `main in step 4`.
    pub fn step(&self, step: usize) -> String {
        match self.record.steps.get(step) {
            Some(known) => format!("{} in {}", self.thread(known.thread), Self::number(step)),
            None => Self::number(step),
        }
    }

    /// `main in step 4`.
    pub fn touch(&self, touch: Touch) -> String {
        format!(
            "{} in {}",
            self.thread(touch.thread),
            Self::number(touch.step)
        )
    }

    /// `main since step 4`, or the place where the step was not kept.
    pub fn holder(&self, holder: &Holder) -> String {
        let name = self.thread(holder.thread);
        match (holder.step, holder.at) {
            (Some(step), _) => format!("{name} since {}", Self::number(step)),
            (None, Some(at)) => format!("{name} since {}", self.place(at)),
            (None, None) => name.to_owned(),
        }
    }

    /// `a`, `a and b`, `a, b and c`.
    pub fn threads(&self, indices: &[usize]) -> String {
        let names: Vec<&str> = indices.iter().map(|index| self.thread(*index)).collect();
        match names.as_slice() {
            [] => "nobody".to_owned(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }
}

/// The letter by which a thread is marked in the source.
pub fn letter(thread: usize) -> char {
    let letters = ('A'..='Z').cycle();
    letters.into_iter().nth(thread).unwrap_or('?')
}
