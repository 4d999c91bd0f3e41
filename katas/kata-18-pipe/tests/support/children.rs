//! The other process: starting it, and how it ended.

use super::descriptors::shared_with;
use heddle::time::Duration;
use kata_18_pipe::{Connection, Sender};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, PoisonError};

/// A child that will play a part of `tests/bin/pipe_peer.rs`.
pub fn part(name: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pipe_peer"));
    command.arg(name);
    command
}

/// Starts a child that plays a part.
pub fn start(name: &str) -> (Connection, Child) {
    connect(part(name))
}

/// Starts a child from a command of one's own.
///
/// One at a time: where claims share a process, a child of another claim that is only just being
/// started holds copies of everything for a moment.
pub fn connect(command: Command) -> (Connection, Child) {
    static STARTING: Mutex<()> = Mutex::new(());
    let _alone = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    Connection::spawn(command).expect("the child starts")
}

/// How the child ended, once it has.
pub fn exit_status(mut child: Child) -> ExitStatus {
    child.wait().expect("the child can be waited for")
}

/// Waits for the child and makes sure that nothing went wrong in there.
#[track_caller]
pub fn ended_well(child: Child) {
    let status = exit_status(child);
    assert!(status.success(), "the child ended with {status}");
}

/// Kills the child, and returns once it has died of that.
#[track_caller]
pub fn kill(mut child: Child) {
    child.kill().expect("the child can be killed");
    assert_eq!(exit_status(child).signal(), Some(9));
}

/// Starts a child that sends more than any stream holds, and returns once it has begun.
#[track_caller]
pub fn start_sending(name: &str) -> (Connection, Child) {
    let (connection, child) = start(name);
    assert!(connection.receiver.poll(Duration::MAX).unwrap());
    assert_eq!(shared_with(&child), BTreeSet::new());
    (connection, child)
}

/// Sends until that fails.
pub fn without_end(sender: &mut Sender) -> io::Error {
    // No stream holds that much.
    (0..1 << 16)
        .find_map(|_| sender.send(&[7; 1024]).err())
        .expect("the stream fills up, and the peer goes away at last")
}

/// Returns once a thread waits in a system call; `thread` is where it is below `/proc`.
pub fn until_it_waits(thread: &Path) {
    let stat = Path::new("/proc").join(thread).join("stat");
    loop {
        let stat = fs::read_to_string(&stat).expect("the thread lives");
        let (_, state) = stat.rsplit_once(") ").expect("the state follows the name");
        if state.starts_with('S') {
            return;
        }
        std::thread::yield_now();
    }
}
