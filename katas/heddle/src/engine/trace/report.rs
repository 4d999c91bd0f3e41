//! What the threads are doing, in words.

use super::monitor::{self, Doing, Monitor, Object, Record};
use crate::claim::record::{Place as RecordPlace, ThreadState};
use crate::engine::names::Sources;

/// Every thread, when each of them waits for something that cannot come any more.
///
/// A thread in a timed wait, or one that was notified and has not run since, can go on; so can
/// one that heddle does not see waiting.
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
    let mut awaited = false;
    for record in monitor.live.values() {
        match record.doing {
            Doing::Running => {
                let number = record.thread.number();
                let waits_for_it = |other: &Record| matches!(other.doing, Doing::UntilBlocked { thread } if thread == number);
                if !monitor.live.values().any(waits_for_it) {
                    return None;
                }
                awaited = true;
            }
            Doing::UntilBlocked { .. } => {}
            _ if monitor.is_blocked(record, false) => {}
            _ => return None,
        }
    }
    awaited.then(|| states(&monitor, false))
}

/// Every thread that has not ended.
pub(crate) fn threads() -> Vec<ThreadState> {
    states(&monitor::enter(), false)
}

fn states(monitor: &Monitor, stuck: bool) -> Vec<ThreadState> {
    let mut sources = Sources::default();
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
        .map(|record| {
            let last = record.thread.last_operations();
            let place = match record.doing {
                Doing::Running => last.last().map(|(_, place)| *place),
                _ => record.place,
            };
            ThreadState {
                name: name(record),
                doing: doing(monitor, record, stuck, &mut sources),
                place: place.map(RecordPlace::from),
            }
        })
        .collect()
}

fn doing(monitor: &Monitor, record: &Record, stuck: bool, sources: &mut Sources) -> String {
    let nobody = |what: &str| match stuck {
        true => format!("; nobody is left to {what} it"),
        false => String::new(),
    };
    let other = |number: u64| {
        let other = monitor.live.get(&number);
        other.map_or("a thread that has ended".to_owned(), name)
    };
    match record.doing {
        Doing::Running => running(record),
        Doing::Lock { lock } => {
            let called = object_name(lock, sources);
            match monitor.owners.get(&lock.number) {
                Some((owner, since)) if *owner == record.thread.number() => format!(
                    "waits for the lock `{called}`, which it holds itself since {}:{}",
                    since.file(),
                    since.line()
                ),
                Some((owner, since)) => format!(
                    "waits for the lock `{called}` held by `{}` since {}:{}",
                    other(*owner),
                    since.file(),
                    since.line()
                ),
                None => format!("is about to take the lock `{called}`"),
            }
        }
        Doing::Wait {
            queue,
            notified,
            timed,
            ..
        } => {
            let call = if timed { "wait_timeout" } else { "wait" };
            let called = object_name(queue, sources);
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
    let last = record.thread.last_operations();
    if last.is_empty() {
        return "is running and has not used heddle yet".to_owned();
    }
    let last: Vec<String> = last
        .iter()
        .map(|(operation, place)| format!("{operation} at {}:{}", place.file(), place.line()))
        .collect();
    format!("is running; its last operations: {}", last.join(", "))
}

fn name(record: &Record) -> String {
    let thread = &record.thread;
    if thread.is_claim() {
        return "main".to_owned();
    }
    thread
        .name()
        .map_or_else(|| format!("thread-{}", thread.number()), str::to_owned)
}

fn object_name(object: Object, sources: &mut Sources) -> String {
    sources
        .name_at(object.made, object.kind)
        .unwrap_or_else(|| format!("{}@{}", object.kind, object.made.line()))
}
