//! Two turns with one lock where there should be one: what was true in the first need not be in the
//! second.

use super::Facts;
use super::panics::Before;
use crate::counterexample::excerpt::Mark;
use crate::counterexample::record::{At, Op, Step};

/// The time in which one thread has a lock, from the step in which it takes it to the one in which it
/// gives it back.
#[derive(Clone, Copy)]
struct Section<'a> {
    lock: usize,
    thread: usize,
    at: Option<At>,
    /// The function of the subject that the claim called, or else the one around the place.
    function: Option<&'a str>,
    /// What is known of the value under the lock: that it was changed, or that it was not.
    changed: Option<bool>,
}

/// A thread that had a lock twice in one call, with another thread's turn in between.
///
/// Where it is known, the first turn only looked and the other thread changed what was seen.
pub(super) fn came_between(facts: &Facts<'_>) -> Option<Before> {
    let all = sections(facts);
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
    let [look, change, act] = [looks, between, acts].map(|one| facts.at(one.at));
    if (looks.changed, between.changed) == (Some(false), Some(true)) {
        return Before {
            text: format!(
                "{who} only looked at {name} in {call}{look}, {other} changed it{change}, and {who} \
                 went on as though it had not{act}"
            ),
            marks: vec![
                Mark::at(looks.at, format!("{who} only looks, and gives {name} back")),
                Mark::at(
                    acts.at,
                    format!("{who} acts on that; {other} had changed it by then"),
                ),
            ],
        };
    }
    Before {
        text: format!(
            "{who} had {name} twice in {call}{look}{act}, and {other} in between{change}"
        ),
        marks: vec![
            Mark::at(
                looks.at,
                format!("{who} has {name} here, and gives it back"),
            ),
            Mark::at(
                acts.at,
                format!("{who} has {name} again; {other} had it in between"),
            ),
        ],
    }
}

/// The sections of all threads, in the order in which they began.
fn sections<'a>(facts: &Facts<'a>) -> Vec<Section<'a>> {
    let steps = facts.steps();
    let taken = steps.filter_map(|(number, step)| {
        let lock = match step.op {
            Op::Lock { object } => object,
            _ => return None,
        };
        let called = facts.places.call(step).map(|call| call.name);
        let around = step.at.and_then(|at| facts.places.function(at));
        Some(Section {
            lock,
            thread: step.thread,
            at: step.at,
            function: called.or(around),
            changed: given_back(facts, number, step.thread, lock).and_then(is_changed),
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

/// Whether the value under a lock was changed; nothing where the schedule is not told in full.
fn is_changed(step: &Step) -> Option<bool> {
    let is_told = !step.within.is_empty();
    is_told.then_some(!step.only_looked)
}
