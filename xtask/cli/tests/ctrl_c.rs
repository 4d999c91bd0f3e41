//! Ctrl-C in the middle of a check: the claims die with it, and nothing half-written stays.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

/// The claims of a subject that hangs are killed, and the exit code is that of an interrupted program.
#[test]
fn an_interrupted_check_leaves_no_claim_behind() {
    let subject = hanging_subject();
    let mut check = xtask(&["check", "kata-04", "--file"])
        .arg(&subject)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xtask can be started");
    let claim = first_claim(&mut check);
    let pid = Pid::from_child(&check);
    kill_process(pid, Signal::INT).expect("xtask is there to be interrupted");
    let output = check.wait_with_output().expect("xtask ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("interrupted"), "{said}");
    // It was killed; that the system has buried it is a matter of moments.
    while is_alive(claim) {
        std::thread::yield_now();
    }
    fs::remove_file(subject).expect("the subject is there");
}

fn xtask(words: &[&str]) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(words)
        .current_dir(root.expect("the command line lies in the repository"))
        .stdin(Stdio::null());
    command
}

/// The stub of a kata, with a loop in the place of every `todo!`.
fn hanging_subject() -> PathBuf {
    let output = xtask(&["stub", "kata-04"]).output().expect("xtask runs");
    let stub = String::from_utf8(output.stdout).expect("a stub is text");
    let hanging = |line: &str| match line.trim_start().starts_with("todo!(") {
        true => "loop { std::hint::black_box(0); }\n".to_owned(),
        false => format!("{line}\n"),
    };
    let text: String = stub.lines().map(hanging).collect();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hanging.rs");
    fs::write(&file, text).expect("the folder for temporary files can be written");
    file
}

/// The first process of a claim that the check has started.
fn first_claim(check: &mut Child) -> u32 {
    loop {
        let ended = check.try_wait().expect("xtask is a child of this test");
        assert!(
            ended.is_none(),
            "the check ended before a claim ran: {ended:?}"
        );
        let claims = children(check.id());
        if let Some(claim) = claims.into_iter().find(|pid| is_claim(*pid)) {
            return claim;
        }
        std::thread::yield_now();
    }
}

fn children(pid: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task"));
    let lists = tasks
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists
        .flat_map(|list| {
            let pids = list.split_whitespace().map(str::parse);
            pids.filter_map(Result::ok).collect::<Vec<u32>>()
        })
        .collect()
}

/// Whether it is the test binary of a kata with one claim to run.
fn is_claim(pid: u32) -> bool {
    let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    words
        .split(|byte| *byte == 0)
        .any(|word| word == b"--exact")
}

/// Whether the process is neither gone nor dead.
fn is_alive(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat
        .rsplit_once(") ")
        .map(|(_, rest)| rest.starts_with(['Z', 'X']));
    state == Some(false) && is_claim(pid)
}
