//! Turns with a lock: who had it when, and whether the value under it was had to be changed.
//!
//! Where there are two turns in one call and there should be one, what was true in the first need not
//! be in the second.

use super::Facts;
use super::panics::Before;
use crate::excerpt::Mark;
use heddle_terms::record::{At, Op, Step};

/// The time in which one thread has a lock, from the step in which it takes it to the one in which it
/// gives it back.
#[derive(Clone, Copy)]
pub(super) struct Section<'a> {
    /// The step in which it takes the lock.
    pub(super) taken: usize,
    pub(super) lock: usize,
    pub(super) thread: usize,
    /// Where it takes the lock.
    at: Option<At>,
    /// Where it has the value to change it, if that is known.
    change: Option<At>,
    /// The function of the subject that the claim called, or else the one around the place.
    pub(super) function: Option<&'a str>,
    /// Whether the claim has called it; not so in a thread that the subject has made.
    pub(super) is_in_call: bool,
    /// What is known of the value under the lock: that it was had to be changed, or that it was not.
    pub(super) changed: Option<bool>,
    /// Whether it comes back from a wait with the lock.
    pub(super) is_woken: bool,
    /// Whether it gives the lock back to wait.
    pub(super) sleeps: bool,
}

impl Section<'_> {
    /// Where it has the value to change it, or else where it takes the lock.
    pub(super) fn place(&self) -> Option<At> {
        self.change.or(self.at)
    }
}

/// A thread that had a lock twice in one call, with another thread's turn in between.
///
/// Where it is known, the first turn only looked and the other thread changed what was seen.
pub(super) fn came_between(facts: &Facts<'_>) -> Option<Before> {
    let mut all = sections(facts);
    all.retain(|one| !one.is_woken);
    all.iter().enumerate().rev().find_map(|(last, acts)| {
        let of_lock = all[..last].iter().enumerate().rev();
        let mut of_lock = of_lock.filter(|(_, one)| one.lock == acts.lock);
        let (first, looks) = of_lock.find(|(_, one)| one.thread == acts.thread)?;
        let mut others = all[first + 1..last].iter().rev();
        let between = others.find(|one| one.lock == acts.lock && one.changed != Some(false))?;
        let one_call = looks.function.is_some() && looks.function == acts.function;
        // In a later call the same turn would come again.
        let is_later = looks.at.map(|at| at.line) < acts.at.map(|at| at.line);
        let is_it =
            one_call && is_later && looks.changed != Some(true) && acts.changed != Some(false);
        is_it.then(|| told(facts, looks, between, acts))
    })
}

fn told(
    facts: &Facts<'_>,
    looks: &Section<'_>,
    between: &Section<'_>,
    acts: &Section<'_>,
) -> Before {
    let (who, other) = (facts.thread(acts.thread), facts.thread(between.thread));
    let name = facts.object(acts.lock);
    let call = looks.function.unwrap_or_default();
    let [look, change, act] = [looks.at, between.place(), acts.place()].map(|at| facts.at(at));
    if (looks.changed, between.changed) == (Some(false), Some(true)) {
        return Before {
            text: format!(
                "{who} only looked at {name} in {call}{look}, {other} had it to change it{change}, and \
                 {who} went on as though nothing had changed{act}"
            ),
            marks: vec![
                Mark::at(looks.at, format!("{who} only looks, and gives {name} back")),
                Mark::at(
                    acts.place(),
                    format!("{who} acts on that; {other} had {name} in between"),
                ),
                Mark::at(
                    between.place().filter(|at| Some(*at) != acts.place()),
                    format!("{other} has {name} here in between"),
                ),
            ],
        };
    }
    Before {
        text: format!(
            "{who} had {name} twice in {call}, first{look} and then{act}, and {other} in between{change}"
        ),
        marks: vec![
            Mark::at(
                looks.at,
                format!("{who} has {name} here, and gives it back"),
            ),
            Mark::at(
                acts.place(),
                format!("{who} has {name} again; {other} had it in between"),
            ),
        ],
    }
}

/// The sections of all threads, in the order in which they began.
pub(super) fn sections<'a>(facts: &Facts<'a>) -> Vec<Section<'a>> {
    let steps = facts.steps();
    let taken = steps.filter_map(|(number, step)| {
        let (lock, is_woken) = match step.op {
            Op::Lock { object } => (object, false),
            Op::Wake { lock, .. } => (lock, true),
            _ => return None,
        };
        let called = facts.places.call(step).map(|call| call.name);
        let around = step.at.and_then(|at| facts.places.function(at));
        let given = given_back(facts, number, step.thread, lock);
        Some(Section {
            taken: number,
            lock,
            thread: step.thread,
            at: step.at,
            change: given.and_then(|step| step.changed_at.first().copied()),
            function: called.or(around),
            is_in_call: called.is_some(),
            changed: given.and_then(is_changed),
            is_woken,
            sleeps: given.is_some_and(|step| matches!(step.op, Op::Wait { .. })),
        })
    });
    taken.collect()
}

/// The step in which a thread gives back the lock that it took in another one.
fn given_back<'a>(facts: &Facts<'a>, taken: usize, thread: usize, lock: usize) -> Option<&'a Step> {
    let mut later = facts.steps_of(thread).filter(|(number, _)| *number > taken);
    let gives = |op: &Op| match op {
        Op::Unlock { object } => *object == lock,
        Op::Wait { lock: object, .. } => *object == lock,
        _ => false,
    };
    later
        .find(|(_, step)| gives(&step.op))
        .map(|(_, step)| step)
}

/// Whether the value under a lock was had to be changed; nothing where that is not told, and where
/// there is no value.
fn is_changed(step: &Step) -> Option<bool> {
    match (step.only_looked, step.changed_at.is_empty()) {
        (true, _) => Some(false),
        (false, false) => Some(true),
        (false, true) => None,
    }
}
