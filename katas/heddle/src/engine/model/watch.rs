//! Watched places: accesses to plain memory, which must be ordered.

use super::abandon;
use super::event::{Action, Intent, ObjectId};
use super::world::{self, Access, Accesses, ObjectState};
use crate::engine::Place;

/// The accesses to a cell or node.
pub(crate) struct Watch {
    cell: loom::cell::UnsafeCell<()>,
    id: ObjectId,
}

/// A read that has begun; it ends when this is dropped.
pub(crate) struct Reading {
    _access: Option<loom::cell::ConstPtr<()>>,
}

/// A write that has begun; it ends when this is dropped.
pub(crate) struct Writing {
    _access: Option<loom::cell::MutPtr<()>>,
}

impl Reading {
    /// No look at all.
    pub(super) fn none() -> Self {
        Reading { _access: None }
    }
}

impl Writing {
    /// No change at all.
    pub(super) fn none() -> Self {
        Writing { _access: None }
    }
}

impl Watch {
    pub(crate) fn new(kind: &'static str, place: Place) -> Self {
        let state = ObjectState::Cell(Accesses::default());
        Watch {
            cell: loom::cell::UnsafeCell::new(()),
            id: world::new_object(kind, place, state),
        }
    }

    pub(crate) fn read(&self, place: impl Into<Option<Place>>) -> Reading {
        if abandon::leaving() {
            return Reading::none();
        }
        let place = place.into();
        let me = world::begin(Intent::Read(self.id), place);
        let access = (!in_last_drop()).then(|| self.cell.get());
        world::with(|world| {
            let step = world.push(me, place, Action::Read { cell: self.id });
            if let ObjectState::Cell(accesses) = &mut world.object(self.id).state {
                accesses.reads[usize::from(me)] = Some(Access { place, step });
            }
        });
        Reading { _access: access }
    }

    pub(crate) fn write(&self, place: impl Into<Option<Place>>) -> Writing {
        self.change(Intent::Write(self.id), place.into())
    }

    /// Notes that the place is no more: whoever uses it must have done so before.
    pub(super) fn free(&self, place: Option<Place>) {
        drop(self.change(Intent::Free(self.id), place));
    }

    fn change(&self, intent: Intent, place: Option<Place>) -> Writing {
        if abandon::leaving() {
            return Writing::none();
        }
        let me = world::begin(intent, place);
        let access = (!in_last_drop()).then(|| self.cell.get_mut());
        world::with(|world| {
            let action = match intent {
                Intent::Free(node) => Action::Free { node },
                _ => Action::Write { cell: self.id },
            };
            let step = world.push(me, place, action);
            world.changed(me);
            if let ObjectState::Cell(accesses) = &mut world.object(self.id).state {
                accesses.writes[usize::from(me)] = Some(Access { place, step });
            }
        });
        Writing { _access: access }
    }

    pub(super) fn id(&self) -> ObjectId {
        self.id
    }
}

/// Whether the thread is dropping what the last `Arc` owned.
///
/// The counts of `std`'s `Arc` order the last owner after every other one. loom does not see
/// them, and would report races there that do not exist.
fn in_last_drop() -> bool {
    let me = world::current();
    world::with(|world| world.thread(me).drop_depth > 0)
}
