//! Which steps of a schedule come before which, by what orders them: for the report of a race.
//!
//! loom says that two accesses race, and not which: where several came before, the one that is
//! told must be one that nothing orders. What orders steps here is what loom takes for it.

use std::collections::HashMap;
use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Release, SeqCst};

use super::event::{Action, MAX_THREADS, ObjectId, StepNumber, ThreadIndex, Unpark};
use super::world::{Pass, World};

/// How many steps of each thread are known to have happened.
type Clock = [u32; MAX_THREADS];

/// What a thread knows.
#[derive(Clone, Copy, Default)]
struct Knows {
    now: Clock,
    /// What its last release fence made known to others.
    released: Clock,
    /// What its next acquire fence makes known to it.
    pending: Clock,
    /// What its park token carries.
    token: Clock,
    /// Whether it is in a wait that can end by itself, whose notification carries nothing.
    waits_timed: bool,
}

/// The order of the steps so far.
#[derive(Default)]
pub(super) struct Order {
    threads: [Knows; MAX_THREADS],
    locks: HashMap<ObjectId, Clock>,
    /// The values of each atomic with what they make known, the newest last.
    words: HashMap<ObjectId, Vec<(u64, Clock)>>,
    fences: Clock,
    /// Each step with its thread, and its number among those of the thread.
    stamps: HashMap<StepNumber, (ThreadIndex, u32)>,
    is_sequential: bool,
}

impl Order {
    /// The order of all steps of the schedule.
    pub(super) fn of(world: &World) -> Self {
        let mut order = Order {
            is_sequential: world.pass == Pass::Sequential,
            ..Order::default()
        };
        for (number, event) in world.log.iter() {
            let thread = usize::from(event.thread);
            order.threads[thread].now[thread] += 1;
            let stamp = order.threads[thread].now[thread];
            order.stamps.insert(number, (event.thread, stamp));
            order.step(thread, event.action);
        }
        order
    }

    /// Whether a step comes before whatever a thread does next.
    pub(super) fn is_before(&self, step: StepNumber, me: ThreadIndex) -> bool {
        let Some(&(thread, stamp)) = self.stamps.get(&step) else {
            return false;
        };
        self.threads[usize::from(me)].now[usize::from(thread)] >= stamp
    }

    fn step(&mut self, me: usize, action: Action) {
        let now = self.threads[me].now;
        match action {
            Action::Spawn { child } => learn(&mut self.threads[usize::from(child)].now, &now),
            Action::Join { child } => {
                let its = self.threads[usize::from(child)].now;
                learn(&mut self.threads[me].now, &its);
            }
            Action::Lock { lock } | Action::Wake { lock, .. } => {
                let last = *self.locks.entry(lock).or_default();
                learn(&mut self.threads[me].now, &last);
            }
            Action::Unlock { lock } => learn(self.locks.entry(lock).or_default(), &now),
            Action::Wait { lock, timed, .. } => {
                self.threads[me].waits_timed = timed;
                learn(self.locks.entry(lock).or_default(), &now);
            }
            Action::Notify { woken, .. } => {
                for thread in woken.iter().map(usize::from) {
                    if !self.threads[thread].waits_timed {
                        learn(&mut self.threads[thread].now, &now);
                    }
                }
            }
            Action::Unpark { thread } => learn(&mut self.threads[usize::from(thread)].token, &now),
            Action::Unparked {
                why: Unpark::Token | Unpark::TokenWasThere,
                ..
            } => {
                let token = self.threads[me].token;
                learn(&mut self.threads[me].now, &token);
            }
            Action::Fence { order } => self.fence(me, order),
            memory => self.memory(me, memory),
        }
    }

    /// An operation on an atomic; every write is a swap, as it is issued.
    fn memory(&mut self, me: usize, action: Action) {
        let (word, seen, written, order) = match action {
            Action::Load {
                word, value, order, ..
            } => (word, Some(value), None, order),
            Action::ExchangeFailed {
                word, found, order, ..
            } => (word, Some(found), None, order),
            Action::Store {
                word, value, order, ..
            } => (word, None, Some(value), order),
            Action::Update {
                word, after, order, ..
            }
            | Action::Exchange {
                word, after, order, ..
            } => (word, None, Some(after), order),
            Action::Set { word, after, .. } => (word, None, Some(after), AcqRel),
            _ => return,
        };
        let order = if self.is_sequential { AcqRel } else { order };
        let values = self.words.entry(word).or_default();
        let read = match seen {
            // The latest of this value; nobody can tell it from an earlier one.
            Some(seen) => values.iter().rev().find(|(value, _)| *value == seen),
            None => values.last(),
        };
        let read = read.map_or(Clock::default(), |(_, clock)| *clock);
        let knows = &mut self.threads[me];
        learn(&mut knows.pending, &read);
        if acquires(order) {
            learn(&mut knows.now, &read);
        }
        if let Some(written) = written {
            let mut carried = read;
            learn(&mut carried, &knows.released);
            if releases(order) {
                learn(&mut carried, &knows.now);
            }
            values.push((written, carried));
        }
    }

    fn fence(&mut self, me: usize, order: Ordering) {
        if self.is_sequential {
            return;
        }
        let knows = &mut self.threads[me];
        if acquires(order) {
            let pending = knows.pending;
            learn(&mut knows.now, &pending);
        }
        if order == SeqCst {
            learn(&mut knows.now, &self.fences);
            learn(&mut self.fences, &knows.now);
        }
        if releases(order) {
            knows.released = knows.now;
        }
    }
}

fn learn(clock: &mut Clock, other: &Clock) {
    for (mine, its) in clock.iter_mut().zip(other) {
        *mine = (*mine).max(*its);
    }
}

fn acquires(order: Ordering) -> bool {
    matches!(order, Acquire | AcqRel | SeqCst)
}

fn releases(order: Ordering) -> bool {
    matches!(order, Release | AcqRel | SeqCst)
}
