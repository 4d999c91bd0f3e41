//! An end has one owner: a second one could send into the middle of the first one's frame.
//@ error: E0599

use kata_18_pipe::Connection;

fn main() {
    let (one, _other) = Connection::pair().expect("a connection");
    #[cfg(refused)]
    let _twin = one.clone();
    drop(one);
}
