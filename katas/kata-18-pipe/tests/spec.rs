//! What the connection promises, between two ends in one process and between two processes. Long, as a phase is one file of short claims.

use heddle::thread;
use heddle::time::{Duration, Instant};
use kata_18_pipe::{Connection, FrameReader, FrameWriter, MAX_MESSAGE, wait};
use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Read};
use std::process::{self, Stdio};
use std::sync::mpsc;
use support::children::{
    connect, ended_well, kill, part, start, start_sending, until_it_waits, without_end,
};
use support::descriptors::{open_files, surroundings};
use support::dropping::drop_it;
use support::memory::largest_allocation;
use support::sinks::{Full, Narrow, NeverReady};

mod support;

/// A message is its length in four bytes, most significant first, and then its body.
#[test]
fn a_frame_is_a_length_and_a_body() {
    heddle::spec(|| {
        let mut bytes = Vec::new();
        let mut writer = FrameWriter::new(&mut bytes);
        writer.send(b"hi").unwrap();
        writer.send(&[7; 258]).unwrap();
        assert_eq!(bytes[..6], *b"\0\0\0\x02hi");
        assert_eq!(bytes[6..10], [0, 0, 1, 2]);
        assert_eq!(bytes[10..], [7; 258]);
    });
}

/// An empty message is a message and not the end, and no limit is too short for it.
#[test]
fn an_empty_message_is_a_message() {
    heddle::spec(|| {
        let mut bytes = Vec::new();
        FrameWriter::new(&mut bytes).send(b"").unwrap();
        assert_eq!(bytes, [0; 4]);
        let mut reader = FrameReader::new(bytes.as_slice(), 0);
        assert_eq!(reader.recv().unwrap(), Some(vec![]));
        assert_eq!(reader.recv().unwrap(), None);
    });
}

/// A frame longer than the limit, be it zero, is refused before memory is taken for it.
#[test]
fn an_over_long_frame_costs_no_memory() {
    heddle::spec(|| {
        for (length, limit) in [(64 << 20, MAX_MESSAGE), (u32::MAX, MAX_MESSAGE), (1, 0)] {
            let header = length.to_be_bytes();
            let mut reader = FrameReader::new(header.as_slice(), limit);
            let largest = largest_allocation(|| {
                let error = reader.recv().unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidData);
            });
            assert!(largest < 1 << 20, "{largest} bytes were taken at once");
        }
    });
}

/// A message longer than the limit is not sent, not even in part, and the next one is.
#[test]
fn an_over_long_message_is_not_sent() {
    heddle::spec(|| {
        let mut bytes = Vec::new();
        let mut writer = FrameWriter::new(&mut bytes);
        let error = writer.send(&vec![1; MAX_MESSAGE + 1]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        writer.send(b"short").unwrap();
        assert_eq!(bytes, b"\0\0\0\x05short");
    });
}

/// A sink that takes three bytes at a time gets the whole frame.
#[test]
fn a_sink_that_takes_little_gets_everything() {
    heddle::spec(|| {
        let mut narrow = Narrow::default();
        FrameWriter::new(&mut narrow).send(b"in pieces").unwrap();
        assert_eq!(narrow.taken, b"\0\0\0\x09in pieces");
    });
}

/// A sink that takes nothing more is an error and not a reason to try for ever.
#[test]
fn a_sink_that_takes_nothing_is_an_error() {
    heddle::spec(|| {
        let error = FrameWriter::new(Full::new()).send(b"too much").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WriteZero);
    });
}

/// What would block is an error at both ends and not a reason to try for ever.
#[test]
fn what_would_block_is_an_error() {
    heddle::spec(|| {
        let mut never_ready = NeverReady::default();
        let received = FrameReader::new(&mut never_ready, 16).recv();
        assert_eq!(received.unwrap_err().kind(), ErrorKind::WouldBlock);
        let sent = FrameWriter::new(never_ready).send(b"now");
        assert_eq!(sent.unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

/// Messages pass both ways, each with its own bounds.
#[test]
fn messages_pass_both_ways() {
    heddle::spec(|| {
        let (mut one, mut other) = Connection::pair().unwrap();
        one.sender.send(b"first").unwrap();
        one.sender.send(b"second").unwrap();
        other.sender.send(b"back").unwrap();
        assert_eq!(other.receiver.recv().unwrap().unwrap(), b"first");
        assert_eq!(other.receiver.recv().unwrap().unwrap(), b"second");
        assert_eq!(one.receiver.recv().unwrap().unwrap(), b"back");
    });
}

/// What was sent before the end is received before the end, and the end stays.
#[test]
fn messages_come_before_the_end() {
    heddle::spec(|| {
        let (mut one, mut other) = Connection::pair().unwrap();
        one.sender.send(b"first").unwrap();
        one.sender.send(b"second").unwrap();
        drop(one);
        assert_eq!(other.receiver.recv().unwrap().unwrap(), b"first");
        assert_eq!(other.receiver.recv().unwrap().unwrap(), b"second");
        assert_eq!(other.receiver.recv().unwrap(), None);
        assert_eq!(other.receiver.recv().unwrap(), None);
    });
}

/// A peer that closes without reading everything has ended the stream, no worse.
#[test]
fn unread_messages_make_the_end_no_error() {
    heddle::spec(|| {
        let (mut one, mut other) = Connection::pair().unwrap();
        one.sender.send(b"heard").unwrap();
        other.sender.send(b"never read").unwrap();
        drop(one);
        assert_eq!(other.receiver.recv().unwrap().unwrap(), b"heard");
        assert_eq!(other.receiver.recv().expect("the end"), None);
    });
}

/// A message to a peer that is gone is a broken pipe.
#[test]
fn a_send_to_a_closed_peer_is_a_broken_pipe() {
    heddle::spec(|| {
        let (one, mut other) = Connection::pair().unwrap();
        drop(one);
        let error = other.sender.send(b"anyone?").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

/// Dropping the sender alone, be it by a panic, ends the stream for the peer, and the receiver goes on.
#[test]
fn the_receiver_outlives_the_sender() {
    heddle::spec(|| {
        for panics in [false, true] {
            let (mut one, mut other) = Connection::pair().unwrap();
            drop_it(one.sender, panics);
            assert!(other.receiver.poll(Duration::ZERO).unwrap());
            assert_eq!(other.receiver.recv().unwrap(), None);
            other.sender.send(b"still heard").unwrap();
            assert_eq!(one.receiver.recv().unwrap().unwrap(), b"still heard");
        }
    });
}

/// Dropping the receiver alone, be it by a panic, makes the peer's send fail, and the sender goes on.
#[test]
fn the_sender_outlives_the_receiver() {
    heddle::spec(|| {
        for panics in [false, true] {
            let (mut one, mut other) = Connection::pair().unwrap();
            drop_it(one.receiver, panics);
            let error = other.sender.send(b"to nobody").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BrokenPipe);
            one.sender.send(b"still heard").unwrap();
            assert_eq!(other.receiver.recv().unwrap().unwrap(), b"still heard");
        }
    });
}

/// `poll` tells of a message and of the end, and takes neither.
#[test]
fn poll_tells_and_takes_nothing() {
    heddle::spec(|| {
        let (mut one, mut other) = Connection::pair().unwrap();
        assert!(!other.receiver.poll(Duration::ZERO).unwrap());
        one.sender.send(b"first").unwrap();
        assert!(other.receiver.poll(Duration::ZERO).unwrap());
        assert!(other.receiver.poll(Duration::MAX).unwrap());
        drop(one);
        assert_eq!(other.receiver.recv().unwrap().unwrap(), b"first");
        assert!(other.receiver.poll(Duration::ZERO).unwrap());
        assert_eq!(other.receiver.recv().unwrap(), None);
    });
}

/// `poll` tells of a second message that arrived together with the first.
#[test]
fn poll_tells_of_each_message() {
    heddle::spec(|| {
        let (mut one, mut other) = Connection::pair().unwrap();
        one.sender.send(b"first").unwrap();
        one.sender.send(b"second").unwrap();
        assert_eq!(other.receiver.recv().unwrap().unwrap(), b"first");
        assert!(other.receiver.poll(Duration::ZERO).unwrap());
        drop(one);
        assert_eq!(other.receiver.recv().unwrap().unwrap(), b"second");
    });
}

/// `poll` returns without a message only after the whole timeout, be it ever so short, and so does
/// a `wait` for nobody.
#[test]
fn poll_waits_out_its_timeout() {
    heddle::spec(|| {
        let (_one, other) = Connection::pair().unwrap();
        let timeout = Duration::from_micros(900);
        for _ in 0..50 {
            let start = Instant::now();
            assert!(!other.receiver.poll(timeout).unwrap());
            assert!(start.elapsed() >= timeout);
            let start = Instant::now();
            assert_eq!(wait(&[], timeout).unwrap(), []);
            assert!(start.elapsed() >= timeout, "nobody was waited for");
        }
    });
}

/// `wait` names those receivers that have a message or have come to the end.
#[test]
fn wait_names_the_ready_ones() {
    heddle::spec(|| {
        let (mut quiet, a) = Connection::pair().unwrap();
        let (mut busy, b) = Connection::pair().unwrap();
        let (gone, c) = Connection::pair().unwrap();
        let all = [&a.receiver, &b.receiver, &c.receiver];
        assert_eq!(wait(&all, Duration::ZERO).unwrap(), []);
        busy.sender.send(b"a message").unwrap();
        assert_eq!(wait(&all, Duration::MAX).unwrap(), [1]);
        drop(gone);
        assert_eq!(wait(&all, Duration::MAX).unwrap(), [1, 2]);
        quiet.sender.send(b"another").unwrap();
        assert_eq!(wait(&all, Duration::MAX).unwrap(), [0, 1, 2]);
    });
}

/// A child answers over the end that it was given, and ends when its parent lets go.
#[test]
fn a_child_answers_until_its_parent_lets_go() {
    heddle::spec(|| {
        let (mut connection, child) = start("echo");
        for message in [b"hello", b"child"] {
            connection.sender.send(message).unwrap();
            assert_eq!(connection.receiver.recv().unwrap().unwrap(), message);
        }
        drop(connection);
        ended_well(child);
    });
}

/// The death of the child is the end of the stream, after its last words.
#[test]
fn the_childs_death_is_the_end() {
    heddle::spec(|| {
        let (mut connection, child) = start("leave");
        ended_well(child);
        assert_eq!(connection.receiver.recv().unwrap().unwrap(), b"last words");
        assert!(connection.receiver.poll(Duration::ZERO).unwrap());
        assert_eq!(connection.receiver.recv().unwrap(), None);
    });
}

/// A child that dies inside a message leaves it truncated, which is not the end, whether it has
/// read all that was sent to it or not.
#[test]
fn a_death_inside_a_message_is_no_clean_end() {
    heddle::spec(|| {
        for unread in [None, Some(b"never read")] {
            let (mut connection, child) = start_sending("send_the_greatest");
            let sent = unread.map(|message| connection.sender.send(message));
            assert!(sent.is_none_or(|sent| sent.is_ok()), "the child lives");
            kill(child);
            let error = connection.receiver.recv().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
        }
    });
}

/// A send that waits for room ends in a broken pipe when the peer dies.
#[test]
fn a_waiting_send_fails_when_the_peer_dies() {
    heddle::spec(|| {
        // This child sends as well and does not receive, so its stream is full of our messages.
        let (connection, child) = start_sending("send_without_end");
        let (mut sender, _receiver) = (connection.sender, connection.receiver);
        let (tell, told) = mpsc::channel();
        let sending = thread::spawn(move || {
            tell.send(fs::read_link("/proc/thread-self")).unwrap();
            without_end(&mut sender)
        });
        until_it_waits(&told.recv().unwrap().expect("/proc is mounted"));
        kill(child);
        assert_eq!(sending.join().unwrap().kind(), ErrorKind::BrokenPipe);
    });
}

/// Both processes may send more than the stream holds before either has received all.
#[test]
fn both_may_send_before_they_receive() {
    heddle::spec(|| {
        let (connection, child) = start("send_before_receiving");
        let (mut sender, mut receiver) = (connection.sender, connection.receiver);
        let sending = thread::spawn(move || {
            for _ in 0..4 {
                sender.send(&vec![1; 1 << 20]).expect("the child listens");
            }
        });
        for _ in 0..4 {
            assert_eq!(receiver.recv().unwrap().unwrap(), vec![2; 1 << 20]);
        }
        sending.join().unwrap();
        assert_eq!(receiver.recv().unwrap(), None);
        ended_well(child);
    });
}

/// A message is received while a send of the same side waits for room.
#[test]
fn a_waiting_send_keeps_nobody_from_receiving() {
    heddle::spec(|| {
        let (connection, child) = start("answer_without_receiving");
        let (mut sender, mut receiver) = (connection.sender, connection.receiver);
        // Longer than any stream holds, so it waits for room until the child is gone. The child
        // answers when it sees the beginning, so the answer comes while the send is under way.
        let sending = thread::spawn(move || sender.send(&vec![1; MAX_MESSAGE]));
        assert_eq!(receiver.recv().unwrap().unwrap(), b"it has begun");
        kill(child);
        let error = sending.join().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

/// A message of exactly the limit passes, from one process to another.
#[test]
fn the_greatest_message_passes() {
    heddle::spec(|| {
        let (mut connection, child) = start("send_the_greatest");
        let message = connection.receiver.recv().unwrap().unwrap();
        assert!(message == vec![1; MAX_MESSAGE]);
        ended_well(child);
    });
}

/// A child has nothing open that is its parent's alone, nor the parent anything of a child's:
/// no end of another connection, and not the grader's record.
#[test]
fn nobody_holds_what_belongs_to_another() {
    heddle::spec(|| {
        let surroundings = surroundings();
        let (mut first, first_child) = start("echo");
        let (mut second, second_child) = start("echo");
        for connection in [&mut first, &mut second] {
            connection.sender.send(b"there?").unwrap();
            assert_eq!(connection.receiver.recv().unwrap().unwrap(), b"there?");
        }
        let [ours, of_first, of_second] = [process::id(), first_child.id(), second_child.id()]
            .map(|process| &open_files(process) - &surroundings);
        let pairs = [
            (&ours, &of_first),
            (&ours, &of_second),
            (&of_first, &of_second),
        ];
        for (one, other) in pairs {
            assert_eq!(one & other, BTreeSet::new());
        }
        drop((first, second));
        ended_well(first_child);
        ended_well(second_child);
    });
}

/// A process that the child leaves behind does not keep the stream open.
#[test]
fn a_grandchild_keeps_no_end() {
    heddle::spec(|| {
        let mut command = part("leave_a_grandchild");
        // The grandchild lives as long as somebody reads its standard error.
        command.stderr(Stdio::piped());
        let (mut connection, mut child) = connect(command);
        let mut grandchild = child.stderr.take().unwrap();
        ended_well(child);
        // Until its first sign of life it may hold what is closed when a program begins.
        grandchild.read_exact(&mut [0]).unwrap();
        assert!(connection.receiver.poll(Duration::ZERO).unwrap());
        assert_eq!(connection.receiver.recv().unwrap(), None);
    });
}

/// A child that reads its standard input takes nothing from the connection.
#[test]
fn standard_input_is_no_way_round() {
    heddle::spec(|| {
        let (mut connection, child) = start("read_standard_input");
        connection.sender.send(b"for the connection").unwrap();
        drop(connection);
        ended_well(child);
    });
}

/// An end can be taken once, and only by a process that was given one.
#[test]
fn an_end_is_taken_once() {
    heddle::spec(|| {
        let (_connection, child) = start("take_twice");
        ended_well(child);
        let mut without = part("take_nothing");
        ended_well(without.stdin(Stdio::null()).spawn().unwrap());
    });
}

/// A signal does not end a wait.
#[test]
fn a_signal_ends_no_wait() {
    heddle::spec(|| {
        let (mut connection, child) = start("poll_through_a_signal");
        assert_eq!(connection.receiver.recv().unwrap().unwrap(), b"interrupted");
        // The child is gone by now if the signal has ended its wait: its status says so.
        let _ = connection.sender.send(b"go on");
        ended_well(child);
    });
}

/// Signals do not prolong a wait, however many come.
#[test]
fn signals_do_not_prolong_a_wait() {
    heddle::spec(|| {
        let (_connection, child) = start("poll_among_signals");
        ended_well(child);
    });
}
