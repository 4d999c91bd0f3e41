//! Values of atomics that were written over unseen.

use super::panics::Before;
use super::{Diagnosis, Facts, Finding};
use crate::excerpt::Mark;
use heddle_terms::record::{Op, Step};
use heddle_terms::report::Kind;

/// A thread loaded an atomic, another one changed it, and the first one then stored a value without
/// having looked again: one exchange would have seen the change.
///
/// When a claim counts, an update is lost; otherwise a test was no longer true when it was acted on.
pub fn written_over_unseen(facts: &Facts<'_>) -> Option<Diagnosis> {
    if !matches!(facts.kind(), Kind::Assertion | Kind::DataRace) {
        return None;
    }
    let (load, change, store) = facts
        .steps()
        .find_map(|(number, store)| overwrites_unseen(facts, number, store))?;
    let object = store.op.object()?;
    let name = facts.object(object);
    let (thread, other) = (facts.thread(store.thread), facts.thread(change.thread));
    let seen = Facts::seen(&load.op)?;
    let became = Facts::written(&change.op)?;
    let stored = Facts::written(&store.op)?;
    let finding = match facts.kind() {
        Kind::Assertion => Finding::LostUpdate,
        _ => Finding::StaleCheck,
    };
    Some(Diagnosis::certain(
        finding,
        format!(
            "{thread} reads {name} = {seen}{}, {other} makes it {became}{}, and {thread} writes \
             {stored} over that without a second look{}.",
            facts.at(load.at),
            facts.at(change.at),
            facts.at(store.at)
        ),
        vec![
            Mark::at(load.at, format!("{thread} reads {seen}")),
            Mark::at(change.at, format!("{other} makes it {became}")),
            Mark::at(store.at, format!("{thread} writes {stored} over it")),
        ],
    ))
}

/// A thread looked at an atomic, another one changed it, and the first one changed it in its turn, in
/// the same call and without a second look.
pub(super) fn acted_on_an_old_look(facts: &Facts<'_>) -> Option<Before> {
    let mut all = facts.steps().rev();
    all.find_map(|(number, acts)| {
        let object = match &acts.op {
            Op::Update { object, .. } => *object,
            Op::Exchange { object, call, .. } if call == "swap" => *object,
            _ => return None,
        };
        let before = facts.record.steps[..number].iter().rev();
        let mut of_object = before.filter(|step| step.op.object() == Some(object));
        let change = of_object.next().filter(|step| step.thread != acts.thread)?;
        let became = Facts::written(&change.op)?;
        let look = of_object.find(|step| step.thread == acts.thread)?;
        let Op::Load { value, .. } = &look.op else {
            return None;
        };
        let call = |step| facts.places.call(step).map(|call| call.name);
        let one_call = call(look).is_some() && call(look) == call(acts);
        let is_it = one_call && value != became;
        is_it.then(|| {
            let (who, other) = (facts.thread(acts.thread), facts.thread(change.thread));
            let (name, by) = (facts.object(object), facts.places.in_call(look));
            Before {
                text: format!(
                    "{who} saw {name} = {value}{by}{}, {other} made it {became}{}, and {who} changed \
                     it too{}",
                    facts.at(look.at),
                    facts.at(change.at),
                    facts.at(acts.at)
                ),
                marks: vec![
                    Mark::at(look.at, format!("{who} looks while it is {value}")),
                    Mark::at(acts.at, format!("{who} acts on that, and by now it was {became}")),
                ],
            }
        })
    })
}

/// The load before a store by the same thread, and the change by another one in between.
fn overwrites_unseen<'a>(
    facts: &Facts<'a>,
    number: usize,
    store: &'a Step,
) -> Option<(&'a Step, &'a Step, &'a Step)> {
    let Op::Store {
        object, overwrote, ..
    } = &store.op
    else {
        return None;
    };
    let before = facts.record.steps[..number].iter().rev();
    let mut of_object = before.filter(|step| step.op.object() == Some(*object));
    let change = of_object
        .clone()
        .find(|step| Facts::written(&step.op).is_some())?;
    let own = of_object.find(|step| step.thread == store.thread)?;
    let Op::Load {
        value,
        stale: false,
        ..
    } = &own.op
    else {
        return None;
    };
    // What is stored comes from what was loaded only where one function does both.
    let function = |step: &Step| step.at.and_then(|at| facts.places.function(at));
    let changed =
        change.thread != store.thread && value != overwrote && function(own) == function(store);
    changed.then_some((own, change, store))
}
