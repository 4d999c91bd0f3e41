//! What the types must accept.

use heddle::thread;
use kata_18_pipe::{Connection, FrameReader, FrameWriter, Receiver, Sender};
use std::io::Cursor;

fn may_move_to_another_thread<T: Send + 'static>() {}

/// A connection and each of its halves may move to another thread.
#[test]
fn the_halves_move_to_threads() {
    heddle::spec(|| {
        may_move_to_another_thread::<Connection>();
        may_move_to_another_thread::<Sender>();
        may_move_to_another_thread::<Receiver>();
    });
}

/// Two threads may borrow the two halves of one connection at once.
#[test]
fn two_threads_borrow_the_halves() {
    heddle::spec(|| {
        let (mut one, mut other) = Connection::pair().unwrap();
        let Connection { sender, receiver } = &mut one;
        thread::scope(|scope| {
            scope.spawn(|| sender.send(b"there").unwrap());
            other.sender.send(b"back").unwrap();
            assert_eq!(receiver.recv().unwrap().unwrap(), b"back");
        });
        assert_eq!(other.receiver.recv().unwrap().unwrap(), b"there");
    });
}

/// Frames run over any reader and any writer, owned or borrowed.
#[test]
fn frames_run_over_anything() {
    heddle::spec(|| {
        let mut bytes = Vec::new();
        FrameWriter::new(&mut bytes).send(b"over").unwrap();
        FrameWriter::new(Cursor::new(vec![]))
            .send(b"anything")
            .unwrap();
        let message = FrameReader::new(Cursor::new(bytes), 4).recv().unwrap();
        assert_eq!(message.as_deref(), Some(b"over".as_slice()));
    });
}
