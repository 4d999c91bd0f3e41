//! A claim ends, whatever it does, and nothing of it stays behind.

use std::time::{Duration, Instant};

use heddle_terms::report::{Limit, Verdict};
use xtask::process::{End, Job, Limits, Slot, run};

use crate::world::{verdict_on, with_body};

/// Output without end is stopped.
#[test]
fn a_flood_of_output_is_a_limit() {
    let verdict = verdict_on(&with_body("loop { println!(\"{:1000}\", number); }"));
    let Verdict::LimitExceeded {
        which: Limit::Output,
        ..
    } = verdict
    else {
        panic!("{verdict:?}")
    };
}

/// More memory than a claim may have is not given.
#[test]
fn memory_without_end_is_a_limit() {
    // Reserved and never touched, so that the machine does not suffer.
    let body = "let mut all: Vec<Vec<u64>> = Vec::new();\n    \
                loop { all.push(Vec::with_capacity(1 << 24)); std::hint::black_box(&all); }";
    let verdict = verdict_on(&with_body(body));
    let Verdict::LimitExceeded {
        which: Limit::Memory,
        ..
    } = verdict
    else {
        panic!("{verdict:?}")
    };
}

/// Children without end are stopped, all of them.
#[test]
fn children_without_end_are_a_limit() {
    let body =
        "loop { std::process::Command::new(\"sleep\").arg(\"3600\").spawn().expect(\"started\"); }";
    let verdict = verdict_on(&with_body(body));
    let Verdict::LimitExceeded {
        which: Limit::Children,
        ..
    } = verdict
    else {
        panic!("{verdict:?}")
    };
}

/// A process that does not end is ended with everything it started.
#[test]
fn a_hang_is_ended_with_its_children() {
    let limits = Limits {
        clock: Duration::from_millis(300),
        grace: Duration::ZERO,
        ..Limits::with_clock(Duration::ZERO)
    };
    let ended = run(shell("sleep 3600 & echo $!; wait", limits)).expect("it runs");
    assert_eq!(ended.end, End::Clock);
    assert_gone(&ended.stdout);
}

/// What a process leaves behind when it ends is ended too.
#[test]
fn children_left_behind_are_ended() {
    let limits = Limits::with_clock(Duration::from_secs(60));
    let ended = run(shell("sleep 3600 & echo $!", limits)).expect("it runs");
    assert_eq!(ended.end, End::Itself);
    assert!(ended.status.success());
    assert_gone(&ended.stdout);
}

/// A process that closes its streams and goes on is waited for.
#[test]
fn closed_streams_are_not_an_end() {
    let limits = Limits::with_clock(Duration::from_secs(60));
    let ended = run(shell("exec >&- 2>&-; exit 3", limits)).expect("it runs");
    assert_eq!(ended.status.code(), Some(3));
}

/// A long output is kept at both ends.
#[test]
fn a_long_output_keeps_its_beginning_and_its_end() {
    let limits = Limits::with_clock(Duration::from_secs(60));
    let job = shell("echo first; head -c 1000000 /dev/zero; echo last", limits);
    let stdout = run(job).expect("it runs").stdout;
    let text = String::from_utf8_lossy(&stdout);
    assert!(text.starts_with("first") && text.trim_end().ends_with("last"));
    assert!(text.contains("left out") && text.len() < 300_000);
}

fn shell(script: &str, limits: Limits) -> Job {
    let mut command = std::process::Command::new("sh");
    command.args(["-c", script]);
    Job {
        command,
        record_variable: None,
        slot: Slot::take(),
        limits,
    }
}

/// Waits until the process of that number has ended; one that init has not yet reaped has.
#[track_caller]
fn assert_gone(pid: &[u8]) {
    let pid = String::from_utf8_lossy(pid).trim().to_owned();
    // A killed process takes a moment to die; this is only the watchdog.
    let watchdog = Instant::now() + Duration::from_secs(60);
    while Instant::now() < watchdog {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let state = stat
            .rsplit_once(')')
            .and_then(|(_, rest)| rest.trim().chars().next());
        if matches!(state, None | Some('Z' | 'X')) {
            return;
        }
        std::thread::yield_now();
    }
    panic!("{pid} still lives");
}
