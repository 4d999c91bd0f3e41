//! Leaving a schedule that has failed, so that the search can go on to others.
//!
//! A schedule that fails has shown all that it has to show. Its threads are unwound one after the
//! other: the one that failed by its own panic, or by a payload of heddle's that no hook sees; the
//! others by that payload as soon as they run again. Destructors run on the way, and every
//! operation of heddle that they call does nothing: no thread switches while a panic unwinds, and
//! loom's state is left alone but for the locks that are given back.
//!
//! What runs here is the subject's code in a state that it was not written for. It may abort the
//! process, or never come back. That changes no verdict: the failure is on record by then (see
//! `shorten`), and the watchdog ends what does not end by itself.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::event::ThreadIndex;
use super::life::locals;
use super::{shorten, world};

/// How many operations that do nothing a schedule may ask for while it is left. A destructor that
/// waits for another thread, say, asks for ever.
const MOST_IDLE: u32 = 10_000;

thread_local! {
    static ABANDONED: Cell<bool> = const { Cell::new(false) };
    /// Whether loom knows that the schedule is being left.
    static RELEASED: Cell<bool> = const { Cell::new(false) };
    static IDLE: Cell<u32> = const { Cell::new(0) };
}

/// What unwinds the threads of a schedule that is left.
struct Abandoned;

/// Whether the schedule that runs has failed and is being left.
pub(super) fn is_abandoned() -> bool {
    ABANDONED.get()
}

/// Leaves the schedule that runs: from now on its operations do nothing.
pub(super) fn begin() {
    ABANDONED.set(true);
}

/// Forgets the schedule that was left.
pub(super) fn clear() {
    ABANDONED.set(false);
    RELEASED.set(false);
    IDLE.set(0);
}

/// Unwinds the running thread, without a word from any panic hook.
pub(super) fn unwind() -> ! {
    resume_unwind(Box::new(Abandoned))
}

/// Whether an operation has to do nothing, because a destructor of a schedule that is left has
/// asked for it. A thread that is not unwinding yet begins to, and this does not return.
pub(super) fn leaving() -> bool {
    if !ABANDONED.get() {
        return false;
    }
    if !std::thread::panicking() {
        unwind();
    }
    IDLE.set(IDLE.get() + 1);
    if IDLE.get() > MOST_IDLE {
        shorten::give_up();
    }
    true
}

/// Gives back a lock that was taken while the schedule was left, before its thread unwinds.
pub(super) fn unless_left<G>(guard: G) -> Option<G> {
    (!is_abandoned()).then_some(guard)
}

/// Keeps a lock for ever that would be given back by a thread that unwinds.
///
/// The next owner would find it poisoned, inside loom; so nobody gets it, and who waits for it
/// is woken without it.
pub(super) fn unless_unwinding<G>(guard: G) -> Option<G> {
    if is_abandoned() && std::thread::panicking() {
        std::mem::forget(guard);
        return None;
    }
    Some(guard)
}

/// Runs all that a thread of a schedule does, and catches what leaves the schedule.
pub(super) fn run_thread(me: ThreadIndex, body: impl FnOnce()) {
    let result = catch_unwind(AssertUnwindSafe(body));
    match result {
        Ok(()) if !is_abandoned() => return,
        // A panic without a hook, by `resume_unwind`: as it was, loom's search ends with it.
        Err(payload) if !is_abandoned() => resume_unwind(payload),
        _ => {}
    }
    forget(result.err());
    world::resume(me);
    release();
    // The values' destructors are the subject's too.
    while catch_unwind(locals::destroy)
        .map_err(|payload| forget(Some(payload)))
        .is_err()
    {}
    world::with(|world| {
        if let Some(thread) = world.threads.get_mut(usize::from(me)) {
            thread.done = true;
        }
    });
}

/// Waits for the end of every thread that may borrow from a scope whose schedule is left.
///
/// A scope's own thread is older than those it has made, so no two wait for each other.
pub(crate) fn before_scope_end() {
    if !is_abandoned() {
        return;
    }
    let me = world::current();
    release();
    let younger = usize::from(me) + 1;
    while world::with(|world| {
        world
            .threads
            .iter()
            .skip(younger)
            .any(|thread| !thread.done)
    }) {
        IDLE.set(IDLE.get() + 1);
        if IDLE.get() > MOST_IDLE {
            shorten::give_up();
        }
        loom::thread::yield_now();
        world::resume(me);
    }
}

/// Tells loom once that nothing of the rest is a choice, and wakes every thread that sleeps.
fn release() {
    if RELEASED.replace(true) {
        return;
    }
    loom::skip_branch();
    let me = world::current();
    let coroutines: Vec<_> = world::with(|world| {
        let others = (0..).zip(&world.threads).filter(|(index, _)| *index != me);
        let live = others.filter(|(_, thread)| !thread.done);
        live.filter_map(|(_, thread)| thread.coroutine.clone())
            .collect()
    });
    for coroutine in coroutines {
        coroutine.unpark();
    }
}

/// Drops a panic's payload, which may be the subject's and panic once more.
fn forget(payload: Option<Box<dyn Any + Send>>) {
    let again = catch_unwind(AssertUnwindSafe(|| drop(payload)));
    // One that panics for ever is not dropped at all.
    std::mem::forget(again);
}
