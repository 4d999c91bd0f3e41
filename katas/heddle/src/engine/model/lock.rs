//! A lock, with its owner on record.

use std::mem::ManuallyDrop;
use std::time::Duration;

use super::event::{Action, Intent, ObjectId, Owner, StepNumber, ThreadIndex, Wake};
use super::retell::{self, Borrow};
use super::world::{self, ObjectState};
use super::{abandon, failure};
use crate::engine::{Place, Value};

/// A lock round nothing; the wrapper keeps the value.
pub(crate) struct Lock {
    lock: loom::sync::Mutex<()>,
    id: ObjectId,
}

/// A lock that is held.
pub(crate) struct Held<'a> {
    lock: &'a Lock,
    /// `None` where a destructor of a schedule that is left takes a lock.
    guard: Option<loom::sync::MutexGuard<'a, ()>>,
    changed: bool,
    /// Whether it is told that the thread has changed the value.
    written: bool,
    /// What the value under the lock looks like, where a schedule is told in full.
    value: Option<Value>,
}

/// How a wait on a condition variable has ended, when a thread takes its lock again after one, and
/// how long it lasted if its time was over.
pub(super) type Back = Option<(ObjectId, Wake, Option<Duration>)>;

impl Lock {
    pub(crate) fn new(place: Place) -> Self {
        Lock {
            lock: loom::sync::Mutex::new(()),
            id: world::new_object("Mutex", place, ObjectState::Lock { owner: None }),
        }
    }

    pub(crate) fn acquire(&self, place: Place) -> Held<'_> {
        self.acquire_back(place, None)
    }

    pub(super) fn acquire_back(&self, place: Place, back: Back) -> Held<'_> {
        if abandon::leaving() {
            return Held {
                lock: self,
                guard: None,
                changed: false,
                written: false,
                value: None,
            };
        }
        let me = world::begin(Intent::Lock(self.id), place);
        if world::with(|world| world.push_if_blocked(me, self.id, place)) {
            failure::look_for_deadlock();
        }
        let guard = self
            .lock
            .lock()
            .expect("heddle: a model's lock is poisoned");
        let guard = abandon::unless_left(guard);
        world::settle(me);
        world::with(|world| {
            let (action, lasted) = match back {
                None => (Action::Lock { lock: self.id }, None),
                Some((queue, why, lasted)) => (world.wake(me, queue, self.id, why), lasted),
            };
            let owner = Owner {
                thread: me,
                place,
                step: world.push_timed(me, place, action, lasted),
            };
            world.object(self.id).state = ObjectState::Lock { owner: Some(owner) };
        });
        Held {
            lock: self,
            guard,
            changed: false,
            written: false,
            value: None,
        }
    }

    pub(super) fn id(&self) -> ObjectId {
        self.id
    }
}

impl<'a> Held<'a> {
    /// Notes that the thread has the value under the lock to change it.
    pub(crate) fn mark_changed(&mut self, place: Place) {
        self.changed = true;
        self.written = true;
        retell::borrowed(self.lock.id, Borrow::ToChange, place);
    }

    /// Notes that the thread has the value under the lock to look at it.
    pub(crate) fn mark_looked(&self, place: Place) {
        retell::borrowed(self.lock.id, Borrow::ToLook, place);
    }

    /// Notes that a condition has had the value, which may have changed it, but is not meant to.
    pub(crate) fn mark_asked(&mut self) {
        self.changed = true;
    }

    /// Notes what the value under the lock looks like, just before the lock is given back.
    pub(crate) fn show(&mut self, value: Value) {
        self.value = Some(value);
    }

    /// Tells the value under the lock as part of a step.
    pub(super) fn tell(&self, step: StepNumber) {
        if let Some(value) = &self.value {
            retell::value(step, self.lock.id, value, self.written);
        }
    }

    pub(super) fn lock(&self) -> &'a Lock {
        self.lock
    }

    /// Gives the lock back as part of a wait, which is not an event of its own.
    pub(super) fn release_to_wait(self) {
        let mut this = ManuallyDrop::new(self);
        this.release(true);
    }

    fn release(&mut self, to_wait: bool) {
        let me = world::current();
        if !abandon::is_abandoned() {
            world::with(|world| {
                world.object(self.lock.id).state = ObjectState::Lock { owner: None };
                if self.changed {
                    world.changed(me);
                }
                if !to_wait {
                    let lock = self.lock.id;
                    let step = world.push(me, None, Action::Unlock { lock });
                    self.tell(step);
                }
            });
        }
        // Releasing is no scheduling point, so the record above is in order.
        drop(self.guard.take().and_then(abandon::unless_unwinding));
    }
}

impl world::World {
    /// The step by which a thread comes back from a wait.
    fn wake(&mut self, me: ThreadIndex, queue: ObjectId, lock: ObjectId, why: Wake) -> Action {
        let by = self.thread(me).notified_by.take();
        Action::Wake {
            queue,
            lock,
            why,
            by: by.filter(|_| why == Wake::Notified),
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.release(false);
    }
}
