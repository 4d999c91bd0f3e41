//! Brute force over memory: every outcome that C11 allows a program of atomic operations and fences.
//!
//! The model is RC11 (Lahav, Vafeiadis, Kang, Hur, Dreyer: "Repairing Sequential Consistency in
//! C/C++11", PLDI 2017), with the release sequences of C++20, which are shorter and so allow more.
//! Executions are built one event at a time: a read takes any write that is there, a write goes
//! anywhere into the modification order, and a graph that breaks an axiom is dropped at once, for
//! no later event can mend it. Reading only from what is there excludes load buffering, as RC11 does.

use super::program::{Op, Outcome, Program, VARIABLES};
use heddle::sync::atomic::Ordering::{self, *};
use std::collections::{BTreeSet, HashSet};

#[derive(Clone, Debug)]
struct Event {
    /// `None` for the writes that initialise the variables.
    thread: Option<usize>,
    index: usize,
    /// `None` for a fence.
    variable: Option<usize>,
    read: Option<usize>,
    written: Option<usize>,
    ordering: Ordering,
    /// The event whose value is read.
    from: Option<usize>,
}

#[derive(Clone)]
struct Graph {
    events: Vec<Event>,
    /// Modification order of each variable, as event numbers.
    order: [Vec<usize>; VARIABLES],
    next: Vec<usize>,
}

/// A binary relation over at most 32 events: bit `b` of row `a` says that `a` is related to `b`.
#[derive(Clone)]
struct Relation(Vec<u32>);

impl Relation {
    fn new(size: usize) -> Self {
        assert!(
            size <= 32,
            "a program of the engine check has at most 32 events"
        );
        Relation(vec![0; size])
    }

    fn add(&mut self, a: usize, b: usize) {
        self.0[a] |= 1 << b;
    }

    fn has(&self, a: usize, b: usize) -> bool {
        self.0[a] >> b & 1 == 1
    }

    fn with(mut self, other: &Relation) -> Relation {
        for (row, more) in self.0.iter_mut().zip(&other.0) {
            *row |= more;
        }
        self
    }

    fn then(&self, next: &Relation) -> Relation {
        let size = self.0.len();
        let row = |a: usize| {
            (0..size)
                .filter(|&b| self.has(a, b))
                .fold(0, |bits, b| bits | next.0[b])
        };
        Relation((0..size).map(row).collect())
    }

    fn closed(mut self) -> Relation {
        for middle in 0..self.0.len() {
            let through = self.0[middle];
            for row in &mut self.0 {
                if *row >> middle & 1 == 1 {
                    *row |= through;
                }
            }
        }
        self
    }

    fn reflexive(mut self) -> Relation {
        for (a, row) in self.0.iter_mut().enumerate() {
            *row |= 1 << a;
        }
        self
    }

    fn irreflexive(&self) -> bool {
        (0..self.0.len()).all(|a| !self.has(a, a))
    }

    /// Keeps the pairs for which `keep` holds.
    fn only(mut self, keep: impl Fn(usize, usize) -> bool) -> Relation {
        let size = self.0.len();
        for a in 0..size {
            for b in 0..size {
                if !keep(a, b) {
                    self.0[a] &= !(1 << b);
                }
            }
        }
        self
    }
}

/// Every outcome of `program` that RC11 allows. The program has atomic operations and fences alone.
pub fn explore(program: &Program) -> BTreeSet<Outcome> {
    let init = |x| Event {
        thread: None,
        index: x,
        variable: Some(x),
        read: None,
        written: Some(0),
        ordering: Relaxed,
        from: None,
    };
    let start = Graph {
        events: (0..VARIABLES).map(init).collect(),
        order: std::array::from_fn(|x| vec![x]),
        next: vec![0; program.len()],
    };
    let mut outcomes = BTreeSet::new();
    let mut seen = HashSet::new();
    let mut todo = vec![start];
    while let Some(graph) = todo.pop() {
        if !seen.insert(graph.key()) || !graph.consistent() {
            continue;
        }
        if (0..program.len()).all(|t| graph.next[t] == program[t].len()) {
            outcomes.insert(graph.outcome(program.len()));
        }
        for (t, ops) in program.iter().enumerate() {
            if let Some(&op) = ops.get(graph.next[t]) {
                graph.extend(t, op, &mut todo);
            }
        }
    }
    outcomes
}

/// What an operation reads and writes, given the value that is there: (reads, writes, ordering).
fn effect(op: Op, there: usize) -> (Option<usize>, Option<usize>, Ordering) {
    match op {
        Op::Load(_, ordering) => (Some(there), None, ordering),
        Op::Store(_, value, ordering) => (None, Some(value), ordering),
        Op::Add(_, value, ordering) => (Some(there), Some(there + value), ordering),
        Op::CompareExchange(_, expected, new, ordering) if there == expected => {
            (Some(there), Some(new), ordering)
        }
        Op::CompareExchange(_, _, _, ordering) => (Some(there), None, failure(ordering)),
        other => unreachable!("the weak enumerator knows atomics alone, not {other:?}"),
    }
}

/// The ordering of a `compare_exchange` that fails, given the one of its success.
pub fn failure(success: Ordering) -> Ordering {
    match success {
        Relaxed | Release => Relaxed,
        Acquire | AcqRel => Acquire,
        _ => SeqCst,
    }
}

impl Graph {
    /// What makes two graphs the same, whatever order their events were added in.
    fn key(&self) -> String {
        let name = |&e: &usize| (self.events[e].thread, self.events[e].index);
        let mut reads: Vec<_> = self
            .events
            .iter()
            .map(|e| (e.thread, e.index, e.from.as_ref().map(name)))
            .collect();
        reads.sort();
        let order: Vec<Vec<_>> = self
            .order
            .iter()
            .map(|o| o.iter().map(name).collect())
            .collect();
        format!("{:?}{reads:?}{order:?}", self.next)
    }

    /// Adds every way in which thread `t` can perform `op` to `out`.
    fn extend(&self, t: usize, op: Op, out: &mut Vec<Graph>) {
        let (Op::Load(x, _) | Op::Store(x, ..) | Op::Add(x, ..) | Op::CompareExchange(x, ..)) = op
        else {
            let Op::Fence(ordering) = op else {
                unreachable!("the weak enumerator knows atomics alone, not {op:?}")
            };
            out.push(self.with(t, None, (None, None, ordering), None, None));
            return;
        };
        for (position, &there) in self.order[x].iter().enumerate() {
            let value = self.events[there]
                .written
                .expect("only writes are in the modification order");
            let what = effect(op, value);
            let from = what.0.map(|_| there);
            // A read-modify-write goes right behind what it read; a store, anywhere behind `there`.
            let place = what.1.map(|_| position + 1);
            out.push(self.with(t, Some(x), what, from, place));
        }
    }

    fn with(
        &self,
        t: usize,
        variable: Option<usize>,
        (read, written, ordering): (Option<usize>, Option<usize>, Ordering),
        from: Option<usize>,
        place: Option<usize>,
    ) -> Graph {
        let mut graph = self.clone();
        let event = graph.events.len();
        graph.events.push(Event {
            thread: Some(t),
            index: self.next[t],
            variable,
            read,
            written,
            ordering,
            from,
        });
        graph.next[t] += 1;
        if let (Some(x), Some(place)) = (variable, place) {
            graph.order[x].insert(place, event);
        }
        graph
    }

    fn outcome(&self, threads: usize) -> Outcome {
        let mut outcome = Vec::new();
        for t in 0..threads {
            let mut mine: Vec<&Event> =
                self.events.iter().filter(|e| e.thread == Some(t)).collect();
            mine.sort_by_key(|e| e.index);
            outcome.extend(mine.iter().filter_map(|e| e.read));
        }
        let last =
            |o: &Vec<usize>| self.events[*o.last().expect("every variable is initialised")].written;
        outcome.extend(self.order.iter().filter_map(last));
        outcome
    }

    fn sequenced(&self) -> Relation {
        let mut sb = Relation::new(self.events.len());
        for (a, first) in self.events.iter().enumerate() {
            for (b, second) in self.events.iter().enumerate() {
                let initial = first.thread.is_none() && second.thread.is_some();
                if initial
                    || (first.thread.is_some()
                        && first.thread == second.thread
                        && first.index < second.index)
                {
                    sb.add(a, b);
                }
            }
        }
        sb
    }

    fn is_fence(&self, e: usize) -> bool {
        self.events[e].variable.is_none()
    }

    fn releases(&self, e: usize) -> bool {
        matches!(self.events[e].ordering, Release | AcqRel | SeqCst)
            && (self.is_fence(e) || self.events[e].written.is_some())
    }

    fn acquires(&self, e: usize) -> bool {
        matches!(self.events[e].ordering, Acquire | AcqRel | SeqCst)
            && (self.is_fence(e) || self.events[e].read.is_some())
    }

    fn synchronizes(&self, sb: &Relation) -> Relation {
        let size = self.events.len();
        let mut sw = Relation::new(size);
        for read in 0..size {
            let sinks = (0..size).filter(|&s| {
                self.acquires(s) && (s == read || (self.is_fence(s) && sb.has(read, s)))
            });
            let sinks: Vec<usize> = sinks.collect();
            // The release sequence, backwards: through read-modify-writes to its head.
            let mut write = self.events[read].from;
            while let Some(head) = write {
                for source in 0..size {
                    let heads = source == head || (self.is_fence(source) && sb.has(source, head));
                    if heads && self.releases(source) && self.events[source].thread.is_some() {
                        sinks
                            .iter()
                            .filter(|&&sink| sink != source)
                            .for_each(|&sink| sw.add(source, sink));
                    }
                }
                write = self.events[head]
                    .from
                    .filter(|_| self.events[head].written.is_some());
            }
        }
        sw
    }

    /// Modification order, reads-from and from-reads.
    fn communication(&self) -> (Relation, Relation, Relation) {
        let size = self.events.len();
        let (mut mo, mut rf, mut fr) = (
            Relation::new(size),
            Relation::new(size),
            Relation::new(size),
        );
        for order in &self.order {
            for (i, &a) in order.iter().enumerate() {
                order[i + 1..].iter().for_each(|&b| mo.add(a, b));
            }
        }
        for (read, event) in self.events.iter().enumerate() {
            if let Some(write) = event.from {
                rf.add(write, read);
                (0..size)
                    .filter(|&later| later != read && mo.has(write, later))
                    .for_each(|later| fr.add(read, later));
            }
        }
        (mo, rf, fr)
    }

    fn consistent(&self) -> bool {
        let sb = self.sequenced();
        let hb = sb.clone().with(&self.synchronizes(&sb)).closed();
        let (mo, rf, fr) = self.communication();
        let eco = mo.clone().with(&rf).with(&fr).closed();
        let coherent = hb.irreflexive() && hb.then(&eco.clone().reflexive()).irreflexive();
        let atomic = fr.then(&mo).irreflexive();
        coherent
            && atomic
            && self
                .sequential_order(&sb, &hb, &eco, &mo, &fr)
                .closed()
                .irreflexive()
    }

    /// The partial order of the `SeqCst` operations ("psc" of the paper).
    fn sequential_order(
        &self,
        sb: &Relation,
        hb: &Relation,
        eco: &Relation,
        mo: &Relation,
        fr: &Relation,
    ) -> Relation {
        let same = |a: usize, b: usize| {
            self.events[a].variable.is_some() && self.events[a].variable == self.events[b].variable
        };
        let sc = |e: usize| self.events[e].ordering == SeqCst;
        let fence = |e: usize| sc(e) && self.is_fence(e);
        let elsewhere = sb.clone().only(|a, b| !same(a, b));
        let before = sb
            .clone()
            .with(&elsewhere.then(hb).then(&elsewhere))
            .with(&hb.clone().only(same))
            .with(mo)
            .with(fr);
        let near = hb.clone().reflexive();
        let into = near.clone().only(|a, b| fence(a) || (a == b && sc(a)));
        let out = near.only(|a, b| fence(b) || (a == b && sc(a)));
        let base = into.then(&before).then(&out);
        let fences = hb
            .clone()
            .with(&hb.then(eco).then(hb))
            .only(|a, b| fence(a) && fence(b));
        base.with(&fences)
    }
}
