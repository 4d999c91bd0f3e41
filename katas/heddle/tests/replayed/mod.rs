//! Goes through a record step by step and checks that it is one possible run: locks have one
//! owner, values follow from what was written, and nobody wakes who was not woken.

use std::collections::HashMap;

use serde_json::Value;

/// What is known after some of the steps.
#[derive(Default)]
struct Replayed {
    /// Who holds which lock since which step.
    owners: HashMap<u64, (u64, usize)>,
    /// The newest value of each atomic.
    values: HashMap<u64, String>,
    /// The threads that wait on each condition variable, and those notified since by which step.
    waiting: HashMap<u64, Vec<u64>>,
    notified: HashMap<u64, usize>,
    tokens: HashMap<u64, usize>,
    parked: Vec<u64>,
    spawned: Vec<u64>,
    ended: Vec<u64>,
}

/// Asserts that a record is whole and could have happened.
pub fn assert_possible(record: &Value) {
    let mut now = Replayed::default();
    assert_eq!(record["schema"], 1, "{record}");
    for (number, object) in list(record, "objects").iter().enumerate() {
        if let Some(initial) = object["initial"].as_str() {
            now.values.insert(number as u64, initial.to_owned());
        }
        assert!(!text(object, "name").is_empty(), "{object}");
    }
    assert!(record["left_out"].is_null(), "too long to be replayed");
    let steps = list(record, "steps");
    let failing = &record["failure"];
    for (number, step) in steps.iter().enumerate() {
        let is_last = number + 1 == steps.len();
        let fails = is_last && !failing["race"].is_null() || failing["kind"] == "use-after-free";
        if !(is_last && fails) {
            now.step(number, step, record);
        }
    }
    now.end(record);
}

impl Replayed {
    fn step(&mut self, number: usize, step: &Value, record: &Value) {
        let thread = of(step, "thread");
        let runs = thread == 0 || self.spawned.contains(&thread);
        assert!(runs && !self.ended.contains(&thread), "{number}: {step}");
        let object = step["object"].as_u64();
        match text(step, "op") {
            "spawn" => {
                let child = of(step, "child");
                let thread_of = &record["threads"][child as usize];
                assert_eq!(thread_of["spawned"], step["at"], "{step}");
                assert_eq!(thread_of["by"], thread, "{step}");
                self.spawned.push(child);
            }
            "join" => assert!(self.ended.contains(&of(step, "child")), "{number}: {step}"),
            "end" => self.ended.push(thread),
            "lock" => self.takes(object.unwrap(), thread, number, step),
            "blocks" => self.holds(object.unwrap(), &step["holder"], step),
            "unlock" => self.gives_back(object.unwrap(), thread, step),
            "wait" => {
                self.gives_back(of(step, "lock"), thread, step);
                self.waiting
                    .entry(object.unwrap())
                    .or_default()
                    .push(thread);
            }
            "wake" => self.wakes(number, step, thread),
            "leave" => self.leaves(object.unwrap(), thread),
            "notify" => self.notifies(number, step),
            "park" => self.parked.push(thread),
            "unpark" => {
                self.tokens.entry(of(step, "target")).or_insert(number);
            }
            "unparked" => {
                let token = self.tokens.get(&thread).map(|by| *by as u64);
                match text(step, "why") {
                    "token" | "token-was-there" => {
                        assert!(token.is_some(), "{number}: {step}");
                        assert_eq!(step["by"].as_u64(), token, "{number}: {step}");
                        self.tokens.remove(&thread);
                    }
                    _ => assert!(step["by"].is_null(), "{number}: {step}"),
                }
                self.parked.retain(|parked| *parked != thread);
            }
            _ => self.memory(number, step),
        }
    }

    fn takes(&mut self, lock: u64, thread: u64, number: usize, step: &Value) {
        let before = self.owners.insert(lock, (thread, number));
        assert_eq!(before, None, "the lock is held: {number}: {step}");
    }

    fn gives_back(&mut self, lock: u64, thread: u64, step: &Value) {
        let owner = self.owners.remove(&lock).map(|(owner, _)| owner);
        assert_eq!(owner, Some(thread), "not the owner: {step}");
    }

    /// A lock is held by whom the record says, since when it says.
    fn holds(&self, lock: u64, holder: &Value, what: &Value) {
        let owner = self.owners.get(&lock).copied();
        let told = (of(holder, "thread"), of(holder, "step") as usize);
        assert_eq!(owner, Some(told), "{what}");
    }

    fn wakes(&mut self, number: usize, step: &Value, thread: u64) {
        let notified = self.notified.remove(&thread).map(|by| by as u64);
        match text(step, "why") {
            "notified" => {
                assert!(notified.is_some(), "{number}: {step}");
                assert_eq!(step["by"].as_u64(), notified, "{number}: {step}");
            }
            _ => {
                assert!(
                    step["by"].is_null() && notified.is_none(),
                    "{number}: {step}"
                );
                self.leaves(of(step, "object"), thread);
            }
        }
        self.takes(of(step, "lock"), thread, number, step);
    }

    /// A thread leaves a condition variable by itself, if it has not done so before.
    fn leaves(&mut self, queue: u64, thread: u64) {
        let waiting = self.waiting.entry(queue).or_default();
        waiting.retain(|waiting| *waiting != thread);
    }

    fn notifies(&mut self, number: usize, step: &Value) {
        let waiting = self.waiting.entry(of(step, "object")).or_default();
        let woken: Vec<u64> = list(step, "woken")
            .iter()
            .map(|it| it.as_u64().unwrap())
            .collect();
        let most = if step["all"] == true { usize::MAX } else { 1 };
        assert_eq!(woken.len(), waiting.len().min(most), "{number}: {step}");
        let first = waiting.first().copied();
        if most == 1 && !woken.is_empty() {
            assert_eq!(
                step["out_of_turn"] == true,
                Some(woken[0]) != first,
                "{step}"
            );
        }
        for thread in woken {
            let place = waiting.iter().position(|waiting| *waiting == thread);
            waiting.remove(place.expect("it waited"));
            self.notified.insert(thread, number);
        }
    }

    fn memory(&mut self, number: usize, step: &Value) {
        let Some(object) = step["object"].as_u64() else {
            return;
        };
        let Some(newest) = self.values.get(&object).cloned() else {
            return;
        };
        match text(step, "op") {
            "load" => {
                let stale = newest != text(step, "value");
                assert_eq!(step["stale"], stale, "{number}: {step}");
                assert_eq!(step["newest"].as_str(), stale.then_some(&*newest), "{step}");
            }
            "store" => {
                assert_eq!(text(step, "overwrote"), newest, "{number}: {step}");
                self.values.insert(object, text(step, "value").to_owned());
            }
            "update" | "exchange" => {
                assert_eq!(text(step, "before"), newest, "{number}: {step}");
                self.values.insert(object, text(step, "after").to_owned());
            }
            "exchange-failed" => {
                assert_eq!(text(step, "found"), newest, "{number}: {step}");
                let equal = text(step, "wanted") == newest;
                assert_eq!(step["spurious"], equal, "{number}: {step}");
            }
            _ => {}
        }
    }

    /// What the record says of the end is what its steps have led to.
    fn end(&self, record: &Value) {
        let mut told: Vec<u64> = Vec::new();
        for blocked in list(record, "blocked") {
            let thread = of(blocked, "thread");
            told.push(thread);
            assert!(!self.ended.contains(&thread), "{blocked}");
            match text(blocked, "in") {
                "lock" => self.holds(of(blocked, "object"), &blocked["holder"], blocked),
                "wait" => {
                    let waiting = self.waiting.get(&of(blocked, "object"));
                    assert!(waiting.is_some_and(|it| it.contains(&thread)), "{blocked}");
                }
                "park" => assert!(self.parked.contains(&thread), "{blocked}"),
                "join" | "end-scope" => {
                    assert!(!self.ended.contains(&of(blocked, "target")), "{blocked}");
                }
                _ => {}
            }
        }
        let failed = record["failure"]["thread"].as_u64();
        for thread in self.spawned.iter().copied().chain([0]) {
            let known = told.contains(&thread) || self.ended.contains(&thread);
            assert!(
                known || failed == Some(thread),
                "thread {thread} is nowhere: {record}"
            );
        }
    }
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field]
        .as_array()
        .unwrap_or_else(|| panic!("no list {field} in {value}"))
}

fn of(value: &Value, field: &str) -> u64 {
    value[field]
        .as_u64()
        .unwrap_or_else(|| panic!("no number {field} in {value}"))
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("no text {field} in {value}"))
}
