//! A panic of a claim or of the subject, where no rule says more: with what came before it.

use super::{Diagnosis, Facts, atomics, sections};
use crate::counterexample::excerpt::Mark;
use crate::counterexample::record::{Op, Step, WhyUnparked, WhyWoken};
use crate::counterexample::words;

/// Something that came before a panic, and where.
pub(super) struct Before {
    pub(super) text: String,
    pub(super) marks: Vec<Option<Mark>>,
}

/// The panic, and a sleep that lasted too long, a turn that another had, or what was seen of others.
pub fn told(facts: &Facts<'_>) -> Diagnosis {
    let failure = &facts.record.failure;
    let thread = failure.thread.map_or("a thread", |it| facts.thread(it));
    let message = words::told(&failure.message);
    let panic = format!("{thread} panics{}, \"{message}\"", facts.at(failure.at));
    let before = slept(facts)
        .or_else(|| atomics::acted_on_an_old_look(facts))
        .or_else(|| sections::came_between(facts))
        .or_else(|| came_between(facts))
        .or_else(|| seen_of_others(facts));
    let (sentence, mut marks) = match before {
        Some(before) => (format!("{panic}, after {}.", before.text), before.marks),
        None => (format!("{panic}."), on_the_way(facts)),
    };
    marks.push(Mark::at(failure.at, format!("{thread} panics here")));
    Diagnosis {
        finding: None,
        sentence,
        marks: marks.into_iter().flatten().collect(),
    }
}

/// Who slept until a time was over, or for a time that the subject itself has set.
fn slept(facts: &Facts<'_>) -> Option<Before> {
    let by_subject = |step: &Step| {
        let file = step.at.map(|at| facts.places.file(at));
        file == Some(facts.places.subject)
    };
    let over = |step: &Step| match &step.op {
        Op::Leave { why, .. } | Op::Wake { why, .. } => *why == WhyWoken::TimedOut,
        Op::Unparked { why, .. } => *why == WhyUnparked::TimedOut,
        Op::Sleep { .. } => by_subject(step),
        _ => false,
    };
    let (_, woken) = facts.steps().rev().find(|(_, step)| over(step))?;
    let sleeper = facts.thread(woken.thread);
    let call = facts.places.in_call(woken);
    let (slept, sleeps) = match &woken.time {
        Some(time) => (format!("slept for {time}"), format!("for {time}")),
        None => ("slept".to_owned(), "until its time is over".to_owned()),
    };
    Some(Before {
        text: format!(
            "{sleeper} {slept}{call}, until its time was over{}",
            facts.at(woken.at)
        ),
        marks: vec![
            Mark::at(
                facts.places.goes_on(woken),
                format!("with this{call}, {sleeper} goes to sleep"),
            ),
            Mark::at(woken.at, format!("{sleeper} sleeps here {sleeps}")),
        ],
    })
}

/// Through which call of the claim's each thread came to its last step in the subject, the failing
/// thread first.
fn on_the_way(facts: &Facts<'_>) -> Vec<Option<Mark>> {
    let failing = facts.record.failure.thread;
    let mut threads: Vec<usize> = (0..facts.record.threads.len()).collect();
    threads.sort_by_key(|thread| Some(*thread) != failing);
    let marks = threads.into_iter().map(|thread| {
        let mut own = facts.steps_of(thread).rev();
        let (_, last) = own.find(|(_, step)| facts.places.call(step).is_some())?;
        let call = facts.places.in_call(last);
        let who = facts.thread(thread);
        Mark::at(
            facts.places.goes_on(last),
            format!("{who} went through here{call}"),
        )
    });
    marks.collect()
}

/// Who had a lock between the wakeup of the failing thread and its own turn.
fn came_between(facts: &Facts<'_>) -> Option<Before> {
    let thread = facts.record.failure.thread?;
    let woken_by = |op: &Op| match op {
        Op::Wake { by, .. } | Op::Unparked { by, .. } => *by,
        _ => None,
    };
    let mut own = facts.steps_of(thread).rev();
    let (wake, by) = own.find_map(|(number, step)| Some((number, woken_by(&step.op)?)))?;
    let waker = facts.step(by);
    let takes = |op: &Op| match op {
        Op::Lock { object } => Some(*object),
        Op::Wake { lock, .. } => Some(*lock),
        _ => None,
    };
    let mut turns = facts.steps_of(thread).filter(|(number, _)| *number >= wake);
    let (turn, own_turn, lock) =
        turns.find_map(|(number, step)| Some((number, step, takes(&step.op)?)))?;
    let mut between = facts.record.steps[by..turn].iter();
    let other = between.find(|step| {
        step.thread != thread && step.thread != waker.thread && takes(&step.op) == Some(lock)
    })?;
    let (who, name) = (facts.thread(other.thread), facts.object(lock));
    Some(Before {
        text: format!(
            "{who} had {name}{} between its wakeup{} and its own turn{}",
            facts.at(other.at),
            facts.at(waker.at),
            facts.at(own_turn.at)
        ),
        marks: vec![
            Mark::at(
                waker.at,
                format!(
                    "{} wakes {}",
                    facts.thread(waker.thread),
                    facts.thread(thread)
                ),
            ),
            Mark::at(other.at, format!("{who} has {name} first")),
        ],
    })
}

/// What the failing thread saw last that another thread had written.
fn seen_of_others(facts: &Facts<'_>) -> Option<Before> {
    let thread = facts.record.failure.thread?;
    let mut looks = facts.steps_of(thread).rev();
    looks.find_map(|(number, look)| {
        let value = Facts::seen(&look.op)?;
        let object = look.op.object()?;
        let before = facts.record.steps[..number].iter().rev();
        let mut before = before.filter(|step| step.op.object() == Some(object));
        let write = before.find(|step| Facts::written(&step.op) == Some(value))?;
        let (name, other) = (facts.object(object), facts.thread(write.thread));
        (write.thread != thread).then(|| Before {
            text: format!(
                "it saw {name} = {value}{}, which is {other}'s doing{}",
                facts.at(look.at),
                facts.at(write.at)
            ),
            marks: vec![
                Mark::at(write.at, format!("{other} makes {name} {value}")),
                Mark::at(look.at, format!("{} sees that", facts.thread(thread))),
            ],
        })
    })
}
