//! Two threads cannot receive over one connection at once: each would get half a frame.
//@ error: E0499

use kata_18_pipe::Connection;
use std::thread;

fn main() {
    let (mut one, _other) = Connection::pair().expect("a connection");
    thread::scope(|scope| {
        scope.spawn(|| one.receiver.recv());
        #[cfg(refused)]
        scope.spawn(|| one.receiver.recv());
    });
}
