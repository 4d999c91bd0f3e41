//! Two accesses to one place in memory that nothing orders.

use super::counterexample::{Kept, names};
use super::event::{Action, Intent, MAX_THREADS, ObjectId, StepNumber, ThreadIndex};
use super::order::Order;
use super::world::{Access, ObjectState, World};
use crate::claim::counterexample as told;
use crate::engine::Place;

/// A race, of which the running thread makes the second access.
#[derive(Clone, Copy, Debug)]
pub(super) struct Race {
    pub(super) object: ObjectId,
    first: First,
    pub(super) second: AccessKind,
    thread: ThreadIndex,
}

#[derive(Clone, Copy, Debug)]
struct First {
    thread: ThreadIndex,
    step: Option<StepNumber>,
    place: Option<Place>,
    kind: AccessKind,
}

/// What an access does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccessKind {
    Read,
    Write,
    Free,
    Creation,
}

impl AccessKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            AccessKind::Read => "read",
            AccessKind::Write => "write",
            AccessKind::Free => "free",
            AccessKind::Creation => "creation",
        }
    }
}

impl Race {
    /// Which accesses loom's message is about; `None` when the running thread makes none now.
    pub(super) fn of(world: &World, thread: ThreadIndex, message: &str) -> Option<Race> {
        let object = match world.intent(thread)? {
            Intent::Write(object)
            | Intent::Free(object)
            | Intent::Read(object)
            | Intent::Access(object) => object,
            _ => return None,
        };
        let second = match world.intent(thread)? {
            Intent::Write(_) => AccessKind::Write,
            Intent::Free(_) => AccessKind::Free,
            Intent::Access(_) if !message.contains("load and mut") => AccessKind::Write,
            _ => AccessKind::Read,
        };
        let after_read = second != AccessKind::Read
            && (message.contains("read and write accesses")
                || message.contains("reading from cell")
                || message.contains("load and unsync mut"));
        let first =
            first(world, object, thread, after_read).unwrap_or_else(|| creation(world, object));
        Some(Race {
            object,
            first,
            second,
            thread,
        })
    }

    /// The race in words.
    pub(super) fn describe(&self, world: &World) -> String {
        let verb = match self.second {
            AccessKind::Write => "writes",
            AccessKind::Free => "frees",
            AccessKind::Read | AccessKind::Creation => "reads",
        };
        let place = world.threads[usize::from(self.thread)]
            .intent
            .and_then(|(_, place)| place);
        let me = world.thread_name(self.thread);
        let names = names(world);
        let object = names.of_object(self.object as usize);
        let by = match self.first.kind {
            AccessKind::Creation => "its creation".to_owned(),
            kind => {
                format!("{}'s {}", world.thread_name(self.first.thread), kind.name())
            }
        };
        format!(
            "{me} {verb} {object}{}, and nothing orders it after {by}{}",
            at(place),
            at(self.first.place)
        )
    }

    /// The race as the record has it; its second access is the step of this number there.
    pub(super) fn told(&self, kept: &Kept, second: usize) -> told::Race {
        told::Race {
            object: self.object as usize,
            first: told::Access {
                thread: usize::from(self.first.thread),
                step: self.first.step.and_then(|step| kept.index(step)),
                access: self.first.kind.name(),
            },
            second: told::Access {
                thread: usize::from(self.thread),
                step: Some(second),
                access: self.second.name(),
            },
        }
    }
}

/// The latest access of the kind by another thread that nothing orders before this one.
fn first(world: &World, object: ObjectId, me: ThreadIndex, read: bool) -> Option<First> {
    let accesses = match &world.objects.get(object as usize)?.state {
        ObjectState::Cell(accesses) if read => accesses.reads,
        ObjectState::Cell(accesses) => accesses.writes,
        _ => accesses_to_word(world, object, read),
    };
    let order = Order::of(world);
    let (thread, access) = (0..)
        .zip(accesses)
        .filter(|(thread, _)| *thread != me)
        .filter_map(|(thread, access)| Some((thread, access?)))
        .max_by_key(|(_, access)| (!order.is_before(access.step, me), access.step))?;
    let freed = world.log.iter().any(|(number, event)| {
        number == access.step && matches!(event.action, Action::Free { .. })
    });
    Some(First {
        thread,
        step: Some(access.step),
        place: access.place,
        kind: match read {
            true => AccessKind::Read,
            false if freed => AccessKind::Free,
            false => AccessKind::Write,
        },
    })
}

/// The last look or change by each thread.
fn accesses_to_word(world: &World, wanted: ObjectId, read: bool) -> [Option<Access>; MAX_THREADS] {
    let mut accesses = [None; MAX_THREADS];
    for (step, event) in world.log.iter() {
        let (word, reads) = match event.action {
            Action::Load { word, .. } | Action::ExchangeFailed { word, .. } => (word, true),
            Action::Store { word, .. }
            | Action::Set { word, .. }
            | Action::Update { word, .. }
            | Action::Exchange { word, .. } => (word, false),
            _ => continue,
        };
        if word == wanted && reads == read {
            let place = event.place;
            accesses[usize::from(event.thread)] = Some(Access { place, step });
        }
    }
    accesses
}

/// The making of an object, which is a step only for a node.
fn creation(world: &World, object: ObjectId) -> First {
    let made = &world.objects[object as usize];
    let step = world
        .log
        .iter()
        .find(|(_, event)| matches!(event.action, Action::Allocate { node, .. } if node == object))
        .map(|(step, _)| step);
    First {
        thread: made.by,
        step,
        place: Some(made.place),
        kind: AccessKind::Creation,
    }
}

fn at(place: Option<Place>) -> String {
    place.map_or(String::new(), |place| {
        format!(" at {}:{}", place.file(), place.line())
    })
}
