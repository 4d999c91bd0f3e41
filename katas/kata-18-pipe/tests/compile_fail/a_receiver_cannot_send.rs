//! A half that receives has no way to send.
//@ error: E0599

use kata_18_pipe::Connection;

fn main() {
    let (one, _other) = Connection::pair().expect("a connection");
    let Connection {
        mut sender,
        mut receiver,
    } = one;
    sender.send(b"this way").expect("the peer listens");
    let _ = receiver.recv();
    #[cfg(refused)]
    receiver.send(b"not that way").expect("the peer listens");
}
