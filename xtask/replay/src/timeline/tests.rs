//! What is told of a schedule at each of its moments.

use crate::samples::{self, CROSSED, SPURIOUS, STOLEN, UNPUBLISHED};
use crate::words::{self, Names};
use crate::{Detail, Replay, Timeline};

/// What each thread does at that position, in words.
fn threads(replay: &Replay, position: usize) -> Vec<String> {
    let names = names(replay);
    let timeline = Timeline::of(&replay.record, Detail::Steps);
    let state = timeline.state(position);
    state
        .threads
        .iter()
        .map(|thread| words::thread(&names, thread))
        .collect()
}

/// What each object holds at that position, in words.
fn objects(replay: &Replay, position: usize) -> Vec<String> {
    let names = names(replay);
    let timeline = Timeline::of(&replay.record, Detail::Steps);
    let state = timeline.state(position);
    let told = state.objects.iter().enumerate();
    told.map(|(index, object)| words::object(&names, index, object))
        .collect()
}

fn names(replay: &Replay) -> Names<'_> {
    Names::of(replay)
}

/// A thread does not run before it is started.
#[test]
fn a_thread_runs_from_its_start_to_its_end() {
    let replay = samples::replay(STOLEN);
    assert_eq!(threads(&replay, 0), ["runs", "not started", "not started"]);
    assert_eq!(threads(&replay, 1), ["runs", "runs", "not started"]);
    assert_eq!(threads(&replay, 11)[2], "ended");
}

/// A lock has an owner from the step that takes it to the one that gives it back.
#[test]
fn a_lock_is_held_until_it_is_given_back() {
    let replay = samples::replay(STOLEN);
    assert_eq!(objects(&replay, 2)[0], "free");
    assert_eq!(objects(&replay, 3)[0], "held by consumer-a since step 3");
    assert_eq!(objects(&replay, 4)[0], "free", "a wait gives the lock back");
    assert_eq!(
        objects(&replay, 12)[0],
        "held by consumer-a since step 12",
        "and takes it again"
    );
}

/// Who comes to a held lock is blocked, and the lock shows who waits.
#[test]
fn a_thread_that_finds_a_lock_held_waits_for_it() {
    let replay = samples::replay(STOLEN);
    assert_eq!(
        threads(&replay, 6)[2],
        "blocked: waits for items, held by main since step 5"
    );
    assert_eq!(
        objects(&replay, 6)[0],
        "held by main since step 5; consumer-b waits"
    );
    assert_eq!(threads(&replay, 8)[2], "could take items now");
    assert_eq!(threads(&replay, 9)[2], "runs");
    assert_eq!(
        objects(&replay, 9)[0],
        "held by consumer-b since step 9; consumer-a waits"
    );
}

/// A notify takes a waiter out of the condition's queue; it goes on when it has the lock.
#[test]
fn a_notified_thread_needs_its_lock() {
    let replay = samples::replay(STOLEN);
    assert_eq!(threads(&replay, 4)[1], "asleep: waits on not_empty");
    assert_eq!(objects(&replay, 4)[1], "consumer-a waits");
    assert_eq!(
        threads(&replay, 7)[1],
        "notified by main in step 7, needs items to go on"
    );
    assert_eq!(objects(&replay, 7)[1], "nobody waits");
    assert_eq!(threads(&replay, 12)[1], "runs: was notified");
}

/// A panic is the last step and the failure at once.
#[test]
fn a_panic_is_the_failure_itself() {
    let replay = samples::replay(STOLEN);
    let timeline = Timeline::of(&replay.record, Detail::Steps);
    assert_eq!(timeline.end(), replay.record.steps.len());
    assert!(timeline.is_failure(14) && !timeline.is_failure(13));
    assert_eq!(
        threads(&replay, 14),
        ["could run: was about to lock `items`", "panicked", "ended"]
    );
}

/// A deadlock is no step: it has a position of its own, in which everybody waits.
#[test]
fn a_deadlock_comes_behind_the_last_step() {
    let replay = samples::replay(CROSSED);
    let timeline = Timeline::of(&replay.record, Detail::Steps);
    assert_eq!(timeline.end(), replay.record.steps.len() + 1);
    assert!(timeline.row(timeline.end()).is_none());
    let state = timeline.state(timeline.end());
    assert!(state.threads.iter().all(|thread| thread.status.is_stuck()));
    assert_eq!(
        objects(&replay, timeline.end()),
        [
            "held by left since step 3; right waits",
            "held by right since step 4; left waits"
        ]
    );
}

/// An atomic shows its newest value, and who still saw an old one.
#[test]
fn a_stale_load_leaves_the_newest_value() {
    let replay = samples::replay(UNPUBLISHED);
    assert_eq!(objects(&replay, 0), ["", "false", "0"]);
    assert_eq!(
        objects(&replay, 4),
        ["written by main in step 2", "true", "1"]
    );
    assert_eq!(objects(&replay, 5)[2], "1; reader still saw 0");
    assert_eq!(objects(&replay, 6)[2], "1");
}

/// A park that returns by itself says so.
#[test]
fn a_spurious_wakeup_is_named_as_one() {
    let replay = samples::replay(SPURIOUS);
    assert_eq!(threads(&replay, 2)[1], "asleep: parked");
    assert_eq!(threads(&replay, 3)[1], "runs: woke by itself");
    assert_eq!(threads(&replay, 4)[1], "runs");
}

/// From switch to switch one meets each change of threads once, and then the failure.
#[test]
fn the_switches_lead_to_the_failure_and_back() {
    let replay = samples::replay(STOLEN);
    let timeline = Timeline::of(&replay.record, Detail::Steps);
    let mut seen = vec![0];
    while seen.last() != Some(&timeline.end()) {
        seen.push(timeline.next_switch(seen[seen.len() - 1]));
    }
    assert_eq!(seen, [0, 3, 5, 6, 7, 9, 12, 14]);
    let mut back = vec![timeline.end()];
    while back.last() != Some(&0) {
        back.push(timeline.previous_switch(back[back.len() - 1]));
    }
    seen.reverse();
    assert_eq!(back, seen);
    assert_eq!(timeline.next_switch(99), timeline.end());
}

/// Each step of each sample has a sentence that names its thread and ends like one.
#[test]
fn every_step_is_told_in_a_sentence() {
    for (sample, record) in samples::ALL {
        let replay = samples::replay(record);
        for (number, step) in replay.record.steps.iter().enumerate() {
            let told = words::sentence(&names(&replay), number);
            let who = &replay.record.threads[step.thread].name;
            assert!(told.contains(who.as_str()), "{sample}: {told}");
        }
    }
}

/// The failure is told in its own words, and then what kind of mistake it is.
#[test]
fn the_failure_is_told_in_words() {
    let headline = |record| words::headline(&names(&samples::replay(record)));
    assert_eq!(
        headline(STOLEN),
        "consumer-a panics: called `Option::unwrap()` on a `None` value."
    );
    assert_eq!(
        headline(CROSSED),
        "Deadlock: every thread waits and none can go on."
    );
    for (sample, record) in samples::ALL {
        let replay = samples::replay(record);
        let timeline = Timeline::of(&replay.record, Detail::Rows);
        let told = words::told(&replay, &timeline, timeline.end());
        println!("{sample}: {told}");
        assert!(
            told.contains(&words::diagnosis(&replay).1),
            "{sample}: {told}"
        );
    }
}

/// The rows of the report are the moments of the replay, and each shows the state behind its steps.
#[test]
fn rows_show_the_state_behind_their_steps() {
    let replay = samples::replay(STOLEN);
    let rows = Timeline::of(&replay.record, Detail::Rows);
    let steps = Timeline::of(&replay.record, Detail::Steps);
    let told: Vec<_> = (0..=rows.end())
        .map(|position| rows.row(position).map(|row| row.steps.clone()))
        .collect();
    let none = Some(Vec::new());
    assert_eq!(told[0], None, "nobody has acted at the start");
    assert_eq!(
        told[rows.end()],
        none,
        "the failure stands for no step of its own"
    );
    let told: Vec<usize> = told.into_iter().flatten().flatten().collect();
    assert!(told.is_sorted() && told.len() > 4, "{told:?}");
    for position in 1..rows.end() {
        let last = rows.row(position).unwrap().steps.iter().max().unwrap() + 1;
        assert_eq!(rows.state(position), steps.state(last));
        assert_eq!(steps.nearest(&rows, position), last);
        assert_eq!(rows.nearest(&steps, last), position);
    }
    assert_eq!(rows.state(rows.end()), steps.state(steps.end()));
}
