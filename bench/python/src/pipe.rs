//! A child echoes 20,000 messages over a connection: the time in nanoseconds.

#[path = "../../../solutions/kata-18-pipe/src/lib.rs"]
#[allow(dead_code, reason = "a solution offers more than is measured")]
mod pipe;

use std::env;
use std::process::Command;
use std::time::Instant;

use pipe::Connection;

const TRIPS: usize = 20_000;
const MESSAGE: &[u8] = b"Hello from parent";

fn main() {
    match env::args().nth(1) {
        Some(_) => echo(),
        None => measure(),
    }
}

fn echo() {
    let mut parent = Connection::inherited().expect("the parent's end");
    while let Some(message) = parent.receiver.recv().expect("whole messages") {
        parent.sender.send(&message).expect("the parent listens");
    }
}

fn measure() {
    let mut command = Command::new(env::current_exe().expect("the path of this program"));
    command.arg("echo");
    let start = Instant::now();
    let (mut connection, mut child) = Connection::spawn(command).expect("a child");
    for _ in 0..TRIPS {
        connection.sender.send(MESSAGE).expect("the child listens");
        let answer = connection.receiver.recv().expect("whole messages");
        assert_eq!(answer.as_deref(), Some(MESSAGE));
    }
    drop(connection);
    assert!(child.wait().expect("a child").success());
    println!("{}", start.elapsed().as_nanos());
}
