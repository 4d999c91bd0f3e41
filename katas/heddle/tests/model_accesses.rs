//! The record of a schedule is exact about memory: values, races, nodes, and what was never dropped.

#![cfg(feature = "model")]

mod child;
#[path = "programs/failing.rs"]
mod failing;
mod replayed;
mod told;

use child::Child;
use serde_json::Value;

/// Runs one of the claims of `failing` when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(failing::CLAIMS);
}

/// The record of a claim that fails in this way.
#[track_caller]
fn record(claim: &'static str, kind: &str) -> Value {
    let ended = Child::graded(claim).run();
    ended.assert_failed(kind);
    let record = ended.end()["counterexample"].clone();
    if record["left_out"].is_null() {
        replayed::assert_possible(&record);
    }
    record
}

#[track_caller]
fn is_told(record: &Value, lines: &str) {
    let expected: Vec<&str> = lines.lines().map(str::trim).collect();
    assert_eq!(told::told(record), expected.join("\n").trim());
}

/// A data race names both accesses by their steps; the second is the last.
#[test]
fn a_data_race_names_both_accesses() {
    let record = record("a data race", "data-race");
    let told = told::told(&record);
    let steps: Vec<&str> = told.lines().take(6).collect();
    assert_eq!(
        steps,
        [
            "main spawn child=thread-1 | thread::spawn(move || {",
            "thread-1 write object=shared | shared.0.with_mut(|it| unsafe { *it = 1 });",
            "thread-1 store object=ready ordering=Relaxed overwrote=false value=true | ready.store(true, Relaxed);",
            "thread-1 end",
            "main load object=ready ordering=Acquire value=true | if ready.load(Acquire) {",
            "main read object=shared | shared.0.with(|it| unsafe { *it });",
        ]
    );
    let race = &record["failure"]["race"];
    let access = |thread: u64, step: u64, access: &str| serde_json::json!({"thread": thread, "step": step, "access": access});
    assert_eq!(race["object"], 0);
    assert_eq!(race["first"], access(1, 1, "write"));
    assert_eq!(race["second"], access(0, 5, "read"));
    assert_eq!(record["failure"]["thread"], 0);
    assert_eq!(record["search"]["rung"], "orderings-1");
    assert_eq!(record["search"]["pass"], "orderings");
}

/// Of several accesses that came before, the one that nothing orders is told, not the latest.
#[test]
fn a_race_names_the_access_that_nothing_orders() {
    let record = record("a race behind another read", "data-race");
    let race = &record["failure"]["race"];
    assert_eq!(race["first"]["thread"], 1, "{}", told::told(&record));
    assert_eq!(race["first"]["access"], "read");
    assert_eq!(race["second"]["access"], "write");
}

/// The access to a freed node is the last step, and the node is named.
#[test]
fn a_use_after_free_names_the_node() {
    let record = record("a use after free", "use-after-free");
    let told = told::told(&record);
    let steps: Vec<&str> = told.lines().take(3).collect();
    assert_eq!(
        steps,
        [
            "main allocate object=node | let node = Box::into_raw(Box::new(7));",
            "main free object=node",
            "main read object=node | unsafe { boxed::with(node, |it| *it) };",
        ]
    );
    assert_eq!(record["failure"]["object"], 0);
    assert_eq!(record["failure"]["thread"], 0);
    assert!(record["failure"]["race"].is_null());
}

/// A pointer is shown as the node that it leads to, and a free that races as a race.
#[test]
fn a_free_that_races_names_the_read() {
    let record = record("a free that races", "use-after-free");
    let objects = told::objects(&record);
    assert!(objects[0].starts_with("Box Box@"), "{objects:?}");
    let node = objects[0].split(' ').nth(1).expect("a name");
    assert_eq!(objects[1], format!("AtomicPtr head = {node} by main"));
    let told = told::told(&record);
    let exchange = format!(
        "main exchange after=null before={node} call=swap object=head ordering=SeqCst | \
         let node = head.swap(std::ptr::null_mut(), SeqCst);"
    );
    assert!(told.lines().any(|line| line == exchange), "{told}");
    let race = &record["failure"]["race"];
    assert_eq!(race["first"]["access"], "read");
    assert_eq!(race["first"]["thread"], 1);
    assert_eq!(race["second"]["access"], "free");
    let steps = record["steps"].as_array().expect("steps");
    assert_eq!(race["second"]["step"], steps.len() - 1);
    assert_eq!(
        steps[race["first"]["step"].as_u64().unwrap() as usize]["op"],
        "read"
    );
}

/// A leak names what was never dropped; no thread is to blame.
#[test]
fn a_leak_names_the_object() {
    let record = record("a leak", "leak");
    let object = record["failure"]["object"].as_u64().expect("an object");
    assert_eq!(told::objects(&record)[object as usize], "Arc kept by main");
    assert!(record["failure"]["thread"].is_null());
    assert_eq!(
        record["failure"]["at"],
        record["objects"][object as usize]["made"]
    );
}

/// A stale load shows the newest value, and the rung is one with orderings.
#[test]
fn a_stale_load_shows_the_newest_value() {
    let record = record("a stale load", "assertion");
    let told = told::told(&record);
    let stale = "thread-1 load newest=1 object=right ordering=Acquire stale=true value=0 | right.load(Acquire)";
    assert!(told.lines().any(|line| line == stale), "{told}");
    assert_eq!(record["search"]["pass"], "orderings");
}

/// Every change of an atomic is told by its call, with what was there before.
#[test]
fn a_change_is_told_by_its_call() {
    is_told(
        &record("changes", "assertion"),
        r#"
        main update after=3 before=1 call=fetch_add object=count ordering=Relaxed | count.fetch_add(2, Relaxed);
        main exchange after=7 before=3 call=swap object=count ordering=Release | count.swap(7, Release);
        main exchange after=8 before=7 call=compare_exchange object=count ordering=SeqCst | let _ = count.compare_exchange(7, 8, SeqCst, Relaxed);
        main exchange-failed call=compare_exchange found=8 object=count ordering=Acquire wanted=7 | let _ = count.compare_exchange(7, 9, SeqCst, Acquire);
        main update after=5 before=8 call=get_mut object=count ordering=exclusive | *count.get_mut() = 5;
        main panic message=the end | panic!("the end");
        fails assertion message=the end thread=main | panic!("the end");
        "#,
    );
    is_told(
        &record("a weak exchange", "assertion"),
        r#"
        main exchange-failed call=compare_exchange_weak found=0 object=count ordering=SeqCst spurious=true wanted=0 | let exchanged = count.compare_exchange_weak(0, 1, SeqCst, SeqCst);
        main panic message=it failed | assert!(exchanged.is_ok(), "it failed");
        fails assertion message=it failed thread=main | assert!(exchanged.is_ok(), "it failed");
        "#,
    );
}
