//! What the threads are doing, in words.

use super::counterexample::Called;
use super::monitor::{self, Doing, Monitor, Record};
use super::threads::ThreadRef;
use crate::claim::record::{Place as RecordPlace, ThreadState};
use crate::engine::Place;

/// How many of its last operations are told of a thread that runs.
const TOLD: usize = 4;

/// Every thread, when each of them waits for something that cannot come any more.
///
/// A thread in a timed wait that is over before the claim, or one that was notified and has not run
/// since, can go on; so can one that heddle does not see waiting.
pub(crate) fn stuck() -> Option<Vec<ThreadState>> {
    let monitor = monitor::enter();
    let all_blocked = monitor
        .live
        .values()
        .all(|record| monitor.is_blocked(record, false));
    (all_blocked && !monitor.live.is_empty()).then(|| states(&monitor, true))
}

/// Every thread, when all that still run are awaited by a claim that wants to see them blocked.
///
/// Such a thread may be on its way to its wait, so one look proves nothing.
pub(crate) fn spinning() -> Option<Vec<ThreadState>> {
    let monitor = monitor::enter();
    all_are_awaited(&monitor).then(|| states(&monitor, false))
}

/// Whether some threads run, and each of them is awaited by a claim that wants to see it blocked.
pub(super) fn all_are_awaited(monitor: &Monitor) -> bool {
    let mut awaited = false;
    for record in monitor.live.values() {
        match record.doing {
            Doing::Running => {
                let number = record.thread.number();
                let waits_for_it = |other: &Record| matches!(other.doing, Doing::UntilBlocked { thread } if thread == number);
                if !monitor.live.values().any(waits_for_it) {
                    return false;
                }
                awaited = true;
            }
            Doing::UntilBlocked { .. } => {}
            _ if monitor.is_blocked(record, false) => {}
            _ => return false,
        }
    }
    awaited
}

/// Every thread that has not ended.
pub(crate) fn threads() -> Vec<ThreadState> {
    states(&monitor::enter(), false)
}

fn states(monitor: &Monitor, stuck: bool) -> Vec<ThreadState> {
    let called = Called::of(monitor);
    let mut records: Vec<&Record> = monitor.live.values().collect();
    // Who only waits for another thread is not where the trouble is.
    records.sort_by_key(|record| {
        matches!(
            record.doing,
            Doing::Join { .. } | Doing::EndScope { .. } | Doing::UntilBlocked { .. }
        )
    });
    records
        .into_iter()
        .map(|record| ThreadState {
            name: name(&record.thread),
            doing: doing(monitor, record, stuck, &called),
            place: place(record).map(RecordPlace::from),
        })
        .collect()
}

/// Where a thread is, or was last.
pub(super) fn place(record: &Record) -> Option<Place> {
    match record.doing {
        Doing::Running => record
            .thread
            .notes()
            .iter()
            .rev()
            .find_map(|note| note.place),
        _ => record.place,
    }
}

/// What a thread does, in words.
pub(super) fn doing(monitor: &Monitor, record: &Record, stuck: bool, called: &Called) -> String {
    let nobody = |what: &str| match stuck {
        true => format!("; nobody is left to {what} it"),
        false => String::new(),
    };
    let other = |number: u64| {
        let other = monitor.live.get(&number);
        other.map_or("a thread that has ended".to_owned(), |it| name(&it.thread))
    };
    match record.doing {
        Doing::Running => running(record),
        Doing::Lock { lock } => {
            let called = called.name(lock);
            match monitor.owners.get(&lock.number) {
                Some(owner) if owner.thread == record.thread.number() => format!(
                    "waits for the lock `{called}`, which it holds itself since {}:{}",
                    owner.place.file(),
                    owner.place.line()
                ),
                Some(owner) => format!(
                    "waits for the lock `{called}` held by `{}` since {}:{}",
                    other(owner.thread),
                    owner.place.file(),
                    owner.place.line()
                ),
                None => format!("is about to take the lock `{called}`"),
            }
        }
        Doing::Wait {
            queue,
            notified,
            limit,
            ..
        } => {
            let call = if limit.is_timed() {
                "wait_timeout"
            } else {
                "wait"
            };
            let called = called.name(queue);
            let rest = if notified {
                "; it has been notified".to_owned()
            } else {
                nobody("notify")
            };
            format!("has been in Condvar::{call} on `{called}`{rest}")
        }
        Doing::Park { .. } => format!("is parked{}", nobody("unpark")),
        Doing::Join { thread } => format!("waits for `{}` to end", other(thread)),
        Doing::EndScope { thread } => {
            format!(
                "is at the end of a scope and waits for `{}` to end",
                other(thread)
            )
        }
        Doing::Sleep => "sleeps".to_owned(),
        Doing::UntilBlocked { thread } => format!("waits until `{}` is blocked", other(thread)),
    }
}

fn running(record: &Record) -> String {
    let notes = record.thread.notes();
    let told = notes
        .iter()
        .filter_map(|note| Some((note.action.verb()?, note.place?)));
    let told: Vec<String> = told
        .map(|(operation, place)| format!("{operation} at {}:{}", place.file(), place.line()))
        .collect();
    if told.is_empty() {
        return "is running and has not used heddle yet".to_owned();
    }
    let last = &told[told.len().saturating_sub(TOLD)..];
    format!("is running; its last operations: {}", last.join(", "))
}

/// What a thread is called.
pub(super) fn name(thread: &ThreadRef) -> String {
    if thread.is_claim() {
        return "main".to_owned();
    }
    thread
        .name()
        .map_or_else(|| format!("thread-{}", thread.number()), str::to_owned)
}
