//! Deadlocks in which a thread is parked and nobody is left to unpark it, and those in which a thread
//! sleeps and has looked at an atomic too early.

use super::sleepers::{last_of, the_sleepers};
use super::{Diagnosis, Facts, Finding};
use crate::counterexample::excerpt::Mark;
use crate::counterexample::record::{Blocked, Inside, Op, Step, WhyUnparked, WhyWoken};

/// A thread that sleeps for ever had looked at an atomic before another thread changed it, and was
/// not woken after the change.
///
/// If the thread that changed it had tried to wake the sleeper before, the order of the two is wrong;
/// otherwise the wakeup is missing altogether.
pub fn looked_too_early(facts: &Facts<'_>) -> Option<Diagnosis> {
    the_sleepers(facts)?.find_map(|sleeper| changed_since(facts, sleeper))
}

fn changed_since(facts: &Facts<'_>, sleeper: &Blocked) -> Option<Diagnosis> {
    let sleeps = |op: &Op| match op {
        Op::Park { .. } => sleeper.inside == Inside::Park,
        Op::Wait { object, .. } => sleeper.object == Some(*object),
        _ => false,
    };
    let (park, _) = last_of(facts, sleeper, sleeps)?;
    let looks = facts.steps_of(sleeper.thread).rev();
    let mut looks = looks.skip_while(|(number, _)| *number > park);
    let (look, looked) = looks.find(|(_, step)| Facts::seen(&step.op).is_some())?;
    let object = looked.op.object()?;
    // What the sleeper left there itself, where its look was a swap, is what counts as known.
    let known = Facts::written(&looked.op).or(Facts::seen(&looked.op))?;
    let mut changes = facts.steps().filter(|(number, step)| {
        *number > look && step.thread != sleeper.thread && step.op.object() == Some(object)
    });
    let (change, changed) =
        changes.find(|(_, step)| Facts::written(&step.op).is_some_and(|value| value != known))?;
    let unparks = facts.steps().filter(|(_, step)| match step.op {
        Op::Unpark { target } => target == sleeper.thread,
        Op::Notify { object, .. } => sleeper.object == Some(object),
        _ => false,
    });
    let last = unparks.clone().next_back();
    if last.is_some_and(|(number, _)| number > change) {
        return None;
    }
    let thread = facts.thread(sleeper.thread);
    let name = facts.object(object);
    let other = facts.thread(changed.thread);
    let wakes = match sleeper.object {
        Some(queue) => format!("notifies {}", facts.object(queue)),
        None => format!("unparks {thread}"),
    };
    let marks = vec![
        Mark::at(
            looked.at,
            format!("{thread} looks at {name} for the last time"),
        ),
        Mark::at(changed.at, format!("{other} changes {name} after that")),
    ];
    if let Some((_, unpark)) =
        last.filter(|(number, one)| *number < look && one.thread == changed.thread)
    {
        let mut all = vec![Mark::at(unpark.at, format!("{other} {wakes} too early"))];
        all.extend(marks);
        return Some(Diagnosis::certain(
            Finding::WokenTooEarly,
            format!(
                "{other} {wakes}{} before it changes {name}{}; {thread} looks in between{}, finds \
                 nothing new and goes to sleep.",
                facts.at(unpark.at),
                facts.at(changed.at),
                facts.at(looked.at)
            ),
            all,
        ));
    }
    let mut marks = marks;
    marks.push(Mark::at(
        sleeper.at,
        format!("{thread} sleeps here for ever"),
    ));
    let finding = match (sleeper.inside, last) {
        (Inside::Wait, None) => Finding::NeverNotified,
        _ => Finding::LostWakeup,
    };
    Some(Diagnosis::certain(
        finding,
        format!(
            "{other} changes {name}{} after {thread}'s last look at it{}, and nobody {wakes} after that.",
            facts.at(changed.at),
            facts.at(looked.at)
        ),
        marks,
    ))
}

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
    let (thread, other) = (facts.thread(sleeper.thread), facts.thread(other));
    Some(Diagnosis::certain(
        Finding::NotifyOneTooFew,
        format!(
            "{thread} and {other} sleep; the last wakeup{} goes to {other} alone, and everybody else is \
             done while {thread} still sleeps{}.",
            facts.at(unpark.at),
            facts.at(sleeper.at)
        ),
        vec![
            Mark::at(unpark.at, format!("wakes {other} alone")),
            Mark::at(sleeper.at, format!("{thread} sleeps on")),
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
            facts.at(sleeper.at)
        ),
        vec![
            Mark::at(wake.at, format!("wakes {other}")),
            Mark::at(gave_up.at, format!("{other} had given up")),
            Mark::at(sleeper.at, format!("{thread} sleeps on")),
        ],
    ))
}
