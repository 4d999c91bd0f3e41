//! A schedule in which a notify reaches nobody, as heddle would record it.

use heddle_terms::record::Counterexample;

use super::base::FILE;

/// The record; one thread holds a flag for another and waits.
pub fn record() -> Counterexample {
    let json = format!(
        r#"{{"schema": 1,
        "files": ["{FILE}", "katas/kata-05-rlock/tests/model.rs"],
        "threads": [
            {{"name": "main", "spawned": null, "by": null}},
            {{"name": "consumer", "spawned": [1, 14, 9], "by": 0}}],
        "objects": [
            {{"name": "items", "kind": "Mutex", "made": [0, 20, 9], "by": 0, "initial": null}},
            {{"name": "changed", "kind": "Condvar", "made": [0, 21, 9], "by": 0, "initial": null}}],
        "steps": [
            {{"thread": 0, "at": [1, 14, 9], "op": "spawn", "child": 1}},
            {{"thread": 1, "at": [0, 36, 9], "op": "lock", "object": 0}},
            {{"thread": 1, "at": null, "op": "unlock", "object": 0}},
            {{"thread": 0, "at": [0, 51, 9], "op": "lock", "object": 0}},
            {{"thread": 0, "at": [0, 52, 9], "op": "notify", "object": 1, "all": false,
              "woken": [], "out_of_turn": false}},
            {{"thread": 0, "at": null, "op": "unlock", "object": 0}},
            {{"thread": 1, "at": [0, 37, 9], "op": "lock", "object": 0}},
            {{"thread": 1, "at": [0, 38, 30], "op": "wait", "object": 1, "lock": 0,
              "timed": false}}],
        "left_out": null,
        "blocked": [
            {{"thread": 0, "at": [1, 20, 9], "in": "join", "object": null, "target": 1,
              "timed": false, "holder": null, "doing": "waits for consumer to end"}},
            {{"thread": 1, "at": [0, 38, 30], "in": "wait", "object": 1, "target": null,
              "timed": false, "holder": null, "doing": "waits on changed"}}],
        "failure": {{"kind": "deadlock", "thread": null, "at": null, "message": "all wait",
            "race": null, "object": null}},
        "search": {{"rung": "sequential-1", "pass": "sequential", "preemptions": 1, "fault": null,
            "schedules": 37, "shortening": {{"schedules": 204, "failures": 3, "exhausted": true}},
            "switches": 2}}}}"#
    );
    serde_json::from_str(&json).expect("the sample is a record")
}
