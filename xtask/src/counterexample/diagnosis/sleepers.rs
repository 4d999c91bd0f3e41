//! Deadlocks in which nobody holds anything: threads sleep on condition variables, and nobody is left
//! to wake them.

use super::{Diagnosis, Facts, Finding};
use crate::counterexample::excerpt::Mark;
use crate::counterexample::record::{Blocked, Inside, Op, Step};

/// A thread waits for ever on a condition variable; what became of its notifications says why.
pub fn waiting(facts: &Facts<'_>) -> Option<Diagnosis> {
    let mut sleepers = the_sleepers(facts)?.filter(|one| one.inside == Inside::Wait);
    sleepers.find_map(|sleeper| {
        wrong_waiter(facts, sleeper)
            .or_else(|| too_few(facts, sleeper))
            .or_else(|| lost(facts, sleeper))
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
            facts.at(notify.at),
            facts.at(again.at),
            facts.at(sleeper.at)
        ),
        vec![
            Mark::at(notify.at, format!("wakes {other} and not {thread}")),
            Mark::at(again.at, format!("{other} waits again at once")),
            Mark::at(sleeper.at, format!("{thread} sleeps on")),
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
    let (thread, name) = (facts.thread(sleeper.thread), facts.object(queue));
    let others = facts.names.threads(woken);
    Some(Diagnosis::certain(
        Finding::NotifyOneTooFew,
        format!(
            "{thread} and {others} wait on {name}; the last notify{} wakes {others} alone, and everybody \
             else is done while {thread} still sleeps.",
            facts.at(notify.at)
        ),
        vec![
            Mark::at(notify.at, format!("wakes {others} alone")),
            Mark::at(sleeper.at, format!("{thread} sleeps on")),
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
        Mark::at(notify.at, format!("wakes {other} alone")),
        Mark::at(back, format!("{other} comes back here and changes nothing")),
        Mark::at(sleeper.at, format!("{thread} sleeps on")),
    ];
    Some(Diagnosis {
        finding: None,
        sentence: format!(
            "The notify{} wakes {other}, which changes nothing{} and wakes nobody else; {thread} sleeps \
             for ever{}.",
            facts.at(notify.at),
            facts.at(back),
            facts.at(sleeper.at)
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
            facts.at(notify.at),
            facts.at(sleeper.at)
        ),
        vec![
            Mark::at(notify.at, format!("{other} notifies while nobody waits")),
            Mark::at(sleeper.at, format!("{thread} begins to wait after that")),
        ],
    ))
}

/// Whoever does not sleep there is done, and has never notified.
///
/// If another thread had the mutex between the sleeper's look and its wait, it may as well have found
/// nobody to notify: then that is told, and no name is given.
fn never(facts: &Facts<'_>, sleeper: &Blocked) -> Option<Diagnosis> {
    let (queue, wait) = last_wait(facts, sleeper)?;
    let all_there = facts.sleepers().all(|one| one.object == Some(queue));
    if !all_there || notifies(facts, queue).next().is_some() {
        return None;
    }
    let (thread, name) = (facts.thread(sleeper.thread), facts.object(queue));
    let waits = format!(
        "{thread} waits on {name}{}, and nobody ever notifies it",
        facts.at(sleeper.at)
    );
    let mark = Mark::at(
        sleeper.at,
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
    let (after, last) = turn_after(facts, wait);
    Some(Diagnosis::certain(
        Finding::NeverNotified,
        format!("{waits}{after}."),
        vec![mark, last, facts.joins()],
    ))
}

/// Who had the mutex of a wait last while the thread slept, and could have notified it.
fn turn_after(facts: &Facts<'_>, wait: usize) -> (String, Option<Mark>) {
    let Op::Wait { lock, object, .. } = facts.step(wait).op else {
        return (String::new(), None);
    };
    let queue = facts.object(object);
    let name = facts.object(lock);
    let mut turns = facts.record.steps[wait..].iter().rev();
    // Whoever sleeps there as well could not have helped.
    let sleeps = |thread| facts.sleepers().any(|one| one.thread == thread);
    let last = turns.find(|step| step.op == Op::Lock { object: lock } && !sleeps(step.thread));
    let Some(last) = last else {
        return (format!("; nobody has {name} after that"), None);
    };
    let (who, call) = (facts.thread(last.thread), facts.places.in_call(last));
    (
        format!(
            ", not even {who}, which has {name} after that{call}{}",
            facts.at(last.at)
        ),
        Mark::at(
            last.at,
            format!("{who} has {name} here{call}, and does not notify {queue}"),
        ),
    )
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
