//! Records built by hand, for the tests of what is made of them.

use std::ops::{Deref, DerefMut};

use super::page::Places;
use heddle_terms::record::{
    Access, AccessKind, At, Blocked, Counterexample, Failing, Fault, FaultKind, Holder, Inside,
    Object, Op, Pass, Race, SCHEMA, Search, Step, Thread,
};
use heddle_terms::report::Kind;

/// The subject's file.
pub const SUBJECT: &str = "src/lib.rs";

/// A record of three threads, `main`, `one` and `two`, that have done nothing yet.
pub fn record(kind: Kind) -> Sample {
    let thread = |name: &str| Thread {
        name: name.to_owned(),
        spawned: None,
        by: None,
    };
    Sample(Counterexample {
        schema: SCHEMA,
        files: vec![SUBJECT.to_owned(), "tests/model.rs".to_owned()],
        threads: vec![thread("main"), thread("one"), thread("two")],
        objects: Vec::new(),
        steps: Vec::new(),
        left_out: None,
        blocked: Vec::new(),
        failure: Failing {
            kind,
            thread: None,
            at: None,
            message: "it breaks".to_owned(),
            race: None,
            object: None,
        },
        search: Some(Search {
            rung: "sequential-2".to_owned(),
            pass: Pass::Sequential,
            preemptions: Some(2),
            fault: None,
            schedules: 37,
            shortening: None,
            switches: 2,
        }),
    })
}

/// A line of the subject.
pub fn line(line: u32) -> At {
    At {
        file: 0,
        line,
        column: 1,
    }
}

/// A record that is still added to.
#[derive(Clone)]
pub struct Sample(Counterexample);

impl Deref for Sample {
    type Target = Counterexample;

    fn deref(&self) -> &Counterexample {
        &self.0
    }
}

impl DerefMut for Sample {
    fn deref_mut(&mut self) -> &mut Counterexample {
        &mut self.0
    }
}

impl Sample {
    /// With these objects, all of the same kind.
    pub fn objects(mut self, kind: &str, names: &[&str]) -> Self {
        self.objects.extend(names.iter().map(|name| Object {
            name: (*name).to_owned(),
            kind: kind.to_owned(),
            made: line(1),
            by: Some(0),
            initial: None,
        }));
        self
    }

    /// With one more step.
    pub fn step(mut self, thread: usize, at: u32, op: Op) -> Self {
        self.steps.push(Step::new(thread, Some(line(at)), op));
        self
    }

    /// With the value under the lock that the last step gives back had there, to change it.
    pub fn changed_at(mut self, at: u32) -> Self {
        let last = self.steps.last_mut().expect("one was just added");
        last.changed_at = vec![line(at)];
        self
    }

    /// With a thread that has not ended.
    pub fn blocked(mut self, thread: usize, at: u32, inside: Inside, object: usize) -> Self {
        let is_object = matches!(inside, Inside::Lock | Inside::Wait);
        self.blocked.push(Blocked {
            thread,
            at: Some(line(at)),
            inside,
            object: is_object.then_some(object),
            target: (!is_object && inside != Inside::Park).then_some(object),
            timed: false,
            holder: None,
            doing: "waits".to_owned(),
        });
        self
    }

    /// With a thread that waits for a lock held by another since that line.
    pub fn held_up(self, thread: usize, at: u32, lock: usize, holder: (usize, u32)) -> Self {
        let mut record = self.blocked(thread, at, Inside::Lock, lock);
        let last = record.blocked.last_mut().expect("one was just added");
        last.holder = Some(Holder {
            thread: holder.0,
            step: None,
            at: Some(line(holder.1)),
        });
        record
    }

    /// With a thread in which it fails.
    pub fn fails(mut self, thread: usize, at: u32) -> Self {
        self.failure.thread = Some(thread);
        self.failure.at = Some(line(at));
        self
    }

    /// With a data race on an object: who did what in which step, and who does what then.
    pub fn race(
        mut self,
        object: usize,
        first: (usize, usize, AccessKind),
        second: (usize, AccessKind),
    ) -> Self {
        self.failure.race = Some(Race {
            object,
            first: Access {
                thread: first.0,
                step: Some(first.1),
                access: first.2,
            },
            second: Access {
                thread: second.0,
                step: None,
                access: second.1,
            },
        });
        self
    }

    /// Found on the rung of real orderings.
    pub fn on_orderings(mut self) -> Self {
        let search = self.search.as_mut().expect("a sample has a search");
        search.rung = "orderings-1".to_owned();
        search.pass = Pass::Orderings;
        self
    }

    /// Found with that fault put in.
    pub fn with_fault(mut self, kind: FaultKind) -> Self {
        let search = self.search.as_mut().expect("a sample has a search");
        search.rung = "fault:x:1:1".to_owned();
        search.fault = Some(Fault {
            kind,
            thread: 1,
            nth: 1,
        });
        self
    }

    /// Its places, as tables have them.
    pub fn places(&self) -> Places<'_> {
        Places::of(self, SUBJECT)
    }
}

/// A load that sees the newest value.
pub fn load(object: usize, value: &str, ordering: &str) -> Op {
    Op::Load {
        object,
        value: value.to_owned(),
        ordering: ordering.to_owned(),
        stale: false,
        newest: None,
    }
}

/// A store.
pub fn store(object: usize, overwrote: &str, value: &str, ordering: &str) -> Op {
    Op::Store {
        object,
        value: value.to_owned(),
        overwrote: overwrote.to_owned(),
        ordering: ordering.to_owned(),
    }
}

/// A swap.
pub fn swap(object: usize, before: &str, after: &str) -> Op {
    Op::Exchange {
        object,
        call: "swap".to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
        ordering: "AcqRel".to_owned(),
    }
}

/// A notify of one that wakes these threads.
pub fn notify_one(object: usize, woken: &[usize]) -> Op {
    Op::Notify {
        object,
        all: false,
        woken: woken.to_vec(),
        out_of_turn: false,
    }
}

/// A wait without a limit.
pub fn wait(object: usize, lock: usize) -> Op {
    Op::Wait {
        object,
        lock,
        timed: false,
    }
}
