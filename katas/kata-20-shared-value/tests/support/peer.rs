//! The other process: starting it, talking to it, and its end.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use super::waiting::state_of;

/// A process that plays a part of `tests/bin/value_peer.rs`; it never outlives this.
pub struct Peer {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts a part with its arguments.
    pub fn start(part: &str, arguments: &[&str]) -> Peer {
        let mut child = Command::new(env!("CARGO_BIN_EXE_value_peer"))
            .arg(part)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the process starts");
        Peer {
            orders: child.stdin.take(),
            answers: BufReader::new(child.stdout.take().expect("its output is piped")),
            child,
        }
    }

    /// Starts a part and waits until it says that word.
    #[track_caller]
    pub fn until(part: &str, name: &str, word: &str) -> Peer {
        let mut peer = Peer::start(part, &[name]);
        assert_eq!(peer.answer(), word, "what the other process says");
        peer
    }

    /// The next line that it says; empty when it has ended.
    pub fn answer(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("lines of text");
        line.truncate(line.trim_end().len());
        line
    }

    /// Lets it go on.
    pub fn go_on(&mut self) {
        let orders = self.orders.as_mut().expect("it is still listened to");
        // If it is gone, its status says so.
        let _ = orders.write_all(b"\n");
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it, and waits until it is dead, but does not take note of it as a parent does.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        let stat = format!("/proc/{}", self.id());
        while state_of(stat.as_ref()).is_some_and(|state| state != 'Z') {
            std::thread::yield_now();
        }
    }

    /// Kills it and takes note.
    pub fn kill_and_wait(mut self) {
        self.kill();
        self.child.wait().expect("it can be waited for");
    }

    /// How it ended, once it has.
    pub fn status(mut self) -> ExitStatus {
        drop(self.orders.take());
        self.child.wait().expect("it can be waited for")
    }

    /// Waits for it and makes sure that nothing went wrong in there.
    #[track_caller]
    pub fn ended_well(self) {
        let status = self.status();
        assert!(status.success(), "the other process ended with {status}");
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It fails when the process has been waited for, and that is well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
