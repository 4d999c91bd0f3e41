//! An interrupted grading leaves no process behind. Alone in its program, because it is the program's end.

use std::process::Command;
use std::time::{Duration, Instant};

use xtask::process::{Job, Limits, ProcessError, Slot, kill_all, run};

/// `kill_all` ends what runs, with its children, and lets nothing more begin.
#[test]
fn an_interrupt_ends_everything() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("interrupted");
    // There is none the first time.
    let _ = std::fs::remove_file(&file);
    let mut command = Command::new("sh");
    command
        .args(["-c", "sleep 3600 & echo $! > $0.new; mv $0.new $0; wait"])
        .arg(&file);
    let limits = Limits::with_clock(Duration::from_secs(600));
    let running = std::thread::spawn(move || {
        run(Job {
            command,
            record_variable: None,
            slot: Slot::take(),
            limits,
        })
    });
    let child = wait_for(|| std::fs::read_to_string(&file).ok());
    kill_all();
    let interrupted = running.join().expect("no panic");
    assert!(
        matches!(interrupted, Err(ProcessError::Interrupted)),
        "{interrupted:?}"
    );
    wait_for(|| {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.trim()));
        let state = stat
            .ok()
            .and_then(|stat| stat.rsplit_once(')')?.1.trim().chars().next());
        matches!(state, None | Some('Z' | 'X')).then_some(())
    });
    let limits = Limits::with_clock(Duration::from_secs(1));
    let refused = run(Job {
        command: Command::new("true"),
        record_variable: None,
        slot: Slot::take(),
        limits,
    });
    assert!(
        matches!(refused, Err(ProcessError::Interrupted)),
        "{refused:?}"
    );
}

fn wait_for<T>(ready: impl Fn() -> Option<T>) -> T {
    let watchdog = Instant::now() + Duration::from_secs(60);
    while Instant::now() < watchdog {
        if let Some(value) = ready() {
            return value;
        }
        std::thread::yield_now();
    }
    panic!("it never came");
}
