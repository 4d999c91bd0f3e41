//! Whatever a sound record says, it can be told: no order of steps is taken for granted.

mod samples;

use heddle_replay::replay::sound;
use heddle_replay::{Detail, Replay, Timeline, page, words};
use heddle_terms::record::Counterexample;
use serde_json::{Value, json};

/// A source of numbers that is the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    fn yes(&mut self) -> bool {
        self.below(2) == 1
    }
}

const THREADS: u64 = 3;
const OBJECTS: u64 = 4;

fn place(numbers: &mut Numbers) -> Value {
    match numbers.below(4) {
        0 => Value::Null,
        _ => json!([numbers.below(2), numbers.below(60), 9]),
    }
}

fn holder(numbers: &mut Numbers, steps: u64) -> Value {
    let step = numbers.below(steps + 1);
    json!({
        "thread": numbers.below(THREADS),
        "step": (step < steps).then_some(step),
        "at": place(numbers),
    })
}

/// A step with the fields of any operation; which one it is decides which of them count.
fn step(numbers: &mut Numbers, number: u64) -> Value {
    let object = numbers.below(OBJECTS);
    let thread = numbers.below(THREADS);
    let by = number.checked_sub(1).filter(|_| numbers.yes());
    let ordering = numbers.one(&["Relaxed", "Acquire", "SeqCst"]);
    let value = numbers.one(&["0", "1", "true"]);
    let (other, yes) = (numbers.below(THREADS), numbers.yes());
    let operations = [
        json!({"op": "spawn", "child": other}),
        json!({"op": "join", "child": other}),
        json!({"op": "end"}),
        json!({"op": "lock", "object": object}),
        json!({"op": "blocks", "object": object, "holder": holder(numbers, number)}),
        json!({"op": "unlock", "object": object}),
        json!({"op": "wait", "object": object, "lock": (object + 1) % OBJECTS, "timed": yes}),
        json!({"op": "wake", "object": object, "lock": (object + 1) % OBJECTS,
               "why": numbers.one(&["notified", "spurious", "timed-out"]), "by": by}),
        json!({"op": "notify", "object": object, "all": yes, "woken": [other], "out_of_turn": yes}),
        json!({"op": "load", "object": object, "value": value, "ordering": ordering,
               "stale": yes, "newest": yes.then_some("7")}),
        json!({"op": "store", "object": object, "value": value, "overwrote": "2", "ordering": ordering}),
        json!({"op": "update", "object": object, "call": "fetch_add", "before": "1", "after": value,
               "ordering": ordering}),
        json!({"op": "exchange", "object": object, "call": "swap", "before": "1", "after": value,
               "ordering": ordering}),
        json!({"op": "exchange-failed", "object": object, "call": "compare_exchange", "found": value,
               "wanted": "4", "spurious": yes, "ordering": ordering}),
        json!({"op": "fence", "ordering": ordering}),
        json!({"op": "read", "object": object}),
        json!({"op": "write", "object": object}),
        json!({"op": "allocate", "object": object, "reused": yes}),
        json!({"op": "free", "object": object}),
        json!({"op": "park", "timed": yes}),
        json!({"op": "unparked", "why": numbers.one(&["token", "token-was-there", "spurious", "timed-out"]),
               "by": by}),
        json!({"op": "unpark", "target": other}),
        json!({"op": "sleep", "until": "5 ms"}),
        json!({"op": "panic", "message": "no\nmore"}),
        json!({"op": "call", "call": "spin_loop", "object": yes.then_some(object)}),
    ];
    let mut step = operations[numbers.below(operations.len() as u64) as usize].clone();
    step["thread"] = json!(thread);
    step["at"] = place(numbers);
    step
}

fn record(numbers: &mut Numbers) -> Counterexample {
    let count = numbers.below(40);
    let mut steps = Vec::new();
    for number in 0..count {
        steps.push(step(numbers, number));
    }
    let kinds = ["Mutex", "Condvar", "AtomicU32", "UnsafeCell"];
    let object = |index: usize| {
        json!({"name": format!("object-{index}"), "kind": kinds[index], "made": [0, 17, 9],
               "by": 0, "initial": (index == 2).then_some("0")})
    };
    let thread = |index: usize| {
        json!({"name": format!("thread-{index}"), "spawned": null,
               "by": (index > 0).then_some(0)})
    };
    let inside = [
        "lock",
        "wait",
        "park",
        "join",
        "end-scope",
        "spin",
        "until-blocked",
        "sleep",
        "next",
    ];
    let blocked = json!({
        "thread": numbers.below(THREADS), "at": place(numbers), "in": numbers.one(&inside),
        "object": numbers.yes().then_some(0), "target": numbers.yes().then_some(1), "timed": false,
        "holder": null, "doing": "was about to lock `items`",
    });
    let access = |numbers: &mut Numbers| {
        json!({"thread": numbers.below(THREADS), "step": count.checked_sub(1),
               "access": numbers.one(&["write", "read", "free", "creation"])})
    };
    let race = json!({"object": 3, "first": access(numbers), "second": access(numbers)});
    let kind = numbers.one(&[
        "assertion",
        "deadlock",
        "livelock",
        "data-race",
        "use-after-free",
        "leak",
    ]);
    let record = json!({
        "schema": 1, "left_out": null, "steps": steps,
        "files": ["katas/kata-12-queue/src/lib.rs", "katas/kata-12-queue/tests/model.rs"],
        "threads": [thread(0), thread(1), thread(2)],
        "objects": [object(0), object(1), object(2), object(3)],
        "blocked": if numbers.yes() { vec![blocked] } else { Vec::new() },
        "failure": {"kind": kind, "thread": numbers.yes().then_some(2), "at": place(numbers),
                    "message": "it `broke`", "race": (kind == "data-race").then_some(race),
                    "object": (kind == "leak").then_some(1)},
        "search": null,
    });
    serde_json::from_value(record).expect("it has the form of a record")
}

/// Each of some hundred records without any sense can be told from its start to its end.
#[test]
fn any_sound_record_can_be_told() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..300 {
        let mut replay: Replay = samples::replay(samples::STOLEN);
        replay.record = record(&mut numbers);
        assert_eq!(sound(&replay.record), Ok(()));
        for detail in [Detail::Rows, Detail::Steps] {
            let timeline = Timeline::of(&replay.record, detail);
            for position in 0..=timeline.end() {
                assert!(!words::told(&replay, &timeline, position).is_empty());
                assert!(timeline.next_switch(position) > position || position == timeline.end());
                assert!(timeline.previous_switch(position) < position || position == 0);
            }
        }
        assert!(page::document(&replay).ends_with("</html>\n"));
    }
}
