//! What a schedule that breaks a claim looks like to a person.

use std::collections::HashMap;

use super::event::{Intent, ObjectId, ThreadIndex};
use super::failure::Cause;
use super::faults::Fault;
use super::shorten::Length;
use super::table;
use super::world::{ObjectState, Pass, World};
use crate::claim::record::{Failure, Kind, Place as RecordPlace, Runner, Search, ThreadState};
use crate::engine::Place;
use crate::engine::names::Sources;

/// What the objects of a schedule are called.
pub(super) struct Names {
    names: Vec<String>,
}

/// The record of a schedule that breaks the claim.
pub(super) fn failure(world: &World, cause: &Cause, length: Length) -> Failure {
    let names = Names::of(world);
    let threads = thread_states(world, cause, &names);
    let mut failure = Failure::new(Runner::Model, cause.kind, cause.message.clone());
    failure.place = cause.place.clone().or_else(|| {
        let mut places = threads.iter().filter_map(|thread| thread.place.clone());
        places.next()
    });
    failure.rung = Some(world.rung.clone());
    failure.schedules = Some(world.schedules);
    failure.table = Some(table::render(world, cause, &names, &threads));
    failure.threads = threads;
    failure.limit = cause.limit;
    failure.search = Some(Search {
        rung: world.rung.clone(),
        sequential: world.pass == Pass::Sequential,
        preemptions: world.preemptions,
        fault: world.fault.map(Fault::parts),
        schedules: world.schedules_before + world.schedules,
        shortening: None,
        switches: length.switches,
    });
    failure
}

/// Names both accesses of a data race, of which the running thread makes the second.
pub(super) fn describe_race(world: &World, thread: ThreadIndex) -> String {
    let names = Names::of(world);
    let intent = world
        .threads
        .get(usize::from(thread))
        .and_then(|data| data.intent);
    let (object, verb, place) = match intent {
        Some((Intent::Write(object), place)) => (object, "writes", place),
        Some((Intent::Free(object), place)) => (object, "frees", place),
        Some((Intent::Read(object) | Intent::Access(object), place)) => (object, "reads", place),
        _ => return "two accesses to one place in memory are not ordered".to_owned(),
    };
    let mut text = format!(
        "thread {} {verb} {}{}",
        world.thread_name(thread),
        names.of_object(object),
        at(place)
    );
    if let Some((other, wrote, place)) = other_access(world, object, thread, verb != "reads") {
        let noun = if wrote { "write" } else { "read" };
        text.push_str(&format!(
            ", and nothing orders it after thread {}'s {noun}{}",
            world.thread_name(other),
            at(place)
        ));
    } else {
        let made = world.objects[object as usize].place;
        text.push_str(&format!(
            ", and nothing orders it after its creation{}",
            at(Some(made))
        ));
    }
    text
}

/// The access that the running thread's races with: the last write, or the last read.
fn other_access(
    world: &World,
    object: ObjectId,
    me: ThreadIndex,
    writes: bool,
) -> Option<(ThreadIndex, bool, Option<Place>)> {
    let ObjectState::Cell(accesses) = &world.objects.get(object as usize)?.state else {
        return None;
    };
    let read = (accesses.reads.iter().zip(0..))
        .filter_map(|(read, thread)| Some((thread, false, (*read)?)))
        .filter(|(thread, ..)| *thread != me && writes)
        .max_by_key(|(thread, ..)| accesses.last_reader == Some(*thread));
    let write = accesses.write.map(|(thread, place)| (thread, true, place));
    write.filter(|(thread, ..)| *thread != me).or(read)
}

fn thread_states(world: &World, cause: &Cause, names: &Names) -> Vec<ThreadState> {
    let stuck = matches!(cause.kind, Kind::Deadlock | Kind::Livelock);
    (0..)
        .zip(&world.threads)
        .filter(|(index, data)| !data.done && (stuck || *index != cause.thread))
        .filter_map(|(index, data)| {
            let (intent, place) = data.intent?;
            Some(ThreadState {
                name: world.thread_name(index),
                doing: doing(world, names, intent, stuck),
                place: place.map(RecordPlace::from),
            })
        })
        .collect()
}

/// What a thread waits for, in words.
fn doing(world: &World, names: &Names, intent: Intent, stuck: bool) -> String {
    let nobody = |what: &str| {
        if stuck {
            format!("; nobody is left to {what} it")
        } else {
            String::new()
        }
    };
    match intent {
        Intent::Lock(lock) => {
            let name = names.of_object(lock);
            match world.owner(lock) {
                Some((owner, since)) => format!(
                    "waits for the lock {name} held by {} since {}:{}",
                    world.thread_name(owner),
                    since.file(),
                    since.line()
                ),
                None => format!("is about to lock {name}"),
            }
        }
        Intent::Wait { queue, .. } => {
            let name = names.of_object(queue);
            format!("waits on {name}{}", nobody("notify"))
        }
        Intent::Park { .. } => format!("is parked{}", nobody("unpark")),
        Intent::Join(thread) => format!("waits for {} to end", world.thread_name(thread)),
        Intent::EndScope(thread) => format!(
            "is at the end of a scope and waits for {} to end",
            world.thread_name(thread)
        ),
        Intent::UntilBlocked(thread) => {
            format!("waits until {} is blocked", world.thread_name(thread))
        }
        Intent::Spin => "spins".to_owned(),
        Intent::Notify(queue) => format!("is about to notify {}", names.of_object(queue)),
        Intent::Unpark(thread) => format!("is about to unpark {}", world.thread_name(thread)),
        Intent::Access(object) => format!("is about to use {}", names.of_object(object)),
        Intent::Read(object) => format!("is about to read {}", names.of_object(object)),
        Intent::Free(object) => format!("is about to free {}", names.of_object(object)),
        Intent::Write(object) => format!("is about to write {}", names.of_object(object)),
        Intent::Time => "is about to look at the clock".to_owned(),
    }
}

fn at(place: Option<Place>) -> String {
    place.map_or(String::new(), |place| {
        format!(" at {}:{}", place.file(), place.line())
    })
}

impl Names {
    /// Finds a name for every object, and a number for names that repeat.
    pub(super) fn of(world: &World) -> Self {
        let mut sources = Sources::default();
        let mut seen: HashMap<String, usize> = HashMap::new();
        let names = world.objects.iter().map(|object| {
            let name = sources
                .name_at(object.place, object.kind)
                .unwrap_or_else(|| format!("{}@{}", object.kind, object.place.line()));
            // The `Arc` round an object has its name, and is never shown itself.
            if matches!(object.state, ObjectState::Counted { .. }) {
                return name;
            }
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            match *count {
                1 => name,
                repeated => format!("{name}#{repeated}"),
            }
        });
        Names {
            names: names.collect(),
        }
    }

    pub(super) fn of_object(&self, object: ObjectId) -> &str {
        self.names
            .get(object as usize)
            .map_or("an object", String::as_str)
    }
}
