//! How many owners an `Arc` has, and what is kept for each thread.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::{self, AcqRel, Relaxed};

use loom::sync::atomic::AtomicUsize;

use super::abandon;
use super::event::ObjectId;
use super::guide;
use super::world::{self, ObjectState};
use crate::engine::Place;

/// One owner of an `Arc`; clones count up, drops count down.
pub(crate) struct Life {
    id: LifeId,
}

/// The count of an `Arc`'s owners, without being one of them.
#[derive(Clone)]
pub(crate) struct LifeId {
    object: ObjectId,
    /// The count as the model sees it, where the claim was seen to look at counts. Without such
    /// a look it makes no difference who drops first, and the search is spared the choice.
    count: Option<Arc<AtomicUsize>>,
}

impl Life {
    pub(crate) fn begin(kind: &'static str, place: Place) -> Self {
        let state = ObjectState::Counted { live: 1 };
        let object = world::new_object(kind, place, state);
        let modelled = world::with(|world| world.respected.counts);
        let count = modelled.then(|| Arc::new(AtomicUsize::new(1)));
        Life {
            id: LifeId { object, count },
        }
    }

    pub(crate) fn id(&self) -> LifeId {
        self.id.clone()
    }
}

impl LifeId {
    /// One more owner.
    pub(crate) fn another(&self) -> Life {
        // ORDERING: as in `std`: whoever clones an owner has one already.
        self.operate(|count| count.fetch_add(1, Relaxed));
        self.change(|live| *live += 1);
        Life { id: self.clone() }
    }

    /// Notes that the claim looks at the count, and makes the look a step of the schedule.
    pub(crate) fn look(&self, order: Ordering) {
        world::with(|world| world.observed.counts = true);
        self.operate(|count| count.fetch_add(0, order));
    }

    fn operate(&self, operation: impl FnOnce(&AtomicUsize) -> usize) {
        if let Some(count) = self.count.as_ref().filter(|_| !abandon::is_abandoned()) {
            let me = world::current();
            guide::gate(me);
            operation(count);
            world::settle(me);
        }
    }

    fn change(&self, change: impl FnOnce(&mut usize)) {
        world::with(|world| {
            // What outlives its schedule, in spite of the claim, counts for no other one.
            if let Some(object) = world.objects.get_mut(self.object as usize)
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
        // ORDERING: every owner's uses come before the last owner's destructor.
        self.id.operate(|count| count.fetch_sub(1, AcqRel));
        self.id.change(|live| *live = live.saturating_sub(1));
    }
}

/// Runs the destructor of what the last `Arc` owned.
///
/// It comes after everything that the other owners did, which loom cannot know where it does not
/// see the counts: so races are not looked for inside, and atomics show their newest values.
pub(crate) fn in_last_drop<R>(f: impl FnOnce() -> R) -> R {
    let me = world::current();
    if world::with(|world| world.respected.counts) {
        return f();
    }
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
