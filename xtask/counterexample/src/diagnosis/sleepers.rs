//! Deadlocks in which nobody holds anything: threads sleep on condition variables, and nobody is left
//! to wake them.

use super::wakeups::Sleep;
use super::{Diagnosis, Facts, Finding};
use crate::excerpt::Mark;
use heddle_terms::record::{Blocked, Inside, Op, Step};

/// A thread waits for ever on a condition variable; what became of its notifications says why.
pub fn waiting(facts: &Facts<'_>) -> Option<Diagnosis> {
    let mut sleepers = the_sleepers(facts)?.filter(|one| one.inside == Inside::Wait);
    sleepers.find_map(|sleeper| {
        wrong_waiter(facts, sleeper)
            .or_else(|| too_few(facts, sleeper))
            .or_else(|| lost(facts, sleeper))
            .or_else(|| too_early(facts, sleeper))
            .or_else(|| never(facts, sleeper))
    })
}

/// A `notify_one` picked another waiter, which went back to sleep without even unlocking: it had no
/// use for it.
fn wrong_waiter(facts: &Facts<'_>, sleeper: &Blocked) -> Option<Diagnosis> {
    let (queue, wait) = last_wait(facts, sleeper)?;
    let (notify, other) = notifies(facts, queue)
        .filter(|(number, _)| *number > wait)
        .find_map(|(_, step)| match &step.op {
            Op::Notify {
                all: false, woken, ..
            } => Some((step, *woken.first()?)),
            _ => None,
        })?;
    let mut after = facts
        .steps_of(other)
        .skip_while(|(_, step)| !matches!(step.op, Op::Wake { object, .. } if object == queue));
    after.next()?;
    let (_, again) = after.next()?;
    if !matches!(again.op, Op::Wait { object, .. } if object == queue) || !facts.is_blocked(other) {
        return None;
    }
    let (thread, other, name) = (
        facts.thread(sleeper.thread),
        facts.thread(other),
        facts.object(queue),
    );
    Some(Diagnosis::certain(
        Finding::WrongWaiterWoken,
        format!(
            "The notify on {name}{} wakes {other}, which has no use for it and waits again{}; {thread}, \
             which waits there too{}, is not woken.",
            facts.at(facts.place(notify)),
            facts.at(facts.place(again)),
            facts.at(facts.stands(sleeper))
        ),
        vec![
            Mark::at(
                facts.place(notify),
                format!("wakes {other} and not {thread}"),
            ),
            Mark::at(facts.place(again), format!("{other} waits again at once")),
            Mark::at(facts.stands(sleeper), format!("{thread} sleeps on")),
        ],
    ))
}

/// Every other thread is done, and the notifies that came while this one slept went to others.
fn too_few(facts: &Facts<'_>, sleeper: &Blocked) -> Option<Diagnosis> {
    let (queue, wait) = last_wait(facts, sleeper)?;
    let alone = facts.sleepers().count() == 1;
    let mut came = notifies(facts, queue).filter(|(number, _)| *number > wait);
    let (_, notify) = came.next_back()?;
    let Op::Notify {
        all: false, woken, ..
    } = &notify.op
    else {
        return None;
    };
    if !alone || woken.is_empty() {
        return None;
    }
    if let Some(unused) = unused(facts, sleeper, notify, woken) {
        return Some(unused);
    }
    // Somebody else could have woken it afterwards: then it is not certain that this notify is wrong.
    if !Sleep::of(facts, sleeper)?.missed().is_empty() {
        return None;
    }
    let (thread, name) = (facts.thread(sleeper.thread), facts.object(queue));
    let others = facts.names.threads(woken);
    Some(Diagnosis::certain(
        Finding::NotifyOneTooFew,
        format!(
            "{thread} and {others} wait on {name}; the last notify{} wakes {others} alone, and everybody \
             else is done while {thread} still sleeps.",
            facts.at(facts.place(notify))
        ),
        vec![
            Mark::at(facts.place(notify), format!("wakes {others} alone")),
            Mark::at(facts.stands(sleeper), format!("{thread} sleeps on")),
        ],
    ))
}

/// The thread that was notified had a time limit, left everything as it was, and woke nobody else.
///
/// Whether it had given up, or there was nothing to change for it, nobody can tell; so this has no name.
fn unused(
    facts: &Facts<'_>,
    sleeper: &Blocked,
    notify: &Step,
    woken: &[usize],
) -> Option<Diagnosis> {
    let [other] = *woken else { return None };
    let mut after = facts.steps_of(other);
    let (woke, _) = after.rfind(|(_, step)| matches!(step.op, Op::Wake { .. }))?;
    let waits = |(number, step): &(usize, &Step)| {
        *number < woke && matches!(step.op, Op::Wait { timed: true, .. })
    };
    facts.steps_of(other).rfind(waits)?;
    let mut later = facts.steps_of(other).filter(|(number, _)| *number > woke);
    let (_, left) = later.next()?;
    let only_looked = matches!(left.op, Op::Unlock { .. }) && left.only_looked;
    let ended = later.all(|(_, step)| matches!(step.op, Op::End {} | Op::Join { .. }));
    if !only_looked || !ended {
        return None;
    }
    let (thread, other) = (facts.thread(sleeper.thread), facts.thread(other));
    let back = facts.step(woke).at;
    let marks = [
        Mark::at(facts.place(notify), format!("wakes {other} alone")),
        Mark::at(back, format!("{other} comes back here and changes nothing")),
        Mark::at(facts.stands(sleeper), format!("{thread} sleeps on")),
    ];
    Some(Diagnosis {
        finding: None,
        sentence: format!(
            "The notify{} wakes {other}, which changes nothing{} and wakes nobody else; {thread} sleeps \
             for ever{}.",
            facts.at(facts.place(notify)),
            facts.at(back),
            facts.at(facts.stands(sleeper))
        ),
        marks: marks.into_iter().flatten().collect(),
    })
}

/// The last notify found nobody, after the sleeper had looked and before it waited.
///
/// It has looked if it had the mutex before: either it never let it go between, or it did and took it
/// again for the wait, without anything else in between.
fn lost(facts: &Facts<'_>, sleeper: &Blocked) -> Option<Diagnosis> {
    let (queue, wait) = last_wait(facts, sleeper)?;
    let Op::Wait { lock, .. } = facts.step(wait).op else {
        return None;
    };
    let (number, notify) = notifies(facts, queue).next_back()?;
    if number > wait || !matches!(&notify.op, Op::Notify { woken, .. } if woken.is_empty()) {
        return None;
    }
    let before = facts.steps_of(sleeper.thread).rev();
    let mut before = before.skip_while(|(step, _)| *step >= wait);
    let (entered, step) = before.next()?;
    let takes = |op: &Op| match op {
        Op::Lock { object } => *object == lock,
        Op::Wake { lock: object, .. } => *object == lock,
        _ => false,
    };
    if !takes(&step.op) {
        return None;
    }
    if number < entered {
        let (left, step) = before.next()?;
        if step.op != (Op::Unlock { object: lock }) || number < left {
            return None;
        }
    }
    let (thread, other) = (facts.thread(sleeper.thread), facts.thread(notify.thread));
    let name = facts.object(queue);
    Some(Diagnosis::certain(
        Finding::LostWakeup,
        format!(
            "{other} notifies {name}{} after {thread} has looked and before it waits{}, so the notify \
             reaches nobody and {thread} sleeps for ever.",
            facts.at(facts.place(notify)),
            facts.at(facts.stands(sleeper))
        ),
        vec![
            Mark::at(
                facts.place(notify),
                format!("{other} notifies while nobody waits"),
            ),
            Mark::at(
                facts.stands(sleeper),
                format!("{thread} begins to wait after that"),
            ),
        ],
    ))
}

/// A thread notifies, and only then has the value to change it, in the same call; the sleeper looks in
/// between, finds nothing new and goes to sleep.
fn too_early(facts: &Facts<'_>, sleeper: &Blocked) -> Option<Diagnosis> {
    let sleep = Sleep::of(facts, sleeper)?;
    let (notified, notify) = sleep.last_wakeup()?;
    let missed = *sleep.missed().first()?;
    let call = facts.places.call(notify).map(|call| call.name);
    let one_call = call.is_some() && call == missed.function && notify.thread == missed.thread;
    let own = facts.steps_of(notify.thread);
    let mut between = own.filter(|(number, _)| (notified..missed.taken).contains(number));
    let is_next = between.all(|(_, step)| facts.places.call(step).map(|call| call.name) == call);
    if notified > sleep.since || !one_call || !is_next {
        return None;
    }
    let (thread, other) = (facts.thread(sleeper.thread), facts.thread(notify.thread));
    let (wakeup, name) = (sleep.wakeup(), facts.object(missed.lock));
    let wait = facts.stands(sleeper);
    Some(Diagnosis::certain(
        Finding::WokenTooEarly,
        format!(
            "{other} comes to {wakeup}{} before it has {name} to change it{}; {thread} looks in between, \
             finds nothing new and goes to sleep{}.",
            facts.at(facts.place(notify)),
            facts.at(missed.place()),
            facts.at(wait)
        ),
        vec![
            Mark::at(facts.place(notify), format!("{other} notifies too early")),
            Mark::at(
                missed.place(),
                format!("{other} has {name} to change it after that"),
            ),
            Mark::at(wait, format!("{thread} sleeps here for ever")),
        ],
    ))
}

/// Whoever does not sleep there is done, and has never notified.
///
/// It has the name of a mistake only where somebody could change what the sleeper waits for after it
/// had gone to sleep: otherwise what should have happened before the notify may be missing as well.
fn never(facts: &Facts<'_>, sleeper: &Blocked) -> Option<Diagnosis> {
    let (queue, wait) = last_wait(facts, sleeper)?;
    let all_there = facts.sleepers().all(|one| one.object == Some(queue));
    if !all_there || notifies(facts, queue).next().is_some() {
        return None;
    }
    let (thread, name) = (facts.thread(sleeper.thread), facts.object(queue));
    let stands = facts.stands(sleeper);
    let waits = format!(
        "{thread} waits on {name}{}, and nobody ever notifies it",
        facts.at(stands)
    );
    let mark = Mark::at(
        stands,
        format!("{thread} waits, and nobody ever notifies {name}"),
    );
    if let Some(other) = in_between(facts, sleeper, wait) {
        let who = facts.thread(other.thread);
        let had = Mark::at(other.at, format!("{who} has the lock in between"));
        return Some(Diagnosis {
            finding: None,
            sentence: format!(
                "{waits}; {who} had the lock{} after {thread} had looked and before it waits.",
                facts.at(other.at)
            ),
            marks: had.into_iter().chain(mark).collect(),
        });
    }
    let sleep = Sleep::of(facts, sleeper)?;
    let told = sleep.told();
    let marks = told.marks.into_iter().chain([facts.joins()]).flatten();
    Some(Diagnosis {
        finding: told.is_missed.then_some(Finding::NeverNotified),
        sentence: format!("{}{}.", told.text, told.suffix),
        marks: marks.collect(),
    })
}

/// Who took the mutex of a wait after the waiting thread had had it and before it took it to wait.
fn in_between<'a>(facts: &Facts<'a>, sleeper: &Blocked, wait: usize) -> Option<&'a Step> {
    let Op::Wait { lock, .. } = facts.step(wait).op else {
        return None;
    };
    let own = facts.steps_of(sleeper.thread).rev();
    let mut own = own.skip_while(|(number, _)| *number > wait);
    let (entered, _) = own.find(|(_, step)| step.op == Op::Lock { object: lock })?;
    let (left, _) = own.find(|(_, step)| step.op == Op::Unlock { object: lock })?;
    let mut between = facts.record.steps[left..entered].iter();
    between.find(|step| step.op == Op::Lock { object: lock })
}

/// The sleepers of a deadlock in which nobody waits for a lock or could go on by itself.
pub(super) fn the_sleepers<'a>(
    facts: &Facts<'a>,
) -> Option<impl Iterator<Item = &'a Blocked> + Clone + use<'a>> {
    facts.only_sleepers_left().then(|| facts.sleepers())
}

pub(super) fn last_of<'a>(
    facts: &Facts<'a>,
    sleeper: &Blocked,
    is_it: impl Fn(&Op) -> bool,
) -> Option<(usize, &'a Step)> {
    let mut all = facts.steps_of(sleeper.thread).rev();
    all.find(|(_, step)| is_it(&step.op))
}

/// The condition variable in which a thread sleeps, and the step by which it began to.
fn last_wait(facts: &Facts<'_>, sleeper: &Blocked) -> Option<(usize, usize)> {
    let queue = sleeper.object?;
    let is_it = |op: &Op| matches!(op, Op::Wait { object, .. } if *object == queue);
    last_of(facts, sleeper, is_it).map(|(number, _)| (queue, number))
}

fn notifies<'a>(
    facts: &Facts<'a>,
    queue: usize,
) -> impl DoubleEndedIterator<Item = (usize, &'a Step)> + use<'a> {
    let is_it = move |op: &Op| matches!(op, Op::Notify { object, .. } if *object == queue);
    facts.steps().filter(move |(_, step)| is_it(&step.op))
}
