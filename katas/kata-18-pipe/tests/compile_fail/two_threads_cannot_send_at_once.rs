//! Two threads cannot send over one connection at once: their frames would run into each other.
//@ error: E0499

use kata_18_pipe::Connection;
use std::thread;

fn main() {
    let (mut one, _other) = Connection::pair().expect("a connection");
    thread::scope(|scope| {
        scope.spawn(|| one.sender.send(b"from one thread"));
        #[cfg(refused)]
        scope.spawn(|| one.sender.send(b"from another"));
    });
}
