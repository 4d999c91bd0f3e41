//! Memory that was freed too early, twice, or never.

use super::{Diagnosis, Facts, Finding};
use crate::excerpt::Mark;
use crate::story::access_verb;
use heddle_terms::record::{AccessKind, Op};
use heddle_terms::report::Kind;

/// A node was freed, and what failed is another free of it.
pub fn double_free(facts: &Facts<'_>) -> Option<Diagnosis> {
    let failure = &facts.record.failure;
    if facts.kind() != Kind::UseAfterFree {
        return None;
    }
    let object = failure.object.or(failure.race.map(|race| race.object))?;
    let (_, first) = facts
        .steps()
        .find(|(_, step)| step.op == Op::Free { object })?;
    let again = match failure.race {
        Some(race) => race.second.access == AccessKind::Free,
        None => failure.message.contains("frees") || failure.message.contains("freed again"),
    };
    let second = facts.thread(failure.thread?);
    let name = facts.object(object);
    again.then(|| {
        Diagnosis::certain(
            Finding::DoubleFree,
            format!(
                "{second} frees {name}{}, which {} had freed already{}.",
                facts.at(failure.at),
                facts.thread(first.thread),
                facts.at(first.at)
            ),
            vec![
                Mark::at(
                    first.at,
                    format!("{} frees {name}", facts.thread(first.thread)),
                ),
                Mark::at(failure.at, format!("{second} frees it again")),
            ],
        )
    })
}

/// What failed is an access to a node that was freed, or a free while an access may still come.
pub fn use_after_free(facts: &Facts<'_>) -> Option<Diagnosis> {
    let failure = &facts.record.failure;
    if facts.kind() != Kind::UseAfterFree {
        return None;
    }
    let object = failure.object.or(failure.race.map(|race| race.object))?;
    let name = facts.object(object);
    let thread = facts.thread(failure.thread?);
    if let Some((_, free)) = facts
        .steps()
        .find(|(_, step)| step.op == Op::Free { object })
    {
        let by = facts.thread(free.thread);
        return Some(Diagnosis::certain(
            Finding::UseAfterFree,
            format!(
                "{thread} uses {name}{} after {by} has freed it{}.",
                facts.at(failure.at),
                facts.at(free.at)
            ),
            vec![
                Mark::at(free.at, format!("{by} frees {name}")),
                Mark::at(failure.at, format!("{thread} still uses it")),
            ],
        ));
    }
    let race = failure.race?;
    let first = race.first.step.and_then(|step| facts.step(step).at);
    let other = facts.thread(race.first.thread);
    let verb = access_verb(race.first.access);
    Some(Diagnosis::certain(
        Finding::UseAfterFree,
        format!(
            "{thread} frees {name}{}, and nothing makes that wait until {other} no longer {verb} it{}.",
            facts.at(failure.at),
            facts.at(first)
        ),
        vec![
            Mark::at(first, format!("{other} {verb} {name}")),
            Mark::at(failure.at, format!("{thread} frees it")),
        ],
    ))
}

/// The schedule ended, and something that was made in it is still alive.
pub fn leak(facts: &Facts<'_>) -> Option<Diagnosis> {
    let object = facts.record.failure.object?;
    if facts.kind() != Kind::Leak {
        return None;
    }
    let about = facts.record.objects.get(object)?;
    let name = &about.name;
    let sentence = format!(
        "{name}, made at {}, is never dropped: somebody keeps a count of it, or a pointer to it, for ever.",
        facts.line(Some(about.made))
    );
    Some(Diagnosis::certain(
        Finding::Leak,
        sentence,
        vec![Mark::at(Some(about.made), "made here and never dropped")],
    ))
}
