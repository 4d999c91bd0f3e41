//! The token of `park` and `unpark`, and other ways to let time or threads pass.

use std::time::Duration;

use super::monitor::{self, Doing, Limit, Monitor};
use super::notes::Action;
use super::report;
use super::threads::{self, ThreadRef};
use crate::engine::Place;

pub(crate) fn park(place: Place) {
    park_until(Limit::None, place);
}

pub(crate) fn park_timeout(timeout: Duration, place: Place) {
    park_until(Limit::after(timeout), place);
}

fn park_until(limit: Limit, place: Place) {
    let me = threads::current();
    let mut monitor = monitor::enter();
    monitor.begin(&me, Doing::Park { limit }, place);
    let mut has_slept = false;
    while let Some(record) = monitor.live.get_mut(&me.number()) {
        let had_token = std::mem::take(&mut record.has_token);
        if had_token || limit.is_over() {
            let why = match (had_token, has_slept) {
                (true, false) => "token-was-there",
                (true, true) => "token",
                (false, _) => "timed-out",
            };
            let by = record.token_by.take();
            me.note(Some(place), Action::Unparked { why, by });
            break;
        }
        if !has_slept {
            let timed = limit.is_timed();
            me.note(Some(place), Action::Park { timed });
        }
        has_slept = true;
        monitor = monitor.sleep(&me, limit);
    }
    monitor.end(&me);
}

/// Puts the token down for a thread, and wakes it if it is parked.
pub(super) fn unpark(thread: &ThreadRef, place: Place) {
    let me = threads::current();
    let mut monitor = monitor::enter();
    let target = thread.number();
    let number = me.note(Some(place), Action::Unpark { target });
    if let Some(record) = monitor.live.get_mut(&target) {
        if !std::mem::replace(&mut record.has_token, true) {
            record.token_by = Some(number);
        }
        record.thread.wake().notify_all();
    }
}

pub(crate) fn sleep(duration: Duration, place: Place) {
    let me = threads::current();
    me.note(Some(place), Action::call("sleep"));
    monitor::enter().begin(&me, Doing::Sleep, place);
    std::thread::sleep(duration);
    monitor::enter().end(&me);
}

pub(crate) fn yield_now(place: Place) {
    note("yield_now", place);
    // Where a claim waits until the threads that run are blocked, none of them yields to the other. A
    // stranger could take the core for so long that the watchdog would not see them spin in time.
    if !report::all_are_awaited(&monitor::enter()) {
        std::thread::yield_now();
    }
}

pub(crate) fn spin_loop(place: Place) {
    note("spin_loop", place);
    std::hint::spin_loop();
}

fn note(call: &'static str, place: Place) {
    threads::current().note(Some(place), Action::call(call));
}

/// Returns once a thread is blocked or has ended.
pub(crate) fn until_blocked(thread: &ThreadRef, place: Place) {
    let me = threads::current();
    let target = thread.number();
    me.note(Some(place), Action::call("until_blocked"));
    let mut monitor = monitor::enter();
    monitor.begin(&me, Doing::UntilBlocked { thread: target }, place);
    let can_go_on = |monitor: &Monitor| {
        let record = monitor.live.get(&target);
        record.is_some_and(|record| !monitor.is_blocked(record, true))
    };
    while can_go_on(&monitor) {
        monitor = monitor.until_settled();
    }
    monitor.end(&me);
}
