//! Deadlocks in which a thread is parked and nobody is left to unpark it.

use super::sleepers::{last_of, the_sleepers};
use super::wakeups::Sleep;
use super::{Diagnosis, Facts, Finding};
use crate::excerpt::Mark;
use heddle_terms::record::{Inside, Op, Step, WhyUnparked, WhyWoken};

/// Every other thread is done, and the wakeups that came while this one was parked went to others.
pub fn too_few(facts: &Facts<'_>) -> Option<Diagnosis> {
    let mut sleepers = the_sleepers(facts)?;
    let sleeper = sleepers.next().filter(|one| one.inside == Inside::Park)?;
    if sleepers.next().is_some() {
        return None;
    }
    let (park, _) = last_of(facts, sleeper, |op| matches!(op, Op::Park { .. }))?;
    let target = |op: &Op| match op {
        Op::Unpark { target } => Some(*target),
        _ => None,
    };
    let mut unparks = facts.steps().rev().take_while(|(number, _)| *number > park);
    let (unpark, other) = unparks.find_map(|(_, step)| Some((step, target(&step.op)?)))?;
    let parked = |(_, step): &(usize, &Step)| matches!(step.op, Op::Park { .. });
    let of_other = facts.steps_of(other).filter(parked);
    let came_later = of_other.clone().any(|(number, _)| number > park);
    // Where who came later is woken, the order may be what is wrong, and not the number.
    if other == sleeper.thread || came_later {
        return None;
    }
    // Somebody else could have woken it afterwards: then it is not certain that this wakeup is wrong.
    if !Sleep::of(facts, sleeper)?.missed().is_empty() {
        return None;
    }
    let (thread, other) = (facts.thread(sleeper.thread), facts.thread(other));
    Some(Diagnosis::certain(
        Finding::NotifyOneTooFew,
        format!(
            "{thread} and {other} sleep; the last wakeup{} goes to {other} alone, and everybody else is \
             done while {thread} still sleeps{}.",
            facts.at(unpark.at),
            facts.at(facts.stands(sleeper))
        ),
        vec![
            Mark::at(unpark.at, format!("wakes {other} alone")),
            Mark::at(facts.stands(sleeper), format!("{thread} sleeps on")),
        ],
    ))
}

/// A wakeup went to a thread whose time was over already, and it did not pass it on.
///
/// The token was never used: no return from `park` names that `unpark`.
pub fn given_up(facts: &Facts<'_>) -> Option<Diagnosis> {
    let sleeper = the_sleepers(facts)?.next()?;
    let (asleep, _) = last_of(facts, sleeper, |op| {
        matches!(op, Op::Park { .. } | Op::Wait { .. })
    })?;
    let (wake, other) = facts.steps().find_map(|(number, step)| match step.op {
        Op::Unpark { target } if target != sleeper.thread && number > asleep => {
            let is_used = |op: &Op| matches!(op, Op::Unparked { by, .. } if *by == Some(number));
            let mut later = facts.steps_of(target).filter(|(later, _)| *later > number);
            (!later.any(|(_, step)| is_used(&step.op))).then_some((step, target))
        }
        _ => None,
    })?;
    let over = |op: &Op| {
        matches!(
            op,
            Op::Unparked {
                why: WhyUnparked::TimedOut,
                ..
            } | Op::Wake {
                why: WhyWoken::TimedOut,
                ..
            }
        )
    };
    let (_, gave_up) = facts.steps_of(other).find(|(_, step)| over(&step.op))?;
    let passes_on = |step: &Step| {
        step.op
            == Op::Unpark {
                target: sleeper.thread,
            }
    };
    if facts
        .steps()
        .any(|(number, step)| number > asleep && passes_on(step))
    {
        return None;
    }
    let (thread, other) = (facts.thread(sleeper.thread), facts.thread(other));
    Some(Diagnosis::certain(
        Finding::WakeupGivenUp,
        format!(
            "The wakeup{} goes to {other}, whose time was over{}; {other} leaves without passing it on, \
             and {thread} sleeps for ever{}.",
            facts.at(wake.at),
            facts.at(gave_up.at),
            facts.at(facts.stands(sleeper))
        ),
        vec![
            Mark::at(wake.at, format!("wakes {other}")),
            Mark::at(gave_up.at, format!("{other} had given up")),
            Mark::at(facts.stands(sleeper), format!("{thread} sleeps on")),
        ],
    ))
}
