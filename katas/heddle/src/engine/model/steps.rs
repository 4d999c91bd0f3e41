//! The steps of a schedule as its record has them.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::counterexample::Kept;
use super::event::{Action, Event, Intent, ObjectId, Owner, StepNumber};
use super::failure::Cause;
use super::world::{ObjectState, World};
use crate::claim::counterexample::{At, Field, Holder, Object, Step, at};
use crate::claim::record::Place as RecordPlace;
use crate::engine::names::Names;
use crate::engine::{Place, WordFormat};

/// What an operation on an atomic has for an ordering that is none: the only owner's access.
const EXCLUSIVE: &str = "exclusive";

/// Makes the steps, in the order of the schedule.
pub(super) struct Steps<'a> {
    world: &'a World,
    names: &'a Names,
    kept: &'a Kept,
    files: &'a mut Vec<String>,
    pointers: Pointers,
}

/// What pointers are called: by the node that they lead to, never by address.
#[derive(Default)]
struct Pointers {
    /// The node that is at an address now.
    nodes: HashMap<u64, ObjectId>,
    /// Other addresses, in the order of their appearance.
    others: Vec<u64>,
}

impl<'a> Steps<'a> {
    pub(super) fn new(
        world: &'a World,
        names: &'a Names,
        kept: &'a Kept,
        files: &'a mut Vec<String>,
    ) -> Self {
        Steps {
            world,
            names,
            kept,
            files,
            pointers: Pointers::default(),
        }
    }

    /// The objects of the schedule.
    ///
    /// An atomic pointer begins with a node that was the first at its address.
    pub(super) fn objects(&mut self) -> Vec<Object> {
        for (_, event) in self.world.log.iter() {
            if let Action::Allocate { node, address, .. } = event.action {
                self.pointers.nodes.entry(address as u64).or_insert(node);
            }
        }
        let world = self.world;
        let objects = (0..).zip(&world.objects).map(|(id, object)| Object {
            name: self.names.of_object(id as usize).to_owned(),
            kind: object.kind,
            made: self.at(object.place),
            by: Some(usize::from(object.by)),
            initial: match object.state {
                ObjectState::Word { initial, .. } => Some(self.show(id, initial)),
                _ => None,
            },
        });
        objects.collect()
    }

    /// The step that an event is in the record; `None` if it is left out there.
    pub(super) fn next(&mut self, number: StepNumber, event: &Event) -> Option<Step> {
        if let Action::Allocate { node, address, .. } = event.action {
            self.pointers.nodes.insert(address as u64, node);
        }
        self.kept.index(number).map(|_| self.of(event))
    }

    /// The step that an event is.
    pub(super) fn of(&mut self, event: &Event) -> Step {
        let mut step = self.done(event);
        step.aside.time = event.time.map(time);
        step
    }

    fn done(&mut self, event: &Event) -> Step {
        let thread = usize::from(event.thread);
        let at = event.place.map(|place| self.at(place));
        let new = |op| Step::new(thread, at, op);
        match event.action {
            Action::Spawn { child } => new("spawn").with("child", thread_of(child)),
            Action::Join { child } => new("join").with("child", thread_of(child)),
            Action::End => new("end"),
            Action::Lock { lock } => new("lock").object("object", lock as usize),
            Action::Blocks { lock, holder } => {
                let holder = Field::Holder(self.holder(holder));
                (new("blocks").object("object", lock as usize)).with("holder", holder)
            }
            Action::Unlock { lock } => new("unlock").object("object", lock as usize),
            Action::Wait { queue, lock, timed } => new("wait")
                .object("object", queue as usize)
                .object("lock", lock as usize)
                .flag("timed", timed),
            Action::Leave { queue, why } => new("leave")
                .object("object", queue as usize)
                .text("why", why.name()),
            Action::Wake {
                queue,
                lock,
                why,
                by,
            } => new("wake")
                .object("object", queue as usize)
                .object("lock", lock as usize)
                .text("why", why.name())
                .with("by", self.step(by)),
            Action::Notify {
                queue,
                all,
                woken,
                out_of_turn,
            } => new("notify")
                .object("object", queue as usize)
                .flag("all", all)
                .with(
                    "woken",
                    Field::Threads(woken.iter().map(usize::from).collect()),
                )
                .flag("out_of_turn", out_of_turn),
            Action::Read { cell } => new("read").object("object", cell as usize),
            Action::Write { cell } => new("write").object("object", cell as usize),
            Action::Allocate { node, reused, .. } => new("allocate")
                .object("object", node as usize)
                .flag("reused", reused),
            Action::Free { node } => new("free").object("object", node as usize),
            Action::Park { timed } => new("park").flag("timed", timed),
            Action::Unparked { why, by } => new("unparked")
                .text("why", why.name())
                .with("by", self.step(by)),
            Action::Unpark { thread } => new("unpark").with("target", thread_of(thread)),
            Action::Sleep { until_nanos } => {
                let until = u64::try_from(until_nanos).unwrap_or(u64::MAX);
                new("sleep").text("until", time(Duration::from_nanos(until)))
            }
            Action::Fence { order } => new("fence").text("ordering", ordering(order)),
            memory => self.memory(thread, at, memory),
        }
    }

    /// The step of an operation on an atomic.
    fn memory(&mut self, thread: usize, at: Option<At>, action: Action) -> Step {
        let new = |op, word| Step::new(thread, at, op).object("object", word as usize);
        match action {
            Action::Load {
                word,
                value,
                newer,
                order,
            } => new("load", word)
                .text("value", self.show(word, value))
                .text("ordering", ordering(order))
                .flag("stale", newer.is_some())
                .with(
                    "newest",
                    Field::OptionalText(newer.map(|newer| self.show(word, newer))),
                ),
            Action::Store {
                word,
                before,
                value,
                order,
            } => new("store", word)
                .text("value", self.show(word, value))
                .text("overwrote", self.show(word, before))
                .text("ordering", ordering(order)),
            Action::Set {
                word,
                before,
                after,
            } => self.change(
                new("update", word),
                word,
                "get_mut",
                (before, after),
                EXCLUSIVE.into(),
            ),
            Action::Update {
                word,
                name,
                before,
                after,
                order,
            } => self.change(
                new("update", word),
                word,
                name,
                (before, after),
                ordering(order),
            ),
            Action::Exchange {
                word,
                call,
                before,
                after,
                order,
            } => {
                let step = new("exchange", word);
                self.change(step, word, call.name(), (before, after), ordering(order))
            }
            Action::ExchangeFailed {
                word,
                call,
                found,
                wanted,
                spurious,
                order,
            } => new("exchange-failed", word)
                .text("call", call.name())
                .text("found", self.show(word, found))
                .text("wanted", self.show(word, wanted))
                .flag("spurious", spurious)
                .text("ordering", ordering(order)),
            other => unreachable!("heddle: {other:?} is no operation on an atomic"),
        }
    }

    fn change(
        &mut self,
        step: Step,
        word: ObjectId,
        call: &str,
        (before, after): (u64, u64),
        ordering: String,
    ) -> Step {
        step.text("call", call)
            .text("before", self.show(word, before))
            .text("after", self.show(word, after))
            .text("ordering", ordering)
    }

    /// The step in which the schedule fails, where one thread's operation does it: its panic, the
    /// second access of a race, or the access to a freed node.
    pub(super) fn last(&mut self, cause: &Cause) -> Option<Step> {
        let thread = usize::from(cause.thread);
        if cause.panicked {
            let at = cause.place.as_ref().map(|place| at(self.files, place));
            return Some(Step::new(thread, at, "panic").text("message", &cause.message));
        }
        let object = match cause.race {
            Some(race) => race.object,
            None if cause.is_use_after_free() => cause.object?,
            None => return None,
        };
        let (intent, place) = self.world.threads.get(thread)?.intent?;
        let op = match (cause.race, intent) {
            (Some(race), _) => race.second.name(),
            (None, Intent::Free(_)) => "free",
            (None, Intent::Write(_)) => "write",
            (None, _) => "read",
        };
        let at = place.map(|place| self.at(place));
        Some(Step::new(thread, at, op).object("object", object as usize))
    }

    fn holder(&mut self, owner: Owner) -> Holder {
        Holder {
            thread: usize::from(owner.thread),
            step: self.kept.index(owner.step),
            at: Some(self.at(owner.place)),
        }
    }

    fn step(&self, number: Option<StepNumber>) -> Field {
        Field::Step(number.and_then(|number| self.kept.index(number)))
    }

    fn at(&mut self, place: Place) -> At {
        at(self.files, &RecordPlace::from(place))
    }

    /// A value as a person would write it.
    fn show(&mut self, word: ObjectId, value: u64) -> String {
        let format = match self.world.objects.get(word as usize).map(|it| &it.state) {
            Some(ObjectState::Word { format, .. }) => *format,
            _ => return value.to_string(),
        };
        if format != WordFormat::Pointer || value == 0 {
            return format.show(value);
        }
        if let Some(node) = self.pointers.nodes.get(&value) {
            return self.names.of_object(*node as usize).to_owned();
        }
        let others = &mut self.pointers.others;
        let known = others.iter().position(|other| *other == value);
        let number = known.unwrap_or_else(|| {
            others.push(value);
            others.len() - 1
        });
        format!("pointer-{}", number + 1)
    }
}

/// A time as a person writes it: `50 ms`.
fn time(time: Duration) -> String {
    let text = format!("{time:?}");
    match text.find(|c: char| c.is_alphabetic() || c == 'µ') {
        Some(unit) => format!("{} {}", &text[..unit], &text[unit..]),
        None => text,
    }
}

fn thread_of(thread: super::event::ThreadIndex) -> Field {
    Field::Thread(usize::from(thread))
}

fn ordering(order: Ordering) -> String {
    format!("{order:?}")
}
