//! The record of a schedule that breaks a claim is exact: who did what to what, where, and why.

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

/// A panic is the last step, and the values show how it came to it.
#[test]
fn a_lost_update_shows_what_was_read_and_overwritten() {
    let record = record("an assertion", "assertion");
    is_told(
        &record,
        r#"
        main spawn child=adder | .spawn(move || {
        main load object=count ordering=SeqCst value=0 | let old = count.load(SeqCst);
        adder load object=count ordering=SeqCst value=0 | let old = other.load(SeqCst);
        adder store object=count ordering=SeqCst overwrote=0 value=1 | other.store(old + 1, SeqCst);
        adder end
        main store object=count ordering=SeqCst overwrote=1 value=1 | count.store(old + 1, SeqCst);
        main join child=adder | adder.join().unwrap();
        main load object=count ordering=SeqCst value=1 | assert_eq!(count.load(SeqCst), 2, "an update is lost");
        main panic message=assertion `left == right` failed: an update is lost\n  left: 1\n right: 2 | assert_eq!(count.load(SeqCst), 2, "an update is lost");
        fails assertion message=assertion `left == right` failed: an update is lost\n  left: 1\n right: 2 thread=main | assert_eq!(count.load(SeqCst), 2, "an update is lost");
        "#,
    );
    let objects = told::objects(&record);
    assert_eq!(
        objects,
        ["AtomicU32 count = 0 by main", "Arc count by main"]
    );
    assert_eq!(record["threads"][1]["by"], 0);
    assert_eq!(record["threads"][1]["spawned"], record["steps"][0]["at"]);
    let search = &record["search"];
    assert_eq!(search["rung"], "sequential-1");
    assert_eq!(search["pass"], "sequential");
    assert_eq!(search["preemptions"], 1);
    assert_eq!(search["switches"], 2);
}

/// A `todo!` is told as the panic that it is, with the line breaks of its message.
#[test]
fn a_todo_is_a_panic() {
    is_told(
        &record("a todo", "todo"),
        r#"
        main panic message=not yet implemented: the\nbody | ("a todo", || heddle::model(|| todo!("the\nbody"))),
        fails todo message=not yet implemented: the\nbody thread=main | ("a todo", || heddle::model(|| todo!("the\nbody"))),
        "#,
    );
}

/// A deadlock says who came to a lock that is held, by whom, and since which step.
#[test]
fn a_deadlock_says_who_waits_for_whom() {
    let record = record("two orders", "deadlock");
    let file = "katas/heddle/tests/programs/failing.rs";
    let lines: Vec<&str> = include_str!("programs/failing.rs").lines().collect();
    let line = |text| {
        1 + lines
            .iter()
            .position(|it| it.trim() == text)
            .expect("a line")
    };
    let first = line("let _first = first.lock().unwrap();");
    let left = line("let _left = left.lock().unwrap();");
    is_told(
        &record,
        &format!(
            r#"
        main spawn child=thread-1 | let other = thread::spawn(move || {{
        main lock object=left | let _left = left.lock().unwrap();
        thread-1 lock object=right | let _first = first.lock().unwrap();
        thread-1 blocks holder=(step=1 thread=main | let _left = left.lock().unwrap();) object=left | let _second = second.lock().unwrap();
        main blocks holder=(step=2 thread=thread-1 | let _first = first.lock().unwrap();) object=right | let _right = right.lock().unwrap();
        in main lock doing=waits for the lock right held by thread-1 since {file}:{first} holder=(step=2 thread=thread-1 | let _first = first.lock().unwrap();) object=right | let _right = right.lock().unwrap();
        in thread-1 lock doing=waits for the lock left held by main since {file}:{left} holder=(step=1 thread=main | let _left = left.lock().unwrap();) object=left | let _second = second.lock().unwrap();
        fails deadlock message=every thread that is left waits for ever | let _right = right.lock().unwrap();
        "#
        ),
    );
    assert_eq!(record["search"]["switches"], 2);
}

/// A notification that finds nobody says so, and the wait after it has no end.
#[test]
fn a_lost_wakeup_shows_the_notification_that_woke_nobody() {
    is_told(
        &record("a lost wakeup", "deadlock"),
        r#"
        main spawn child=thread-1 | thread::spawn(move || {
        thread-1 lock object=open | *gate.open.lock().unwrap() = true;
        thread-1 unlock changed_at=[*gate.open.lock().unwrap() = true;] object=open value_left=true
        thread-1 notify object=opened woken=[] | gate.opened.notify_one();
        thread-1 end
        main lock object=open | let open = gate.open.lock().unwrap();
        main wait lock=open object=opened only_looked=true value_left=true | drop(gate.opened.wait(open).unwrap());
        in main wait doing=waits on opened; nobody is left to notify it object=opened | drop(gate.opened.wait(open).unwrap());
        fails deadlock message=every thread that is left waits for ever | drop(gate.opened.wait(open).unwrap());
        "#,
    );
}

/// A thread that spins for ever is in its spin.
#[test]
fn a_livelock_names_the_spin() {
    let record = record("a livelock", "livelock");
    let told = told::told(&record);
    let mut lines = told.lines().rev();
    assert_eq!(
        lines.next(),
        Some(
            "fails livelock message=every thread that is left only spins, and nothing can change \
             any more | heddle::hint::spin_loop();"
        )
    );
    let spins = "in main spin doing=spins | heddle::hint::spin_loop();";
    assert_eq!(lines.next(), Some(spins));
    let load = "main load object=flag ordering=Acquire value=false | while !flag.load(Acquire) {";
    assert!(lines.all(|line| line == load), "{told}");
}

/// Of a schedule without an end the record has the beginning and the end, and says what is missing.
#[test]
fn an_endless_schedule_is_cut_in_the_middle() {
    let record = record("an endless loop", "limit");
    let steps = record["steps"].as_array().expect("steps");
    let before = record["left_out"]["before"].as_u64().expect("a step") as usize;
    let count = record["left_out"]["count"].as_u64().expect("a number");
    assert!(before > 0 && before < steps.len());
    let number = |step: &Value| step["before"].as_str().unwrap().parse::<u64>().unwrap();
    for (index, step) in steps.iter().enumerate() {
        let missing = if index < before { 0 } else { count };
        assert_eq!(number(step), index as u64 + missing);
    }
    let size = record.to_string().len();
    assert!(size < 100_000, "{size}");
}

/// A wait that nobody ended says so, and so does the search; a thread that has not run says that.
#[test]
fn a_spurious_wakeup_is_told() {
    let record = record("a spurious wakeup", "assertion");
    is_told(
        &record,
        r#"
        main spawn child=thread-1 | thread::spawn(move || {
        main lock object=open | let mut open = gate.open.lock().unwrap();
        main wait lock=open looked_at=[if !*open {] object=opened only_looked=true value_left=false | open = gate.opened.wait(open).unwrap();
        main wake lock=open object=opened why=spurious | open = gate.opened.wait(open).unwrap();
        main panic message=it is not open | assert!(*open, "it is not open");
        in thread-1 next doing=has not begun yet
        fails assertion message=it is not open thread=main | assert!(*open, "it is not open");
        "#,
    );
    let fault = serde_json::json!({"kind": "wait", "thread": 0, "nth": 1});
    assert_eq!(record["search"]["fault"], fault);
}

/// A time-out and a sleep are told with their time.
#[test]
fn a_time_out_is_told() {
    is_told(
        &record("a time-out", "assertion"),
        r#"
        main lock object=open | let open = gate.open.lock().unwrap();
        main wait lock=open object=opened only_looked=true time=1 s timed=true value_left=false | let (open, _) = gate.opened.wait_timeout(open, second).unwrap();
        main wake lock=open object=opened time=1 s why=timed-out | let (open, _) = gate.opened.wait_timeout(open, second).unwrap();
        main sleep time=1 s until=2 s | thread::sleep(second);
        main panic message=it is not open | assert!(*open, "it is not open");
        fails assertion message=it is not open thread=main | assert!(*open, "it is not open");
        "#,
    );
}

/// Who comes back from a park says which step put the token down.
#[test]
fn a_token_says_who_put_it_down() {
    is_told(
        &record("tokens", "assertion"),
        r#"
        main spawn child=thread-1 | let other = thread::spawn(move || {
        main unpark target=thread-1 | other.thread().unpark();
        main park | thread::park();
        thread-1 unparked by=1 why=token-was-there | thread::park();
        thread-1 unpark target=main | main.unpark();
        thread-1 end
        main unparked by=4 why=token | thread::park();
        main join child=thread-1 | other.join().unwrap();
        main panic message=the end | panic!("the end");
        fails assertion message=the end thread=main | panic!("the end");
        "#,
    );
}

/// A thread that was notified finds its lock held, then wakes, and says which step woke it.
#[test]
fn a_notified_thread_waits_for_its_lock_first() {
    let told = told::told(&record("a held lock", "assertion"));
    let woken: Vec<&str> = told.lines().skip(4).take(4).collect();
    assert_eq!(
        woken,
        [
            "main notify object=opened woken=[thread-1] | gate.opened.notify_one();",
            "thread-1 blocks holder=(step=3 thread=main | let mut open = gate.open.lock().unwrap();) object=open | open = gate.opened.wait(open).unwrap();",
            "main unlock changed_at=[*open = true;] object=open value_left=true",
            "thread-1 wake by=4 lock=open object=opened why=notified | open = gate.opened.wait(open).unwrap();",
        ]
    );
}

/// An element is told by the name of the whole and its number.
#[test]
fn an_element_has_its_number() {
    let objects = told::objects(&record("forks", "assertion"));
    let names: Vec<&str> = objects
        .iter()
        .filter_map(|it| it.split(' ').nth(1))
        .collect();
    assert_eq!(
        names,
        [
            "forks[0]",
            "forks[1]",
            "forks[2]",
            "pair.0",
            "pair.1[0]",
            "pair.1[1]"
        ]
    );
}

/// Where nobody grades the claim, its schedule is listed on the error output.
#[test]
fn a_schedule_is_listed_where_nobody_grades() {
    let ended = Child::ungraded("tokens").run();
    for line in [
        "main  unpark thread-1",
        "thread-1  unparked token-was-there",
        "main  panic the end",
    ] {
        assert!(ended.stderr.contains(line), "{}", ended.stderr);
    }
    assert!(!Child::graded("tokens").run().stderr.contains("unpark"));
}

/// What recording costs is measured after the verdict, which is formed with every step on record.
#[test]
fn a_measurement_decides_nothing() {
    let ended = Child::graded("it holds")
        .with("HEDDLE_MEASURE", "recording")
        .run();
    assert_eq!(ended.events(), ["started", "measured", "passed"]);
    let measured = &ended.records[1];
    for figure in ["schedules", "recorded_ns", "unrecorded_ns"] {
        assert!(measured[figure].as_u64() > Some(0), "{measured}");
    }
    let ended = Child::graded("an assertion")
        .with("HEDDLE_MEASURE", "recording")
        .run();
    ended.assert_failed("assertion");
    replayed::assert_possible(&ended.end()["counterexample"]);
    assert_eq!(ended.end()["counterexample"]["search"]["switches"], 2);
}
