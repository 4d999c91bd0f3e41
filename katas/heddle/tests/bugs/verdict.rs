//! Runs a model claim in a process of its own, as the grader does, and reads its record.

use std::io::{Read, pipe};
use std::process::{Command, Stdio};

/// Tells a child which program is its claim.
const CHILD: &str = "BUG_TABLE_CLAIM";

/// The end of a claim's record.
struct Verdict {
    record: serde_json::Value,
    success: bool,
    output: String,
}

/// Asserts that the model finds `body` wrong, with a failure of that kind (any, if empty) on a rung whose name begins so.
macro_rules! rejected {
    ($kind:expr, $rung:expr, $body:expr) => {{
        fn here() {}
        crate::verdict::rejected(std::any::type_name_of_val(&here), $kind, $rung, $body)
    }};
}

/// Asserts that the model proves `body` right on every required rung.
macro_rules! accepted {
    ($body:expr) => {{
        fn here() {}
        crate::verdict::accepted(std::any::type_name_of_val(&here), $body)
    }};
}

pub fn rejected(name: &str, kind: &str, rung: &str, body: impl Fn() + Send + Sync + 'static) {
    let Some(verdict) = verdict(name, body) else {
        return;
    };
    let text = |key: &str| verdict.record[key].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        text("event"),
        "failed",
        "a wrong program was not rejected: {}",
        verdict.output
    );
    assert!(
        !verdict.success,
        "the process of a failed claim ended with success"
    );
    assert!(
        kind.is_empty() || text("kind") == kind,
        "expected {kind}: {}",
        verdict.output
    );
    assert!(
        text("rung").starts_with(rung),
        "expected on {rung}, found on {}",
        text("rung")
    );
    let schedule = &verdict.record["counterexample"];
    println!("{}\n{schedule}", text("message"));
    if schedule["left_out"].is_null() {
        crate::replayed::assert_possible(schedule);
    }
}

pub fn accepted(name: &str, body: impl Fn() + Send + Sync + 'static) {
    let Some(verdict) = verdict(name, body) else {
        return;
    };
    assert_eq!(
        verdict.record["event"], "passed",
        "a right program was not accepted: {}",
        verdict.output
    );
    assert!(
        verdict.success,
        "the process of a passed claim ended with a failure: {}",
        verdict.output
    );
    assert!(
        verdict.record["schedules"].as_u64() > Some(0),
        "passed without a schedule"
    );
    println!("{}", verdict.record);
}

/// Runs `body` here if this process is its child, else starts that child and returns how it ended.
fn verdict(name: &str, body: impl Fn() + Send + Sync + 'static) -> Option<Verdict> {
    let (_, path) = name.split_once("::").expect("a test lies in a module");
    let test = path
        .strip_suffix("::here")
        .expect("the macros name themselves");
    if std::env::var(CHILD).as_deref() == Ok(test) {
        heddle::model(body);
        return None;
    }
    let (mut reader, writer) = pipe().expect("a pipe for the record");
    // std hands over a standard stream; the shell moves it to a number of its own.
    let child = Command::new("/bin/sh")
        .args(["-c", "exec 7<&0 0</dev/null; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().expect("the path of this test program"))
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env_clear()
        .env(CHILD, test)
        .env("HEDDLE_RECORD_FD", "7")
        .env("HEDDLE_NONCE", "b09")
        .env("HEDDLE_BUDGET_MS", "600000")
        .stdin(Stdio::from(writer))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this test program starts again");
    // A long record would fill the pipe and never end: it is read while the child runs.
    let reading = std::thread::spawn(move || {
        let mut record = String::new();
        reader.read_to_string(&mut record).map(|_| record)
    });
    let output = child.wait_with_output().expect("the child ends");
    let record = reading.join().expect("the record is read");
    let record = record.expect("the record is text");
    let output = format!(
        "{record}{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ) + &format!("{}", output.status);
    let last = record
        .lines()
        .last()
        .unwrap_or_else(|| panic!("no record: {output}"));
    let record = serde_json::from_str(last).expect("a record is JSON");
    Some(Verdict {
        record,
        success: output.ends_with("exit status: 0"),
        output,
    })
}
