//! Schedules into which heddle put one of the things that may happen by themselves.
//!
//! The rungs below have tried every schedule without it and found nothing, so the program fails
//! because of it; what the rules still ask is what the program did with it.

use super::{Diagnosis, Facts, Finding};
use crate::excerpt::Mark;
use heddle_terms::record::{At, FaultKind, Op, Step, WhyUnparked, WhyWoken};

/// A wait or a park returned by itself, and the thread did not go back to it: it took the return for
/// the wakeup that it waited for.
pub fn missing_recheck(facts: &Facts<'_>) -> Option<Diagnosis> {
    injected(facts, &[FaultKind::Wait, FaultKind::Park])?;
    let (number, woken) = facts.steps().find(|(_, step)| {
        matches!(
            step.op,
            Op::Wake {
                why: WhyWoken::Spurious,
                ..
            } | Op::Unparked {
                why: WhyUnparked::Spurious,
                ..
            }
        )
    })?;
    let thread = woken.thread;
    let again = |op: &Op| match (op, &woken.op) {
        (Op::Wait { object, .. }, Op::Wake { object: same, .. }) => object == same,
        (Op::Park { .. }, Op::Unparked { .. }) => true,
        (Op::Unparked { .. }, Op::Unparked { .. }) => true,
        _ => false,
    };
    let mut later = facts.steps_of(thread).filter(|(later, _)| *later > number);
    if later.any(|(_, step)| again(&step.op)) {
        return None;
    }
    // Whatever sleeps for ever afterwards did go back, if only to another place.
    if facts.sleepers().any(|one| one.thread == thread) {
        return None;
    }
    let call = match woken.op {
        Op::Wake { .. } => "wait",
        _ => "park",
    };
    let look = looked_again(facts, number, woken);
    let thread = facts.thread(thread);
    let at = facts.place(woken);
    let mut marks = vec![Mark::at(at, format!("this {call} may return by itself"))];
    if let Some((look, name, value)) = look {
        marks.push(Mark::at(
            look,
            format!("{thread} looks once more: {name} = {value}"),
        ));
        marks.push(Mark::at(facts.record.failure.at, "and so it comes to this"));
        return Some(Diagnosis {
            finding: None,
            sentence: format!(
                "The {call} of {thread}{} returns by itself, as it may; {thread} looks once more, sees \
                 {name} = {value}{}, and goes on instead of waiting again.",
                facts.at(at),
                facts.at(look)
            ),
            marks: marks.into_iter().flatten().collect(),
        });
    }
    marks.push(Mark::at(facts.record.failure.at, "and so it comes to this"));
    Some(Diagnosis::certain(
        Finding::MissingRecheck,
        format!(
            "The {call} of {thread}{} returns by itself, as it may, and {thread} goes on instead of \
             waiting again.",
            facts.at(at)
        ),
        marks,
    ))
}

/// What the thread that woke saw of the subject's atomics before it left the call.
fn looked_again<'a>(
    facts: &Facts<'a>,
    woke: usize,
    woken: &Step,
) -> Option<(Option<At>, &'a str, &'a str)> {
    let call = |step| facts.places.call(step).map(|call| call.name);
    let called = call(woken)?;
    let later = facts
        .steps_of(woken.thread)
        .filter(|(number, _)| *number > woke);
    let mut of_call = later.take_while(|(_, step)| call(step) == Some(called));
    of_call.find_map(|(_, step)| {
        let object = step.op.object().filter(|it| facts.is_subjects(*it))?;
        let value = Facts::seen(&step.op)?;
        Some((facts.place(step), facts.object(object), value))
    })
}

/// A weak exchange failed although the value matched, and the thread did not try it again.
pub fn weak_exchange_trusted(facts: &Facts<'_>) -> Option<Diagnosis> {
    injected(facts, &[FaultKind::CompareExchangeWeak])?;
    let failed = |op: &Op| match op {
        Op::ExchangeFailed {
            object,
            spurious: true,
            ..
        } => Some(*object),
        _ => None,
    };
    let (number, step, object) = facts
        .steps()
        .find_map(|(number, step)| Some((number, step, failed(&step.op)?)))?;
    let retries = |op: &Op| {
        matches!(op, Op::Exchange { object: same, .. } | Op::ExchangeFailed { object: same, .. }
            if *same == object)
    };
    let mut later = facts
        .steps_of(step.thread)
        .filter(|(later, _)| *later > number);
    if later.any(|(_, step)| retries(&step.op)) {
        return None;
    }
    let (thread, name) = (facts.thread(step.thread), facts.object(object));
    Some(Diagnosis::certain(
        Finding::WeakExchangeTrusted,
        format!(
            "The weak exchange of {name}{} fails although the value matches, as it may, and {thread} \
             takes that for an answer.",
            facts.at(step.at)
        ),
        vec![Mark::at(
            step.at,
            "this may fail although the value matches",
        )],
    ))
}

/// A `notify_one` woke another thread than the one that had waited longest.
pub fn trusts_wake_order(facts: &Facts<'_>) -> Option<Diagnosis> {
    injected(facts, &[FaultKind::NotifyOne])?;
    let (_, step) = facts.steps().find(|(_, step)| {
        matches!(
            step.op,
            Op::Notify {
                out_of_turn: true,
                ..
            }
        )
    })?;
    let Op::Notify { object, woken, .. } = &step.op else {
        return None;
    };
    let woken = facts.names.threads(woken);
    Some(Diagnosis::certain(
        Finding::TrustsWakeOrder,
        format!(
            "`notify_one` on {}{} wakes {woken} and not the thread that has waited longest, as it \
             may, and the program counts on the order.",
            facts.object(*object),
            facts.at(step.at)
        ),
        vec![Mark::at(step.at, format!("here it wakes {woken}"))],
    ))
}

/// An allocation got the address of a node that was freed before.
pub fn reused_address(facts: &Facts<'_>) -> Option<Diagnosis> {
    injected(facts, &[FaultKind::Reuse])?;
    let reused = |op: &Op| match op {
        Op::Allocate {
            object,
            reused: true,
        } => Some(*object),
        _ => None,
    };
    let (step, object) = facts
        .steps()
        .find_map(|(_, step)| Some((step, reused(&step.op)?)))?;
    let thread = facts.thread(step.thread);
    Some(Diagnosis::certain(
        Finding::ReusedAddress,
        format!(
            "{thread} makes {}{} at the address of a node that was freed, and the program takes the \
             new one for the old.",
            facts.object(object),
            facts.at(step.at)
        ),
        vec![
            Mark::at(step.at, "this gets the address of a freed node"),
            Mark::at(facts.record.failure.at, "and so it comes to this"),
        ],
    ))
}

fn injected(facts: &Facts<'_>, kinds: &[FaultKind]) -> Option<()> {
    let fault = facts.record.search.as_ref()?.fault?;
    kinds.contains(&fault.kind).then_some(())
}
