//! A panic of a claim or of the subject, where no rule says more: with what came before it.

use super::{Diagnosis, Facts, atomics, sections};
use crate::excerpt::Mark;
use crate::words;
use heddle_terms::record::{At, Op, Step, WhyUnparked, WhyWoken};

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
    let message = message.trim_end_matches(':');
    let panic = format!("{thread} panics{}, \"{message}\"", facts.at(failure.at));
    let before = slept(facts)
        .or_else(|| atomics::acted_on_an_old_look(facts))
        .or_else(|| sections::came_between(facts))
        .or_else(|| came_between(facts))
        .or_else(|| seen_of_others(facts))
        .or_else(|| last_in_subject(facts));
    let (sentence, mut marks) = match before {
        Some(before) => (format!("{panic}, after {}.", before.text), before.marks),
        None => (format!("{panic}."), Vec::new()),
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
    let over = |step: &Step| match &step.op {
        Op::Leave { why, .. } | Op::Wake { why, .. } => *why == WhyWoken::TimedOut,
        Op::Unparked { why, .. } => *why == WhyUnparked::TimedOut,
        Op::Sleep { .. } => true,
        _ => false,
    };
    // A sleep of the claim's own is part of its plan.
    let by_subject = |step: &Step| facts.places.in_subject(step).is_some();
    let mut slept = facts.steps().rev().filter(|(_, step)| over(step));
    let (_, woken) = slept.find(|(_, step)| by_subject(step))?;
    let sleeper = facts.thread(woken.thread);
    let call = facts.places.in_call(woken);
    let (slept, sleeps) = match &woken.time {
        Some(time) => (format!("slept for {time}"), format!("for {time}")),
        None => ("slept".to_owned(), "until its time is over".to_owned()),
    };
    Some(Before {
        text: format!(
            "{sleeper} {slept}{call}, until its time was over{}",
            facts.at(facts.place(woken))
        ),
        marks: vec![
            Mark::at(
                facts.places.goes_on(woken),
                format!("with this{call}, {sleeper} goes to sleep"),
            ),
            Mark::at(
                facts.place(woken),
                format!("{sleeper} sleeps here {sleeps}"),
            ),
        ],
    })
}

/// Where in the subject each thread was last, the failing one first.
pub(super) fn last_in_subject(facts: &Facts<'_>) -> Option<Before> {
    let failing = facts.record.failure.thread;
    let mut threads: Vec<usize> = (0..facts.record.threads.len()).collect();
    threads.sort_by_key(|thread| Some(*thread) != failing);
    let (mut texts, mut marks) = (Vec::new(), Vec::new());
    for thread in threads {
        let Some((step, at, changed)) = last_place(facts, thread) else {
            continue;
        };
        let who = facts.thread(thread);
        let call = match facts.places.function(at) {
            Some(name) => format!(" in {name}"),
            None => facts.places.in_call(step),
        };
        let place = facts.at(Some(at));
        texts.push(match changed {
            Some(lock) => format!("{who} last had {lock}{call} to change it{place}"),
            None => format!("{who} was last{call}{place}"),
        });
        let woken = last_return(facts, thread, step);
        if let Some(back) = woken.filter(|back| *back != at) {
            marks.push(Mark::at(
                Some(back),
                format!("{who} comes back from its sleep here"),
            ));
        }
        let was = match changed {
            _ if woken == Some(at) => "comes back from its sleep here".to_owned(),
            Some(lock) => format!("last had {lock} here to change it"),
            None => "was here last".to_owned(),
        };
        marks.push(Mark::at(Some(at), format!("{who} {was}")));
    }
    // What failed is to be shown as well.
    marks.truncate(2);
    let (last, others) = texts.split_last()?;
    let text = match others {
        [] => last.clone(),
        _ => format!("{} and {last}", others.join(", ")),
    };
    Some(Before { text, marks })
}

/// The last step of a thread that is in the subject, and where it is there: the step's own place, or
/// where it had what lies under the lock that it gives back, to change it.
fn last_place<'a>(facts: &Facts<'a>, thread: usize) -> Option<(&'a Step, At, Option<&'a str>)> {
    let mut own = facts.steps_of(thread).rev();
    // Its data is not where a subject goes wrong.
    let mut own = own.by_ref().filter(|(_, step)| !is_data(&step.op));
    own.find_map(|(_, step)| {
        let in_subject = |at: &&At| facts.places.file(**at) == facts.places.subject;
        let changed = step.changed_at.iter().rev().find(in_subject).copied();
        let lock = match step.op {
            Op::Unlock { object, .. } | Op::Wait { lock: object, .. } => Some(facts.object(object)),
            _ => None,
        };
        match (changed, lock) {
            (Some(at), Some(lock)) => Some((step, at, Some(lock))),
            _ => Some((step, facts.places.in_subject(step)?, None)),
        }
    })
}

/// Whether an operation only reads or writes data.
fn is_data(op: &Op) -> bool {
    matches!(op, Op::Read { .. } | Op::Write { .. })
}

/// Where a thread came back from a sleep, in the call of its last step.
fn last_return(facts: &Facts<'_>, thread: usize, last: &Step) -> Option<At> {
    let call = facts.places.call(last).map(|call| call.name);
    let own = facts.steps_of(thread).rev();
    let mut of_call = own.take_while(|(_, step)| {
        call.is_none() || facts.places.call(step).map(|call| call.name) == call
    });
    let (_, back) =
        of_call.find(|(_, step)| matches!(step.op, Op::Wake { .. } | Op::Unparked { .. }))?;
    facts.places.in_subject(back)
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
    let all = sections::sections(facts);
    let other = all.iter().find(|one| {
        let is_between = (by..turn).contains(&one.taken) && one.lock == lock;
        is_between && one.thread != thread && one.changed != Some(false)
    })?;
    let (who, name) = (facts.thread(other.thread), facts.object(lock));
    Some(Before {
        text: format!(
            "{who} had {name}{} between its wakeup{} and its own turn{}",
            facts.at(other.place()),
            facts.at(facts.place(waker)),
            facts.at(facts.place(own_turn))
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
            Mark::at(other.place(), format!("{who} has {name} first")),
        ],
    })
}

/// What the failing thread saw last that another thread had written.
fn seen_of_others(facts: &Facts<'_>) -> Option<Before> {
    let thread = facts.record.failure.thread?;
    let mut looks = facts.steps_of(thread).rev();
    looks.find_map(|(number, look)| {
        let value = Facts::seen(&look.op)?;
        let object = look.op.object().filter(|it| facts.is_subjects(*it))?;
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
