//! What `heddle::spec` tells the grader of a claim that holds, and of each way to break one.

#![cfg(not(feature = "model"))]

mod child;

use std::fs;
use std::panic;
use std::process::{self, Command};
use std::sync::mpsc;
use std::thread;

use child::{Child, Claim};

const CLAIMS: &[Claim] = &[
    ("returns", || heddle::spec(|| {})),
    ("panics", || heddle::spec(|| panic!("\"two\"\nlines\u{1}"))),
    ("panics without a text", || {
        heddle::spec(|| panic::panic_any(7));
    }),
    ("expects panics", || heddle::spec(expects_panics)),
    ("unwraps a join", || heddle::spec(unwraps_a_join)),
    ("loses a scoped thread", || {
        heddle::spec(loses_a_scoped_thread)
    }),
    ("resumes a panic", || heddle::spec(resumes_a_panic)),
    ("is not written", || heddle::spec(|| todo!("the body"))),
    ("takes a todo for a panic", || {
        heddle::spec(|| {
            let refused = panic::catch_unwind(|| todo!("the refusal"));
            assert!(refused.is_err());
        });
    }),
    ("misses what is not written", || {
        heddle::spec(|| {
            let done = thread::spawn(|| todo!("the work")).join().is_ok();
            assert!(done, "the work is not done");
        });
    }),
    ("waits for a thread that is not written", || {
        heddle::spec(|| {
            let (_sender, receiver) = mpsc::channel::<()>();
            let unwritten = thread::spawn(|| todo!("the sender"));
            assert!(unwritten.join().is_err());
            let _ = receiver.recv();
        });
    }),
    ("exits", || heddle::spec(|| process::exit(0))),
    ("panics in a destructor", || {
        heddle::spec(|| {
            let _second = PanicsInDrop;
            panic!("the first panic");
        });
    }),
    ("hangs", || heddle::spec(hangs)),
    ("looks for the record", looks_for_the_record),
];

/// Runs one of the claims above when another test has started this process for it.
#[test]
fn the_claim_of_a_child() {
    child::dispatch(CLAIMS);
}

/// A claim that returns has passed, with one case.
#[test]
fn a_claim_that_returns_has_passed() {
    let ended = Child::graded("returns").run();
    ended.assert_passed();
    assert_eq!(ended.end()["cases"], 1);
    assert_eq!(ended.text("runner"), "spec");
}

/// The record has the message of the panic, every character of it, and its place.
#[test]
fn a_panic_that_leaves_the_claim_is_told() {
    let ended = Child::graded("panics").run();
    ended.assert_failed("assertion");
    assert_eq!(ended.text("message"), "\"two\"\nlines\u{1}");
    assert_eq!(ended.end()["place"]["line"], line_of("panic!(\"\\\"two"));
    let file = ended.end()["place"]["file"].as_str().unwrap_or_default();
    assert!(file.ends_with("tests/real_spec.rs"), "{file}");
}

/// A panic is a failure whatever its payload is.
#[test]
fn a_panic_without_a_text_is_a_failure() {
    Child::graded("panics without a text")
        .run()
        .assert_failed("assertion");
}

/// What a claim catches or takes out of a join is its own affair.
#[test]
fn a_panic_that_the_claim_expects_is_no_failure() {
    Child::graded("expects panics").run().assert_passed();
}

fn expects_panics() {
    let caught = panic::catch_unwind(|| panic!("expected here"));
    assert!(caught.is_err());
    let joined = thread::spawn(|| panic!("expected there")).join();
    assert!(joined.is_err());
}

/// Behind an unwrapped join the thread's own panic is told, not the unwrapping.
#[test]
fn the_panic_of_a_joined_thread_is_told() {
    let ended = Child::graded("unwraps a join").run();
    ended.assert_failed("assertion");
    assert_eq!(ended.text("message"), "inside the thread");
    assert_eq!(ended.end()["threads"][0]["name"], "worker");
}

fn unwraps_a_join() {
    let worker = thread::Builder::new().name("worker".to_owned());
    let worker = worker.spawn(|| panic!("inside the thread"));
    worker.expect("a thread can be started").join().unwrap();
}

/// Behind a scope that reports a panicked thread that thread's panic is told.
#[test]
fn the_panic_of_a_scoped_thread_is_told() {
    let ended = Child::graded("loses a scoped thread").run();
    ended.assert_failed("assertion");
    assert_eq!(ended.text("message"), "inside the scope");
}

fn loses_a_scoped_thread() {
    thread::scope(|scope| {
        scope.spawn(|| panic!("inside the scope"));
    });
}

/// A panic that is carried over from another thread keeps its place.
#[test]
fn a_resumed_panic_keeps_its_place() {
    let ended = Child::graded("resumes a panic").run();
    ended.assert_failed("assertion");
    let line = line_of("panic!(\"carried over");
    assert_eq!(ended.end()["place"]["line"], line);
}

fn resumes_a_panic() {
    let thread = thread::spawn(|| panic!("carried over"));
    let Err(payload) = thread.join();
    panic::resume_unwind(payload);
}

/// A body that is not written yet is not a wrong answer.
#[test]
fn a_todo_is_told_apart() {
    let ended = Child::graded("is not written").run();
    ended.assert_failed("todo");
    assert_eq!(ended.end()["place"]["line"], line_of("todo!(\"the body"));
}

/// A claim that expects a panic does not hold because a body is not written.
#[test]
fn a_todo_that_is_caught_is_not_a_pass() {
    let graded = Child::graded("takes a todo for a panic").run();
    graded.assert_failed("todo");
    let ungraded = Child::ungraded("takes a todo for a panic").run();
    assert_eq!(ungraded.status.code(), Some(101));
}

/// What is missing because a body is not written is no wrong answer either.
#[test]
fn a_failure_behind_a_todo_is_a_todo() {
    let ended = Child::graded("misses what is not written").run();
    ended.assert_failed("todo");
    assert_eq!(ended.end()["place"]["line"], line_of("todo!(\"the work"));
}

/// When a claim hangs because a thread is not written, that thread is the reason.
#[test]
fn a_hang_behind_a_todo_is_a_todo() {
    let ended = Child::graded("waits for a thread that is not written")
        .with("HEDDLE_DEADLINE_MS", "500")
        .run();
    ended.assert_failed("todo");
}

/// A subject that ends the process leaves no end of the claim behind.
#[test]
fn a_claim_that_exits_has_only_started() {
    let ended = Child::graded("exits").run();
    assert_eq!(ended.events(), ["started"]);
    assert_eq!(ended.status.code(), Some(0));
}

/// A second panic, in a destructor, aborts the process: both are told all the same.
#[test]
fn a_panic_in_a_destructor_is_told_before_the_process_aborts() {
    let ended = Child::graded("panics in a destructor").run();
    assert_eq!(ended.events(), ["started", "failed"]);
    assert!(ended.text("message").starts_with("the first panic"));
    let second = &ended.end()["threads"][0];
    let doing = second["doing"].as_str();
    assert!(doing.is_some_and(|it| it.ends_with(": the second panic")));
    assert_eq!(
        second["place"]["line"],
        line_of("panic!(\"the second panic")
    );
    assert!(!ended.status.success());
}

struct PanicsInDrop;

impl Drop for PanicsInDrop {
    fn drop(&mut self) {
        panic!("the second panic");
    }
}

/// A claim that never ends is told at the deadline, with its threads.
#[test]
fn a_hang_is_told_at_the_deadline() {
    let ended = Child::graded("hangs")
        .with("HEDDLE_DEADLINE_MS", "500")
        .run();
    ended.assert_failed("timeout");
}

/// The watchdog ends the process even when nobody is left to read what it says.
#[test]
fn a_hang_is_ended_when_nobody_listens() {
    let ended = Child::graded("hangs")
        .with("HEDDLE_DEADLINE_MS", "500")
        .unheard()
        .run();
    ended.assert_failed("timeout");
}

fn hangs() {
    loop {
        thread::park();
    }
}

/// Neither the claim nor a program that it starts can find the record.
#[test]
fn nobody_inherits_the_record() {
    Child::graded("looks for the record").run().assert_passed();
}

fn looks_for_the_record() {
    let record = fs::read_link("/proc/self/fd/7").expect("the parent hands over a record");
    let record = record.display().to_string();
    heddle::spec(|| {
        let mut names = std::env::vars().map(|(name, _)| name);
        assert_eq!(names.find(|name| name.starts_with("HEDDLE")), None);
        assert!(fs::read_link("/proc/self/fd/7").is_err());
        let mut list = Command::new("/bin/ls");
        let listing = list.args(["-l", "/proc/self/fd"]).output();
        let listing = listing.expect("ls can be run").stdout;
        let listing = String::from_utf8(listing).expect("the names of files are text");
        assert!(listing.contains("/dev/null") && !listing.contains(&record));
    });
}

/// Without a nonce the claim runs as any test does.
#[test]
fn a_claim_without_a_grader_is_a_plain_test() {
    let passed = Child::ungraded("returns").run();
    assert_eq!(passed.status.code(), Some(0));
    assert!(passed.records.is_empty());
    let failed = Child::ungraded("panics").run();
    assert_eq!(failed.status.code(), Some(101));
    assert!(failed.stderr.contains("\"two\""), "{}", failed.stderr);
}

/// A descriptor that can't be a record stops the claim before it runs.
#[test]
fn a_forged_descriptor_is_refused() {
    for descriptor in ["1", "99", "-1", "x", ""] {
        let ended = Child::graded("returns")
            .with("HEDDLE_RECORD_FD", descriptor)
            .run();
        assert!(ended.records.is_empty());
        assert_eq!(ended.status.code(), Some(101), "{descriptor:?}");
        assert!(
            ended.stderr.contains("HEDDLE_RECORD_FD"),
            "{}",
            ended.stderr
        );
    }
}

/// The line of this file that has `text` first.
fn line_of(text: &str) -> usize {
    let lines = include_str!("real_spec.rs").lines();
    let before = lines.take_while(|line| !line.contains(text));
    before.count() + 1
}
