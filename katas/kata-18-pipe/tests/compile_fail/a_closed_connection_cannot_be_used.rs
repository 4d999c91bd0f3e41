//! A connection is closed by giving it up, and nobody can use what he has given up.
//@ error: E0382

use kata_18_pipe::Connection;

fn main() {
    let (one, _other) = Connection::pair().expect("a connection");
    let mut sender = one.sender;
    sender.send(b"last").expect("the peer listens");
    drop(sender);
    #[cfg(refused)]
    sender.send(b"one more").expect("the peer listens");
}
