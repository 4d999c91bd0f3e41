//! Deadlocks in which somebody waits for a lock: the record says who holds it.

use super::{Diagnosis, Facts, Finding};
use crate::excerpt::Mark;
use heddle_terms::record::{Blocked, Holder, Inside, Op};
use heddle_terms::report::Kind;

/// A thread waits for a lock and holds it itself: no other thread is needed for that.
pub fn self_deadlock(facts: &Facts<'_>) -> Option<Diagnosis> {
    let (blocked, holder) = waits_for_locks(facts).find(|(one, held)| one.thread == held.thread)?;
    let lock = facts.object(blocked.object?);
    let thread = facts.thread(blocked.thread);
    Some(Diagnosis::certain(
        Finding::SelfDeadlock,
        format!(
            "{thread} locks {lock}{} while it still holds it since {}, and so waits for itself.",
            facts.at(blocked.at),
            facts.line(holder.at)
        ),
        vec![
            Mark::at(holder.at, format!("{thread} locks {lock} here")),
            Mark::at(blocked.at, format!("{thread} locks {lock} once more")),
        ],
    ))
}

/// A thread waits for its own end.
pub fn joins_itself(facts: &Facts<'_>) -> Option<Diagnosis> {
    let mut blocked = facts.record.blocked.iter();
    let joins = blocked.find(|one| {
        matches!(one.inside, Inside::Join | Inside::EndScope) && one.target == Some(one.thread)
    })?;
    let thread = facts.thread(joins.thread);
    let last = facts.steps_of(joins.thread).next_back();
    let call = last.map_or(String::new(), |(_, step)| facts.places.in_call(step));
    Some(Diagnosis::certain(
        Finding::SelfDeadlock,
        format!(
            "{thread} waits{call} for its own end{}, which so never comes.",
            facts.at(joins.at)
        ),
        vec![Mark::at(
            joins.at,
            format!("{thread} waits for itself to end"),
        )],
    ))
}

/// Whoever holds the lock has ended, so nobody is left who could give it back.
pub fn forgotten_unlock(facts: &Facts<'_>) -> Option<Diagnosis> {
    let ended = |thread: usize| {
        facts
            .steps_of(thread)
            .any(|(_, step)| step.op == Op::End {})
    };
    let (blocked, holder) = waits_for_locks(facts).find(|(_, held)| ended(held.thread))?;
    let lock = facts.object(blocked.object?);
    let owner = facts.thread(holder.thread);
    let thread = facts.thread(blocked.thread);
    Some(Diagnosis::certain(
        Finding::ForgottenUnlock,
        format!(
            "{owner} locked {lock}{} and ended without unlocking it, so {thread} waits for it for ever.",
            facts.at(holder.at)
        ),
        vec![
            Mark::at(
                holder.at,
                format!("{owner} locks {lock} and never unlocks it"),
            ),
            Mark::at(blocked.at, format!("{thread} waits for it")),
        ],
    ))
}

/// Each of a ring of threads waits for a lock that the next one holds.
pub fn deadlock_by_order(facts: &Facts<'_>) -> Option<Diagnosis> {
    let edges: Vec<(&Blocked, Holder)> = waits_for_locks(facts).collect();
    for (start, _) in &edges {
        let mut ring = Vec::new();
        let mut thread = start.thread;
        while let Some((blocked, holder)) = edges.iter().find(|(one, _)| one.thread == thread) {
            ring.push((*blocked, *holder));
            thread = holder.thread;
            if thread == start.thread {
                return ring_of_locks(facts, &ring);
            }
            if ring.len() > edges.len() {
                break;
            }
        }
    }
    None
}

fn ring_of_locks(facts: &Facts<'_>, ring: &[(&Blocked, Holder)]) -> Option<Diagnosis> {
    if ring.len() < 2 {
        return None;
    }
    let mut parts = Vec::new();
    let mut marks = Vec::new();
    for (index, (blocked, _)) in ring.iter().enumerate() {
        // Whoever waits for this thread tells which lock it holds.
        let (before, held) = &ring[(index + ring.len() - 1) % ring.len()];
        let has = facts.object(before.object?);
        let wants = facts.object(blocked.object?);
        let thread = facts.thread(blocked.thread);
        parts.push(format!(
            "{thread} holds {has} since {} and waits for {wants}",
            facts.line(held.at)
        ));
        marks.push(Mark::at(
            blocked.at,
            format!("{thread} waits for {wants} and holds {has}"),
        ));
    }
    let sentence = format!("{}: nobody can go on.", parts.join(", and "));
    Some(Diagnosis::certain(
        Finding::DeadlockByOrder,
        sentence,
        marks,
    ))
}

/// The holder of a lock for which another waits sleeps, or waits for that very thread to end.
///
/// A holder that waits for a third thread to end may be held up by something else, and is left out.
pub fn sleeps_with_lock(facts: &Facts<'_>) -> Option<Diagnosis> {
    let (blocked, holder, asleep) = waits_for_locks(facts).find_map(|(blocked, holder)| {
        let mut all = facts.record.blocked.iter();
        let asleep = all.find(|one| one.thread == holder.thread)?;
        let sleeps = match asleep.inside {
            Inside::Wait | Inside::Park => !asleep.timed,
            Inside::Join | Inside::EndScope => asleep.target == Some(blocked.thread),
            _ => false,
        };
        sleeps.then_some((blocked, holder, asleep))
    })?;
    let lock = facts.object(blocked.object?);
    let owner = facts.thread(holder.thread);
    let thread = facts.thread(blocked.thread);
    let does = match asleep.inside {
        Inside::Wait => format!("sleeps on {}", facts.object(asleep.object?)),
        Inside::Park => "is parked".to_owned(),
        _ => format!("waits for {thread} to end"),
    };
    Some(Diagnosis::certain(
        Finding::SleepsWithLock,
        format!(
            "{owner} {does}{} and still holds {lock} since {}, for which {thread} waits{}.",
            facts.at(asleep.at),
            facts.line(holder.at),
            facts.at(blocked.at)
        ),
        vec![
            Mark::at(holder.at, format!("{owner} locks {lock}")),
            Mark::at(asleep.at, format!("{owner} {does} and still holds {lock}")),
            Mark::at(blocked.at, format!("{thread} waits for {lock}")),
        ],
    ))
}

fn waits_for_locks<'a>(facts: &Facts<'a>) -> impl Iterator<Item = (&'a Blocked, Holder)> + use<'a> {
    let is_deadlock = facts.kind() == Kind::Deadlock;
    let blocked = facts.record.blocked.iter();
    blocked
        .filter(move |one| is_deadlock && one.inside == Inside::Lock)
        .filter_map(|one| Some((one, one.holder?)))
}
