//! Sleeping and being woken, and the token of `park` and `unpark`.
//!
//! loom has one token for everything that blocks: an `unpark` of a thread that waits for a lock
//! or for another thread's end trips over it. Here `park` has a token of its own, and loom's is
//! used only towards a thread that is known to sleep.

use std::sync::atomic::Ordering::AcqRel;
use std::time::Duration;

use super::event::{Action, Intent, ThreadIndex, Unpark};
use super::faults::{self, FaultKind};
use super::{abandon, clock, failure, guide, world};
use crate::engine::Place;

/// Blocks until somebody calls [`wake`] for this thread.
pub(super) fn sleep_until_woken(me: ThreadIndex) {
    while !world::with(|world| world.thread(me).woken) {
        failure::look_for_deadlock();
        loom::thread::park();
        world::settle(me);
    }
    world::with(|world| {
        let thread = world.thread(me);
        thread.woken = false;
        thread.asleep = false;
    });
}

/// Wakes a thread that sleeps, or that lingers in a timed wait.
pub(super) fn wake(thread: ThreadIndex) {
    let coroutine = world::with(|world| {
        let data = world.thread(thread);
        data.woken = true;
        let timed = matches!(
            data.intent,
            Some((
                Intent::Wait { timed: true, .. } | Intent::Park { timed: true },
                _
            ))
        );
        // A thread in a timed wait goes on by itself; loom must not think it was blocked.
        if timed { None } else { data.coroutine.clone() }
    });
    if let Some(coroutine) = coroutine {
        coroutine.unpark();
    }
}

/// Lets others go first in a timed operation, where the thread could do nothing but time out
/// again and again, or where a claim waits to see it blocked.
pub(super) fn linger(me: ThreadIndex) {
    let (again, awaited) = world::with(|world| {
        let thread = world.thread(me);
        thread.timed_operations += 1;
        (thread.timed_operations > 1, thread.awaited > 0)
    });
    if awaited {
        world::yield_unexplored(me);
    } else if again {
        loom::thread::yield_now();
        world::settle(me);
    }
}

pub(crate) fn park(place: Place) {
    if abandon::leaving() {
        return;
    }
    let me = world::begin(Intent::Park { timed: false }, place);
    if returns_early(me, place) {
        return;
    }
    world::with(|world| {
        world.push(me, Some(place), Action::Park { timed: false });
        let thread = world.thread(me);
        thread.intent = Some((Intent::Park { timed: false }, Some(place)));
        thread.asleep = true;
        thread.woken = false;
    });
    sleep_until_woken(me);
    take_token(me);
    unparked(me, place, Unpark::Token, None);
}

pub(crate) fn park_timeout(timeout: Duration, place: Place) {
    let Some(deadline) = clock::deadline(timeout) else {
        return park(place);
    };
    if abandon::leaving() {
        return;
    }
    let me = world::begin(Intent::Park { timed: true }, place);
    if returns_early(me, place) {
        return;
    }
    let began = world::with(|world| {
        world.push_timed(me, place, Action::Park { timed: true }, Some(timeout));
        let thread = world.thread(me);
        thread.intent = Some((Intent::Park { timed: true }, Some(place)));
        thread.asleep = true;
        thread.woken = false;
        world.clock
    });
    linger(me);
    super::clock::point();
    world::settle(me);
    let had_token = take_token(me);
    let lasted = world::with(|world| {
        let thread = world.thread(me);
        thread.asleep = false;
        thread.woken = false;
        if had_token {
            return None;
        }
        world.clock = world.clock.max(deadline);
        Some(world.clock.saturating_sub(began))
    });
    let why = if had_token {
        Unpark::Token
    } else {
        Unpark::TimedOut
    };
    unparked(me, place, why, lasted);
}

/// Puts the token down for a thread, and wakes it if it sleeps in `park`.
pub(super) fn unpark(thread: &super::ThreadRef, place: Place) {
    if abandon::leaving() {
        return;
    }
    let target = thread.index();
    let me = world::begin(Intent::Unpark(target), place);
    let had_token = thread.token().swap(true, AcqRel);
    world::settle(me);
    let sleeps = world::with(|world| {
        let step = world.push(me, Some(place), Action::Unpark { thread: target });
        if !had_token {
            world.changed(me);
            world.thread(target).token_by = Some(step);
        }
        let data = world.thread(target);
        let parked = matches!(data.intent, Some((Intent::Park { .. }, _)));
        parked && data.asleep && !data.woken
    });
    if sleeps {
        wake(target);
    }
}

/// Whether `park` returns at once: by a fault, or because the token is there.
///
/// A thread that returns by a fault does not yield first. loom would take a thread that yields
/// for one that need not be tried early, and miss what the fault is for.
fn returns_early(me: ThreadIndex, place: Place) -> bool {
    if faults::happens(FaultKind::Park, me) {
        unparked(me, place, Unpark::Spurious, None);
        return true;
    }
    let had_token = take_token(me);
    if had_token {
        unparked(me, place, Unpark::TokenWasThere, None);
    }
    had_token
}

fn take_token(me: ThreadIndex) -> bool {
    guide::gate(me);
    let thread = world::with(|world| world.thread(me).reference.clone());
    let had_token = thread.token().swap(false, AcqRel);
    world::settle(me);
    had_token
}

fn unparked(me: ThreadIndex, place: Place, why: Unpark, lasted: Option<Duration>) {
    world::with(|world| {
        let by = match why {
            Unpark::TokenWasThere | Unpark::Token => world.thread(me).token_by.take(),
            Unpark::Spurious | Unpark::TimedOut => None,
        };
        world.push_timed(me, place, Action::Unparked { why, by }, lasted);
    });
}
