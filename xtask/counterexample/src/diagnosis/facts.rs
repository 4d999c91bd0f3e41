//! What the rules ask of a record.

use crate::ending;
use crate::excerpt::Mark;
use crate::page::Places;
use crate::words::Names;
use heddle_terms::record::{At, Blocked, Counterexample, Inside, Op, Step};
use heddle_terms::report::Kind;

/// A record, and the questions that rules have about it.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The record.
    pub record: &'a Counterexample,
    /// How its places are written.
    pub places: Places<'a>,
    /// Its names.
    pub names: Names<'a>,
}

impl<'a> Facts<'a> {
    /// The facts of a record.
    pub fn of(places: Places<'a>) -> Self {
        Facts {
            record: places.record,
            places,
            names: Names::of(places.record),
        }
    }

    /// How it failed.
    pub fn kind(&self) -> Kind {
        self.record.failure.kind
    }

    /// A thread's name.
    pub fn thread(&self, thread: usize) -> &'a str {
        self.names.thread(thread)
    }

    /// An object's name.
    pub fn object(&self, object: usize) -> &'a str {
        self.names.object(object)
    }

    /// The steps with their numbers.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Step)> + Clone + use<'a> {
        self.record.steps.iter().enumerate()
    }

    /// The steps of one thread.
    pub fn steps_of(
        &self,
        thread: usize,
    ) -> impl DoubleEndedIterator<Item = (usize, &'a Step)> + Clone + use<'a> {
        self.steps().filter(move |(_, step)| step.thread == thread)
    }

    /// The step of that number.
    pub fn step(&self, number: usize) -> &'a Step {
        &self.record.steps[number]
    }

    /// `at line 38` for a step, or nothing where it has no place.
    pub fn at(&self, at: Option<At>) -> String {
        match at {
            Some(at) => format!(" ({})", ending::place_words(self.places, at)),
            None => String::new(),
        }
    }

    /// `line 38` or `model.rs:41`.
    pub fn line(&self, at: Option<At>) -> String {
        at.map_or("a line that is not known".to_owned(), |at| {
            ending::place_words(self.places, at)
        })
    }

    /// Those who sleep for ever: in a condition variable or in `park`, without a limit.
    pub fn sleepers(&self) -> impl Iterator<Item = &'a Blocked> + Clone + use<'a> {
        let sleeps = |one: &&Blocked| matches!(one.inside, Inside::Wait | Inside::Park);
        self.record
            .blocked
            .iter()
            .filter(sleeps)
            .filter(|one| !one.timed)
    }

    /// Whether a thread had not ended and could not go on.
    pub fn is_blocked(&self, thread: usize) -> bool {
        let mut blocked = self.record.blocked.iter();
        blocked.any(|one| one.thread == thread && one.inside != Inside::Next)
    }

    /// Where a step is in the subject, or else in the claim.
    pub fn place(&self, step: &Step) -> Option<At> {
        self.places.in_subject(step).or(step.at)
    }

    /// Where a thread that cannot go on is in the subject, or else in the claim.
    pub fn stands(&self, blocked: &Blocked) -> Option<At> {
        let in_subject = |at: &At| self.places.file(*at) == self.places.subject;
        let last = || {
            let mut own = self.steps_of(blocked.thread).rev();
            let (_, last) = own.find(|(_, step)| step.at == blocked.at)?;
            self.places.in_subject(last)
        };
        blocked.at.filter(in_subject).or_else(last).or(blocked.at)
    }

    /// Whether a step is the subject's doing, by itself or through something that the claim gave it.
    pub fn is_of_subject(&self, step: &Step) -> bool {
        let of_subject = step
            .at
            .is_some_and(|at| self.places.file(at) == self.places.subject);
        of_subject || self.places.call(step).is_some()
    }

    /// Whether an object was made by the subject, and not by the claim.
    pub fn is_made_by_subject(&self, object: usize) -> bool {
        let made = self.record.objects.get(object).map(|object| object.made);
        made.is_some_and(|at| self.places.file(at) == self.places.subject)
    }

    /// Whether the subject has anything to do with an object.
    pub fn is_subjects(&self, object: usize) -> bool {
        let mut steps = self.record.steps.iter();
        steps.any(|step| step.op.object() == Some(object) && self.is_of_subject(step))
    }

    /// Where the subject itself waits for a thread to end, which does not.
    pub fn joins(&self) -> Option<Mark> {
        let in_subject = |at: At| self.places.file(at) == self.places.subject;
        let mut blocked = self.record.blocked.iter();
        let joins = blocked.find(|one| {
            matches!(one.inside, Inside::Join | Inside::EndScope) && one.at.is_some_and(in_subject)
        })?;
        let whom = joins
            .target
            .map_or("a thread", |target| self.thread(target));
        let who = self.thread(joins.thread);
        Mark::at(joins.at, format!("{who} waits here for {whom} to end"))
    }

    /// Whether every thread has ended, sleeps without a limit, or only waits for others to end.
    pub fn only_sleepers_left(&self) -> bool {
        self.kind() == Kind::Deadlock
            && self.record.blocked.iter().all(|one| {
                ending::is_patient(one.inside)
                    || (matches!(one.inside, Inside::Wait | Inside::Park) && !one.timed)
            })
    }

    /// The value that an operation gives an atomic.
    pub fn written(op: &'a Op) -> Option<&'a str> {
        match op {
            Op::Store { value, .. } => Some(value),
            Op::Update { after, .. } | Op::Exchange { after, .. } => Some(after),
            _ => None,
        }
    }

    /// The value that an operation sees in an atomic.
    pub fn seen(op: &'a Op) -> Option<&'a str> {
        match op {
            Op::Load { value, .. } => Some(value),
            Op::Update { before, .. } | Op::Exchange { before, .. } => Some(before),
            Op::ExchangeFailed { found, .. } => Some(found),
            _ => None,
        }
    }

    /// The ordering of an operation.
    pub fn ordering(op: &'a Op) -> &'a str {
        match op {
            Op::Load { ordering, .. }
            | Op::Store { ordering, .. }
            | Op::Update { ordering, .. }
            | Op::Exchange { ordering, .. }
            | Op::ExchangeFailed { ordering, .. }
            | Op::Fence { ordering } => ordering,
            _ => "",
        }
    }
}
