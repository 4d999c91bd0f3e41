//! Schedules to step through, written by hand, each with its source.

#![allow(dead_code, reason = "each of the test programs uses some of these")]

use heddle_replay::Replay;
use heddle_replay::sources::Sources;

/// A consumer takes what another one was notified of: a panic behind a wait.
pub const STOLEN: &str = include_str!("stolen.json");
/// Two threads take two locks in two orders: a deadlock.
pub const CROSSED: &str = include_str!("crossed.json");
/// A flag that publishes nothing: a stale load and a data race.
pub const UNPUBLISHED: &str = include_str!("unpublished.json");
/// A park that returns by itself.
pub const SPURIOUS: &str = include_str!("spurious.json");

/// All of them by name.
pub const ALL: [(&str, &str); 4] = [
    ("stolen", STOLEN),
    ("crossed", CROSSED),
    ("unpublished", UNPUBLISHED),
    ("spurious", SPURIOUS),
];

/// The replay of one of them.
pub fn replay(record: &str) -> Replay {
    let record: xtask::counterexample::record::Counterexample =
        serde_json::from_str(record).expect("the sample is a record");
    let read = |path: &str| {
        Some(match path {
            "katas/kata-12-queue/src/lib.rs" => include_str!("queue.rs.txt").to_owned(),
            "katas/kata-12-queue/tests/model.rs" => include_str!("model.rs.txt").to_owned(),
            _ => return None,
        })
    };
    let sources = Sources::of(&record.files, "katas/kata-12-queue/src/lib.rs", read);
    Replay {
        kata: "kata-12-queue".to_owned(),
        subject: "learner".to_owned(),
        file: "katas/kata-12-queue/src/lib.rs".to_owned(),
        claim: "model::a_consumer_never_leaves_empty_handed".to_owned(),
        promise: "A consumer never leaves empty-handed.".to_owned(),
        record,
        sources,
        caution: None,
    }
}
