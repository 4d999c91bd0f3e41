//! A condition variable's queue of waiting threads.
//!
//! loom's own condition variable wakes in the order of arrival, never by itself, and its timed
//! wait never times out. Here the queue is kept outside loom. One of loom's condition variables,
//! on which nobody ever waits, makes each operation a scheduling point that depends on the
//! others.

use std::time::Duration;

use super::event::{Action, Intent, ObjectId, ThreadIndex, ThreadSet, Wake};
use super::faults::{self, FaultKind};
use super::lock::Held;
use super::world::{self, ObjectState};
use super::{abandon, clock, guide, parking};
use crate::engine::Place;

/// The threads that wait on a condition variable.
pub(crate) struct Queue {
    point: loom::sync::Condvar,
    id: ObjectId,
}

impl Queue {
    pub(crate) fn new(place: Place) -> Self {
        let state = ObjectState::Queue {
            waiting: Default::default(),
        };
        Queue {
            point: loom::sync::Condvar::new(),
            id: world::new_object("Condvar", place, state),
        }
    }

    pub(crate) fn wait<'a>(&self, held: Held<'a>, place: Place) -> Held<'a> {
        if abandon::leaving() {
            return held;
        }
        let lock = held.lock();
        let (me, spurious) = self.begin_wait(&held, None, place);
        if spurious {
            held.release_to_wait();
            self.leave(me, Wake::Spurious, None, place);
            return lock.acquire_back(place, Some((self.id, Wake::Spurious, None)));
        }
        self.enqueue(me, false, place);
        held.release_to_wait();
        parking::sleep_until_woken(me);
        lock.acquire_back(place, Some((self.id, Wake::Notified, None)))
    }

    /// Waits with a limit; returns whether the time was up.
    ///
    /// A thread in a timed wait can always go on: whether it is notified or times out is for the
    /// scheduler to choose. From a thread's second timed wait on, others go first, so that
    /// a loop of timed waits ends.
    pub(crate) fn wait_timeout<'a>(
        &self,
        held: Held<'a>,
        timeout: Duration,
        place: Place,
    ) -> (Held<'a>, bool) {
        if abandon::leaving() {
            return (held, true);
        }
        let lock = held.lock();
        let Some(deadline) = clock::deadline(timeout) else {
            return (self.wait(held, place), false);
        };
        let (me, spurious) = self.begin_wait(&held, Some(timeout), place);
        let began = world::with(|world| world.clock);
        if spurious {
            held.release_to_wait();
            self.leave(me, Wake::Spurious, None, place);
            let held = lock.acquire_back(place, Some((self.id, Wake::Spurious, None)));
            return (held, false);
        }
        self.enqueue(me, true, place);
        held.release_to_wait();
        parking::linger(me);
        guide::gate(me);
        clock::point();
        world::settle(me);
        self.point.notify_one();
        world::settle(me);
        let lasted = world::with(|world| {
            let timed_out = !std::mem::take(&mut world.thread(me).woken);
            world.thread(me).asleep = false;
            timed_out.then(|| {
                world.waiting(self.id).retain(|&waiting| waiting != me);
                world.clock = world.clock.max(deadline);
                world.clock.saturating_sub(began)
            })
        });
        let why = if lasted.is_some() {
            self.leave(me, Wake::TimedOut, lasted, place);
            Wake::TimedOut
        } else {
            Wake::Notified
        };
        let back = Some((self.id, why, lasted));
        (lock.acquire_back(place, back), lasted.is_some())
    }

    pub(crate) fn notify_one(&self, place: Place) {
        self.notify(false, place);
    }

    pub(crate) fn notify_all(&self, place: Place) {
        self.notify(true, place);
    }

    fn begin_wait(
        &self,
        held: &Held<'_>,
        limit: Option<Duration>,
        place: Place,
    ) -> (ThreadIndex, bool) {
        let timed = limit.is_some();
        let intent = Intent::Wait {
            queue: self.id,
            timed,
        };
        let me = world::begin(intent, place);
        let spurious = faults::happens(FaultKind::Wait, me);
        self.point.notify_one();
        world::settle(me);
        world::with(|world| {
            let action = Action::Wait {
                queue: self.id,
                lock: held.lock().id(),
                timed,
            };
            let step = world.push_timed(me, place, action, limit);
            held.tell(step);
        });
        (me, spurious)
    }

    /// Notes that nobody can notify the thread any more: others may do much before it has its
    /// lock again.
    fn leave(&self, me: ThreadIndex, why: Wake, lasted: Option<Duration>, place: Place) {
        let queue = self.id;
        world::with(|world| world.push_timed(me, place, Action::Leave { queue, why }, lasted));
    }

    fn enqueue(&self, me: ThreadIndex, timed: bool, place: Place) {
        world::with(|world| {
            world.waiting(self.id).push_back(me);
            let intent = Intent::Wait {
                queue: self.id,
                timed,
            };
            let thread = world.thread(me);
            thread.intent = Some((intent, Some(place)));
            thread.asleep = true;
            thread.woken = false;
        });
    }

    fn notify(&self, all: bool, place: Place) {
        if abandon::leaving() {
            return;
        }
        let me = world::begin(Intent::Notify(self.id), place);
        self.point.notify_one();
        world::settle(me);
        let several = world::with(|world| world.waiting(self.id).len() > 1);
        let out_of_turn = !all && several && faults::happens(FaultKind::Notify, me);
        let woken = world::with(|world| {
            let waiting = world.waiting(self.id);
            if out_of_turn {
                waiting.rotate_right(1);
            }
            let count = if all {
                waiting.len()
            } else {
                waiting.len().min(1)
            };
            let mut woken = ThreadSet::default();
            waiting
                .drain(..count)
                .for_each(|thread| woken.insert(thread));
            if !woken.is_empty() {
                world.changed(me);
            }
            let action = Action::Notify {
                queue: self.id,
                all,
                woken,
                out_of_turn,
            };
            let step = world.push(me, Some(place), action);
            for thread in woken.iter() {
                world.thread(thread).notified_by = Some(step);
            }
            woken
        });
        woken.iter().for_each(parking::wake);
    }
}
