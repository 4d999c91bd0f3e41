//! What the threads of a schedule that fails were in.

use super::counterexample::Kept;
use super::event::{Intent, ObjectId, ThreadIndex};
use super::failure::Cause;
use super::world::{ThreadData, World};
use crate::claim::counterexample::{At, Blocked, Holder, at};
use crate::claim::record::Place as RecordPlace;
use crate::engine::Place;
use crate::engine::names::Names;

/// Every thread that has not ended, but for the one that has failed and is not stuck.
pub(super) fn threads(
    world: &World,
    cause: &Cause,
    names: &Names,
    kept: &Kept,
    files: &mut Vec<String>,
) -> Vec<Blocked> {
    let stuck = cause.is_stuck();
    let teller = Teller {
        world,
        names,
        stuck,
    };
    (0..)
        .zip(&world.threads)
        .filter(|(index, data)| !data.done && (stuck || *index != cause.thread))
        .map(|(index, data)| {
            let mut at_place =
                |place: Option<Place>| place.map(|it| at(files, &RecordPlace::from(it)));
            let Some((intent, place)) = data.intent else {
                return teller.idle(index, None);
            };
            let (inside, object, target) = teller.inside(data, intent);
            let holder = object
                .filter(|_| inside == "lock")
                .and_then(|lock| world.owner(lock));
            Blocked {
                thread: usize::from(index),
                at: at_place(place),
                inside,
                object: object.map(|object| object as usize),
                target: target.map(usize::from),
                timed: matches!(
                    intent,
                    Intent::Wait { timed: true, .. } | Intent::Park { timed: true }
                ),
                holder: holder.map(|owner| Holder {
                    thread: usize::from(owner.thread),
                    step: kept.index(owner.step),
                    at: at_place(Some(owner.place)),
                }),
                doing: teller.doing(index, data, intent),
            }
        })
        .collect()
}

struct Teller<'a> {
    world: &'a World,
    names: &'a Names,
    stuck: bool,
}

impl Teller<'_> {
    /// A thread of which nothing is known but that it could go on.
    fn idle(&self, index: ThreadIndex, at: Option<At>) -> Blocked {
        let mut steps = self.world.log.iter();
        let has_begun = index == 0 || steps.any(|(_, event)| event.thread == index);
        Blocked {
            thread: usize::from(index),
            at,
            inside: "next",
            object: None,
            target: None,
            timed: false,
            holder: None,
            doing: if has_begun {
                "could go on".to_owned()
            } else {
                "has not begun yet".to_owned()
            },
        }
    }

    /// What a thread is in, with the object and the thread that it concerns.
    fn inside(
        &self,
        data: &ThreadData,
        intent: Intent,
    ) -> (&'static str, Option<ObjectId>, Option<ThreadIndex>) {
        let sleeps = data.asleep && !data.woken;
        let or_next = |is_in, inside| if is_in { inside } else { "next" };
        let ended = |thread: ThreadIndex| self.world.threads[usize::from(thread)].done;
        match intent {
            Intent::Lock(lock) => {
                let inside = or_next(self.world.owner(lock).is_some(), "lock");
                (inside, Some(lock), None)
            }
            Intent::Wait { queue, .. } => (or_next(sleeps, "wait"), Some(queue), None),
            Intent::Park { .. } => (or_next(sleeps, "park"), None, None),
            Intent::Join(thread) => (or_next(!ended(thread), "join"), None, Some(thread)),
            Intent::EndScope(thread) => (or_next(!ended(thread), "end-scope"), None, Some(thread)),
            Intent::UntilBlocked(thread) => ("until-blocked", None, Some(thread)),
            Intent::Spin => ("spin", None, None),
            Intent::Unpark(thread) => ("next", None, Some(thread)),
            Intent::Notify(object)
            | Intent::Access(object)
            | Intent::Read(object)
            | Intent::Write(object)
            | Intent::Free(object) => ("next", Some(object), None),
            Intent::Time => ("next", None, None),
        }
    }

    /// The same in words.
    fn doing(&self, me: ThreadIndex, data: &ThreadData, intent: Intent) -> String {
        let object = |object: ObjectId| self.names.of_object(object as usize);
        let thread = |thread| self.world.thread_name(thread);
        let sleeps = data.asleep && !data.woken;
        match intent {
            Intent::Lock(lock) => self.locking(me, lock),
            Intent::Wait { queue, .. } if sleeps => {
                format!("waits on {}{}", object(queue), self.nobody("notify"))
            }
            Intent::Wait { queue, .. } if data.asleep => {
                format!("waits on {} and has been notified", object(queue))
            }
            Intent::Wait { queue, .. } => format!("is about to wait on {}", object(queue)),
            Intent::Park { .. } if sleeps => format!("is parked{}", self.nobody("unpark")),
            Intent::Park { .. } if data.asleep => "is parked and has been unparked".to_owned(),
            Intent::Park { .. } => "is about to park".to_owned(),
            Intent::Join(other) => format!("waits for {} to end", thread(other)),
            Intent::EndScope(other) => format!(
                "is at the end of a scope and waits for {} to end",
                thread(other)
            ),
            Intent::UntilBlocked(other) => format!("waits until {} is blocked", thread(other)),
            Intent::Spin => "spins".to_owned(),
            Intent::Notify(queue) => format!("is about to notify {}", object(queue)),
            Intent::Unpark(other) => format!("is about to unpark {}", thread(other)),
            Intent::Access(word) => format!("is about to use {}", object(word)),
            Intent::Read(cell) => format!("is about to read {}", object(cell)),
            Intent::Free(node) => format!("is about to free {}", object(node)),
            Intent::Write(cell) => format!("is about to write {}", object(cell)),
            Intent::Time => "is about to look at the clock".to_owned(),
        }
    }

    fn locking(&self, me: ThreadIndex, lock: ObjectId) -> String {
        let name = self.names.of_object(lock as usize);
        let Some(owner) = self.world.owner(lock) else {
            return format!("is about to lock {name}");
        };
        let since = format!("{}:{}", owner.place.file(), owner.place.line());
        if owner.thread == me {
            return format!("waits for the lock {name}, which it holds itself since {since}");
        }
        let holder = self.world.thread_name(owner.thread);
        format!("waits for the lock {name} held by {holder} since {since}")
    }

    fn nobody(&self, what: &str) -> String {
        if self.stuck {
            format!("; nobody is left to {what} it")
        } else {
            String::new()
        }
    }
}
