//! How many owners an `Arc` has, and what is kept for each thread.

use std::any::Any;
use std::rc::Rc;

use super::event::ObjectId;
use super::world::{self, ObjectState};
use crate::engine::Place;

/// One owner of an `Arc`; clones count up, drops count down.
pub(crate) struct Life {
    id: LifeId,
}

/// The count of an `Arc`'s owners, without being one of them.
#[derive(Clone, Copy)]
pub(crate) struct LifeId(ObjectId);

impl Life {
    pub(crate) fn begin(kind: &'static str, place: Place) -> Self {
        let state = ObjectState::Counted { live: 1 };
        Life {
            id: LifeId(world::new_object(kind, place, state)),
        }
    }

    pub(crate) fn id(&self) -> LifeId {
        self.id
    }
}

impl LifeId {
    /// One more owner.
    pub(crate) fn another(self) -> Life {
        self.count(|live| *live += 1);
        Life { id: self }
    }

    fn count(self, change: impl FnOnce(&mut usize)) {
        world::with(|world| {
            // What outlives its schedule, in spite of the claim, counts for no other one.
            if let Some(object) = world.objects.get_mut(self.0 as usize)
                && let ObjectState::Counted { live } = &mut object.state
            {
                change(live);
            }
        });
    }
}

impl Clone for Life {
    fn clone(&self) -> Self {
        self.id.another()
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.id.count(|live| *live = live.saturating_sub(1));
    }
}

/// Runs the destructor of what the last `Arc` owned.
///
/// It comes after everything that the other owners did, which loom cannot know, as it does not
/// see the counts: so races are not looked for inside, and atomics show their newest values.
pub(crate) fn in_last_drop<R>(f: impl FnOnce() -> R) -> R {
    let me = world::current();
    world::with(|world| world.thread(me).drop_depth += 1);
    let result = f();
    world::with(|world| world.thread(me).drop_depth -= 1);
    result
}

/// The thread-local values of one thread, in the order of their making.
#[derive(Default)]
pub(super) struct Locals {
    values: Vec<(usize, Option<Rc<dyn Any>>)>,
}

/// What is kept for a key: nothing yet, a value, or a value that is destroyed already.
pub(crate) enum Local {
    Absent,
    Present(Rc<dyn Any>),
    Destroyed,
}

/// The values that `thread_local!` keeps for the running thread.
pub(crate) mod locals {
    use super::{Any, Local, Rc, world};

    pub(crate) fn get(key: usize) -> Local {
        let me = world::current();
        world::with(|world| {
            let values = &world.thread(me).locals.values;
            match values.iter().find(|(known, _)| *known == key) {
                None => Local::Absent,
                Some((_, Some(value))) => Local::Present(Rc::clone(value)),
                Some((_, None)) => Local::Destroyed,
            }
        })
    }

    pub(crate) fn set(key: usize, value: Rc<dyn Any>) {
        let me = world::current();
        world::with(|world| world.thread(me).locals.values.push((key, Some(value))));
    }

    /// Destroys the values of the running thread, the latest first.
    pub(crate) fn destroy() {
        let me = world::current();
        loop {
            let value = world::with(|world| {
                let values = &mut world.thread(me).locals.values;
                values.iter_mut().rev().find_map(|(_, value)| value.take())
            });
            // A destructor may make and use other values: look again.
            let Some(value) = value else { return };
            drop(value);
        }
    }
}
