//! What is known of the threads of a claim that hangs, as a record.

use std::collections::BTreeMap;

use super::monitor::{self, Doing, Monitor, Object, Record};
use super::notes::{Action, Note, Owner};
use super::report;
use super::threads::ThreadRef;
use crate::claim::counterexample::{
    self as told, At, Blocked, Counterexample, Failing, Field, Holder, Step, at,
};
use crate::claim::record::{Failure, Kind, Place as RecordPlace};
use crate::engine::Place;
use crate::engine::names::{Made, Names};

/// The record of a claim that fails because its threads do not come to an end.
pub(crate) fn counterexample(failure: &Failure) -> Counterexample {
    let monitor = monitor::enter();
    let called = Called::of(&monitor);
    let mut teller = Teller {
        threads: threads(&monitor),
        monitor: &monitor,
        called: &called,
        stuck: failure.kind != Kind::Timeout,
        files: Vec::new(),
        steps: BTreeMap::new(),
    };
    let notes = notes(&monitor);
    let numbers = notes.iter().map(|(_, note)| note.number);
    teller.steps = numbers.zip(0..).collect();
    for owner in monitor.owners.values() {
        teller.at(owner.place);
    }
    let steps = notes
        .iter()
        .map(|(thread, note)| teller.step(*thread, note));
    let steps = steps.collect();
    let blocked = monitor.live.values().map(|record| teller.blocked(record));
    Counterexample {
        steps,
        blocked: blocked.collect(),
        objects: (0..called.objects.len())
            .map(|it| teller.object(it))
            .collect(),
        threads: teller.told_threads(),
        failure: Failing {
            kind: failure.kind,
            thread: None,
            at: (failure.place.as_ref()).map(|place| at(&mut teller.files, place)),
            message: failure.message.clone(),
            race: None,
            object: None,
        },
        left_out: None,
        files: teller.files,
    }
}

/// The objects that the threads have had to do with lately, and their names.
pub(super) struct Called {
    objects: Vec<Object>,
    names: Names,
}

impl Called {
    pub(super) fn of(monitor: &Monitor) -> Self {
        let mut objects = BTreeMap::new();
        let mut add = |object: Object| objects.insert(object.number, object);
        for record in monitor.live.values() {
            match record.doing {
                Doing::Lock { lock } => drop(add(lock)),
                Doing::Wait { queue, .. } => drop(add(queue)),
                _ => {}
            }
        }
        for (_, note) in notes(monitor) {
            for object in note.action.objects().into_iter().flatten() {
                add(object);
            }
        }
        let objects: Vec<Object> = objects.into_values().collect();
        let names = Names::of(objects.iter().map(|object| Made {
            place: object.made,
            kind: object.kind,
            is_round: false,
            nth: Some(object.nth),
        }));
        Called { objects, names }
    }

    pub(super) fn name(&self, object: Object) -> &str {
        self.names.of_object(self.index(object))
    }

    fn index(&self, object: Object) -> usize {
        let found = self
            .objects
            .binary_search_by_key(&object.number, |it| it.number);
        found.expect("heddle: every object that a thread has to do with is known")
    }
}

impl Action {
    /// What the operation concerns.
    fn objects(&self) -> [Option<Object>; 2] {
        match *self {
            Action::Lock { lock } | Action::Unlock { lock } | Action::Blocks { lock, .. } => {
                [Some(lock), None]
            }
            Action::Wait { queue, lock, .. } | Action::Wake { queue, lock, .. } => {
                [Some(queue), Some(lock)]
            }
            Action::Leave { queue } | Action::Notify { queue, .. } => [Some(queue), None],
            Action::Call { object, .. } => [object, None],
            _ => [None, None],
        }
    }
}

/// The last operations of all threads in the order in which they happened.
fn notes(monitor: &Monitor) -> Vec<(u64, Note)> {
    let live = monitor.live.values().map(|record| &record.thread);
    let mut notes: Vec<(u64, Note)> = live
        .chain(&monitor.ended)
        .flat_map(|thread| {
            let notes: Vec<Note> = thread.notes().iter().cloned().collect();
            notes.into_iter().map(|note| (thread.number(), note))
        })
        .collect();
    notes.sort_by_key(|(_, note)| note.number);
    notes
}

/// The threads that are there, and those that have ended last: the claim's own first.
fn threads(monitor: &Monitor) -> Vec<ThreadRef> {
    let live = monitor.live.values().map(|record| &record.thread);
    let mut threads: Vec<ThreadRef> = live.chain(&monitor.ended).cloned().collect();
    threads.sort_by_key(|thread| (!thread.is_claim(), thread.number()));
    threads
}

/// Turns the monitor's numbers into those of the record.
struct Teller<'a> {
    threads: Vec<ThreadRef>,
    monitor: &'a Monitor,
    called: &'a Called,
    stuck: bool,
    files: Vec<String>,
    /// The steps by the numbers of their operations.
    steps: BTreeMap<u64, usize>,
}

impl Teller<'_> {
    fn step(&mut self, thread: u64, note: &Note) -> Step {
        if let Action::Blocks { holder, .. } = note.action {
            self.at(holder.place);
        }
        let place = note.place.map(|place| self.at(place));
        let thread = self.thread(thread).unwrap_or_default();
        let new = |op| Step::new(thread, place, op);
        let object = |object: Object| self.called.index(object);
        let by = |by: Option<u64>| Field::Step(by.and_then(|by| self.steps.get(&by).copied()));
        let other = |op: &'static str, name, number| match self.thread(number) {
            Some(thread) => new(op).with(name, Field::Thread(thread)),
            // It has ended so long ago that nothing is known of it any more.
            None => forgotten(new("call"), op),
        };
        match &note.action {
            Action::Spawn { child } => other("spawn", "child", *child),
            Action::Join { child } => other("join", "child", *child),
            Action::Unpark { target } => other("unpark", "target", *target),
            Action::End => new("end"),
            Action::Lock { lock } => new("lock").object("object", object(*lock)),
            Action::Unlock { lock } => new("unlock").object("object", object(*lock)),
            Action::Blocks { lock, holder } => {
                let step = new("blocks").object("object", object(*lock));
                match self.holder(*holder) {
                    Some(holder) => step.with("holder", Field::Holder(holder)),
                    None => forgotten(new("call"), "lock"),
                }
            }
            Action::Wait { queue, lock, timed } => new("wait")
                .object("object", object(*queue))
                .object("lock", object(*lock))
                .flag("timed", *timed),
            Action::Leave { queue } => new("leave")
                .object("object", object(*queue))
                .text("why", "timed-out"),
            Action::Wake {
                queue,
                lock,
                by: it,
            } => new("wake")
                .object("object", object(*queue))
                .object("lock", object(*lock))
                .text(
                    "why",
                    if it.is_some() {
                        "notified"
                    } else {
                        "timed-out"
                    },
                )
                .with("by", by(*it)),
            Action::Notify { queue, all, woken } => {
                let woken = woken.iter().filter_map(|woken| self.thread(*woken));
                new("notify")
                    .object("object", object(*queue))
                    .flag("all", *all)
                    .with("woken", Field::Threads(woken.collect()))
                    .flag("out_of_turn", false)
            }
            Action::Park { timed } => new("park").flag("timed", *timed),
            Action::Unparked { why, by: it } => {
                new("unparked").text("why", *why).with("by", by(*it))
            }
            Action::Panic { message, place } => {
                let place = place.as_ref().map(|place| at(&mut self.files, place));
                Step::new(thread, place, "panic").text("message", message)
            }
            Action::Call { call, object: it } => {
                let it = it.map(object);
                new("call")
                    .text("call", *call)
                    .with("object", Field::Object(it))
            }
        }
    }

    fn blocked(&mut self, record: &Record) -> Blocked {
        let (inside, object, target) = self.inside(record);
        let holder = (object.filter(|_| inside == "lock"))
            .and_then(|lock| self.monitor.owners.get(&lock.number).copied());
        Blocked {
            thread: self.thread(record.thread.number()).unwrap_or_default(),
            at: report::place(record).map(|place| self.at(place)),
            inside,
            object: object.map(|object| self.called.index(object)),
            target: target.and_then(|target| self.thread(target)),
            timed: matches!(
                record.doing,
                Doing::Wait { limit, .. } | Doing::Park { limit } if limit.is_timed()
            ),
            holder: holder.and_then(|holder| self.holder(holder)),
            doing: report::doing(self.monitor, record, self.stuck, self.called),
        }
    }

    fn inside(&self, record: &Record) -> (&'static str, Option<Object>, Option<u64>) {
        let is_blocked = self.monitor.is_blocked(record, true);
        let or_next = |inside| if is_blocked { inside } else { "next" };
        match record.doing {
            Doing::Running => ("next", None, None),
            Doing::Lock { lock } => (or_next("lock"), Some(lock), None),
            Doing::Wait { queue, .. } => (or_next("wait"), Some(queue), None),
            Doing::Park { .. } => (or_next("park"), None, None),
            Doing::Join { thread } => (or_next("join"), None, Some(thread)),
            Doing::EndScope { thread } => (or_next("end-scope"), None, Some(thread)),
            Doing::Sleep => ("sleep", None, None),
            Doing::UntilBlocked { thread } => ("until-blocked", None, Some(thread)),
        }
    }

    fn told_threads(&mut self) -> Vec<told::Thread> {
        (0..self.threads.len())
            .map(|index| {
                let spawned = self.threads[index].spawned();
                told::Thread {
                    name: report::name(&self.threads[index]),
                    spawned: spawned.map(|(_, place)| self.at(place)),
                    by: spawned.and_then(|(by, _)| self.thread(by)),
                }
            })
            .collect()
    }

    fn object(&mut self, index: usize) -> told::Object {
        let object = self.called.objects[index];
        told::Object {
            name: self.called.names.of_object(index).to_owned(),
            kind: object.kind,
            made: self.at(object.made),
            by: self.thread(object.by),
            initial: None,
        }
    }

    /// Who holds a lock; the file is in the list already.
    fn holder(&self, owner: Owner) -> Option<Holder> {
        let mut files = self.files.clone();
        let place = at(&mut files, &RecordPlace::from(owner.place));
        Some(Holder {
            thread: self.thread(owner.thread)?,
            step: self.steps.get(&owner.number).copied(),
            at: Some(place),
        })
    }

    fn thread(&self, number: u64) -> Option<usize> {
        self.threads
            .iter()
            .position(|thread| thread.number() == number)
    }

    fn at(&mut self, place: Place) -> At {
        at(&mut self.files, &RecordPlace::from(place))
    }
}

/// An operation of which only its name can be told.
fn forgotten(step: Step, call: &str) -> Step {
    step.text("call", call).with("object", Field::Object(None))
}
