//! A lock, with its owner on record.

use std::marker::PhantomData;

use super::monitor::{self, Object};
use super::notes::Action;
use super::threads;
use crate::engine::{Place, Value};

/// Whether somebody wants to know what values under locks look like.
pub(crate) fn wants_values() -> bool {
    false
}

/// A lock round nothing; the wrapper keeps the value.
#[derive(Debug)]
pub(crate) struct Lock {
    object: Object,
}

/// A lock that is held by the thread that has this.
pub(crate) struct Held<'a> {
    lock: &'a Lock,
    /// A lock is given back by the thread that took it.
    not_send: PhantomData<*const ()>,
}

impl Lock {
    pub(crate) fn new(place: Place) -> Self {
        Lock {
            object: Object::new("Mutex", place),
        }
    }

    pub(crate) fn acquire(&self, place: Place) -> Held<'_> {
        let me = threads::current();
        monitor::enter().acquire(&me, self.object, place, None);
        self.held()
    }

    pub(super) fn held(&self) -> Held<'_> {
        Held {
            lock: self,
            not_send: PhantomData,
        }
    }

    pub(super) fn object(&self) -> Object {
        self.object
    }
}

impl<'a> Held<'a> {
    /// The model wants to know of changes; here nobody does.
    pub(crate) fn mark_changed(&mut self, _place: Place) {}

    /// As `mark_changed`.
    pub(crate) fn mark_asked(&mut self) {}

    /// As `mark_changed`.
    pub(crate) fn mark_looked(&self, _place: Place) {}

    /// The model tells values.
    pub(crate) fn show(&mut self, _value: Value) {}

    /// Forgets that the lock is held; the caller gives it back in a step of its own.
    pub(super) fn into_lock(self) -> &'a Lock {
        let this = std::mem::ManuallyDrop::new(self);
        this.lock
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let lock = self.lock.object;
        let me = threads::current();
        let mut monitor = monitor::enter();
        me.note(None, Action::Unlock { lock });
        monitor.release(lock);
    }
}
