//! The token of `park` and `unpark`, and other ways to let time or threads pass.

use std::time::{Duration, Instant};

use super::monitor::{self, Doing, Monitor};
use super::threads::{self, ThreadRef};
use crate::engine::Place;

pub(crate) fn park(place: Place) {
    park_until(false, None, place);
}

pub(crate) fn park_timeout(timeout: Duration, place: Place) {
    park_until(true, Instant::now().checked_add(timeout), place);
}

fn park_until(timed: bool, deadline: Option<Instant>, place: Place) {
    let me = threads::current();
    let mut monitor = monitor::enter();
    monitor.begin(&me, Doing::Park { timed }, place);
    while let Some(record) = monitor.live.get_mut(&me.number()) {
        let had_token = std::mem::take(&mut record.has_token);
        if had_token || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            break;
        }
        monitor = monitor.sleep(&me, deadline);
    }
    monitor.end(&me);
}

/// Puts the token down for a thread, and wakes it if it is parked.
pub(super) fn unpark(thread: &ThreadRef, place: Place) {
    monitor::count();
    threads::current().note("unpark", place);
    let mut monitor = monitor::enter();
    if let Some(record) = monitor.live.get_mut(&thread.number()) {
        record.has_token = true;
        record.thread.wake().notify_all();
    }
}

pub(crate) fn sleep(duration: Duration, place: Place) {
    let me = threads::current();
    monitor::enter().begin(&me, Doing::Sleep, place);
    std::thread::sleep(duration);
    monitor::enter().end(&me);
}

pub(crate) fn yield_now(place: Place) {
    note("yield_now", place);
    std::thread::yield_now();
}

pub(crate) fn spin_loop(place: Place) {
    note("spin_loop", place);
    std::hint::spin_loop();
}

fn note(operation: &'static str, place: Place) {
    monitor::count();
    threads::current().note(operation, place);
}

/// Returns once a thread is blocked or has ended.
pub(crate) fn until_blocked(thread: &ThreadRef, place: Place) {
    let me = threads::current();
    let target = thread.number();
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
