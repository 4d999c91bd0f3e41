//! Schedules that break only with the orderings as they are written.
//!
//! The rungs below have tried every schedule with the strongest orderings and found nothing, so what
//! is missing is an edge: a release that publishes, or an acquire that sees.

use super::{Diagnosis, Facts, Finding};
use crate::excerpt::Mark;
use crate::story::access_verb;
use heddle_terms::record::{Access, Op, Pass, Race, Step};
use heddle_terms::report::Kind;

/// A data race on such a rung: nothing publishes the first access to the thread of the second.
pub fn unpublished_write(facts: &Facts<'_>) -> Option<Diagnosis> {
    let race = on_orderings(facts).filter(|_| facts.kind() == Kind::DataRace)?;
    let race: Race = race.failure.race?;
    let first = race.first.step.and_then(|step| facts.step(step).at);
    let second = facts.record.failure.at;
    let one = accesses(facts, race.first, race.object);
    let other = accesses(facts, race.second, race.object);
    let Some((release, acquire)) = weak_pair(facts, race) else {
        return Some(Diagnosis::certain(
            Finding::UnpublishedWrite,
            format!(
                "{one}{}, then {other}{}, and nothing that {who} sees in between was published after \
                 that: the two are not ordered.",
                facts.at(first),
                facts.at(second),
                who = facts.thread(race.second.thread)
            ),
            vec![
                Mark::at(first, one.clone()),
                Mark::at(second, other.clone()),
            ],
        ));
    };
    let name = facts.object(release.op.object()?);
    let publishes = releases(Facts::ordering(&release.op));
    let sees = acquires(Facts::ordering(&acquire.op));
    let mut marks = Vec::new();
    let mut missing = Vec::new();
    if !publishes {
        missing.push(format!("Release at {}", facts.line(release.at)));
        marks.push(Mark::at(
            release.at,
            "without Release this publishes nothing",
        ));
    }
    if !sees {
        missing.push(format!("Acquire at {}", facts.line(acquire.at)));
        marks.push(Mark::at(
            acquire.at,
            "without Acquire this sees nothing else",
        ));
    }
    marks.push(Mark::at(first, one.clone()));
    marks.push(Mark::at(second, other.clone()));
    Some(Diagnosis::certain(
        Finding::UnpublishedWrite,
        format!(
            "{one}{} and then sets {name}; {} sees that and {}{}. Only with {} would the one come \
             before the other.",
            facts.at(first),
            facts.thread(race.second.thread),
            what(facts, race.second, race.object),
            facts.at(second),
            missing.join(" and ")
        ),
        marks,
    ))
}

/// The last operation by which the second thread saw what the first one wrote after its access, if one
/// of the two is too weak to make an edge of it.
fn weak_pair<'a>(facts: &Facts<'a>, race: Race) -> Option<(&'a Step, &'a Step)> {
    let from = race.first.step.unwrap_or(0);
    let seen = facts.steps_of(race.second.thread).rev();
    let mut seen = seen.take_while(|(number, _)| *number > from);
    seen.find_map(|(number, acquire)| {
        let value = Facts::seen(&acquire.op)?;
        let object = acquire.op.object();
        let before = facts.record.steps[from..number].iter().rev();
        let mut writes = before.filter(|step| step.op.object() == object);
        let write = writes.find(|step| Facts::written(&step.op).is_some())?;
        let is_it = write.thread == race.first.thread && Facts::written(&write.op) == Some(value);
        let weak = !releases(Facts::ordering(&write.op)) || !acquires(Facts::ordering(&acquire.op));
        (is_it && weak).then_some((write, acquire))
    })
}

/// A load got a value that had been overwritten, and on the rungs below it never could.
pub fn stale_value(facts: &Facts<'_>) -> Option<Diagnosis> {
    on_orderings(facts)?;
    let stale = |op: &Op| matches!(op, Op::Load { stale: true, .. });
    let mut all = facts.steps().rev().filter(|(_, step)| stale(&step.op));
    let (number, load) = all.next()?;
    let Op::Load {
        object,
        value,
        newest,
        ..
    } = &load.op
    else {
        return None;
    };
    let before = facts.record.steps[..number].iter().rev();
    let mut writes = before.filter(|step| step.op.object() == Some(*object) && step.op.writes());
    let write = writes.next()?;
    let (reader, writer) = (facts.thread(load.thread), facts.thread(write.thread));
    let name = facts.object(*object);
    let newest = newest.as_deref().unwrap_or("another value");
    let (wrote, read) = (Facts::ordering(&write.op), Facts::ordering(&load.op));
    let why = match releases(wrote) && acquires(read) {
        true => format!(
            "{wrote} and {read} order what comes before and after them, and do not make a load see \
             the newest value"
        ),
        false => format!("as {read} after {wrote} it may"),
    };
    Some(Diagnosis::certain(
        Finding::StaleValue,
        format!(
            "{reader} still reads {name} = {value}{} after {writer} has made it {newest}{}: {why}.",
            facts.at(load.at),
            facts.at(write.at)
        ),
        vec![
            Mark::at(write.at, format!("{writer} makes it {newest}")),
            Mark::at(load.at, format!("{reader} may still see {value}")),
        ],
    ))
}

fn on_orderings<'a>(facts: &Facts<'a>) -> Option<&'a heddle_terms::record::Counterexample> {
    let search = facts.record.search.as_ref()?;
    (search.pass == Pass::Orderings && search.fault.is_none()).then_some(facts.record)
}

/// `main writes value`.
fn accesses(facts: &Facts<'_>, access: Access, object: usize) -> String {
    let what = what(facts, access, object);
    format!("{} {what}", facts.thread(access.thread))
}

fn what(facts: &Facts<'_>, access: Access, object: usize) -> String {
    format!("{} {}", access_verb(access.access), facts.object(object))
}

fn releases(ordering: &str) -> bool {
    matches!(ordering, "Release" | "AcqRel" | "SeqCst")
}

fn acquires(ordering: &str) -> bool {
    matches!(ordering, "Acquire" | "AcqRel" | "SeqCst")
}
