//! What the connection promises, between two ends in one process and between two processes.

use heddle::thread;
use heddle::time::{Duration, Instant};
use kata_18_pipe::{Connection, FrameReader, FrameWriter, MAX_MESSAGE, wait};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{BufWriter, ErrorKind};
use std::os::unix::process::ExitStatusExt;
use std::process::{self, Stdio};
use support::children::{connect, ended_well, exit_status, part, start, until_it_waits};
use support::descriptors::{open_files, surroundings};
use support::memory::largest_allocation;
use support::sinks::{Counted, FailsOnce, Full};

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

/// An empty message is a message and not the end.
#[test]
fn an_empty_message_is_a_message() {
    heddle::spec(|| {
        let mut bytes = Vec::new();
        FrameWriter::new(&mut bytes).send(b"").unwrap();
        assert_eq!(bytes, [0; 4]);
        let mut reader = FrameReader::new(bytes.as_slice(), 16);
        assert_eq!(reader.recv().unwrap(), Some(vec![]));
        assert_eq!(reader.recv().unwrap(), None);
    });
}

/// A frame longer than the limit is refused before memory is taken for it.
#[test]
fn an_over_long_frame_costs_no_memory() {
    heddle::spec(|| {
        for length in [4 * MAX_MESSAGE as u32, u32::MAX] {
            let header = length.to_be_bytes();
            let mut reader = FrameReader::new(header.as_slice(), MAX_MESSAGE);
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

/// After an error inside a frame the sender writes nothing more into it.
#[test]
fn a_sender_that_failed_inside_a_frame_stays_silent() {
    heddle::spec(|| {
        let mut sink = FailsOnce::after(6);
        let mut writer = FrameWriter::new(&mut sink);
        let error = writer.send(b"broken off").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        let error = writer.send(b"next").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert_eq!(sink.written, b"\0\0\0\x0abr");
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

/// When `send` returns, a sink that buffers has passed the message on.
#[test]
fn a_buffering_sink_holds_no_message_back() {
    heddle::spec(|| {
        let passed_on = Cell::new(0);
        let mut writer = FrameWriter::new(BufWriter::new(Counted(&passed_on)));
        writer.send(b"now").unwrap();
        assert_eq!(passed_on.get(), 7);
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

/// Dropping the sender alone ends the stream for the peer, and the receiver goes on.
#[test]
fn the_halves_end_one_by_one() {
    heddle::spec(|| {
        let (one, mut other) = Connection::pair().unwrap();
        let Connection {
            sender,
            mut receiver,
        } = one;
        drop(sender);
        assert!(
            other.receiver.poll(Duration::ZERO).unwrap(),
            "the end is there"
        );
        assert_eq!(other.receiver.recv().unwrap(), None);
        other.sender.send(b"still heard").unwrap();
        assert_eq!(receiver.recv().unwrap().unwrap(), b"still heard");
        drop(receiver);
        let error = other.sender.send(b"no longer").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

/// `poll` tells of a message, of one that arrived together with another, and of the end, and
/// takes none of them.
#[test]
fn poll_tells_and_takes_nothing() {
    heddle::spec(|| {
        let (mut one, mut other) = Connection::pair().unwrap();
        assert!(!other.receiver.poll(Duration::ZERO).unwrap());
        one.sender.send(b"first").unwrap();
        one.sender.send(b"").unwrap();
        drop(one);
        for expected in [Some(b"first".to_vec()), Some(vec![]), None] {
            assert!(other.receiver.poll(Duration::ZERO).unwrap());
            assert!(other.receiver.poll(Duration::MAX).unwrap());
            assert_eq!(other.receiver.recv().unwrap(), expected);
        }
    });
}

/// `poll` returns without a message only after the whole timeout, be it ever so short.
#[test]
fn poll_waits_out_its_timeout() {
    heddle::spec(|| {
        let (_one, other) = Connection::pair().unwrap();
        let timeout = Duration::from_micros(900);
        for _ in 0..50 {
            let start = Instant::now();
            assert!(!other.receiver.poll(timeout).unwrap());
            assert!(start.elapsed() >= timeout);
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
        busy.sender.send(b"").unwrap();
        assert_eq!(wait(&all, Duration::MAX).unwrap(), [1]);
        drop(gone);
        assert_eq!(wait(&all, Duration::MAX).unwrap(), [1, 2]);
        quiet.sender.send(b"").unwrap();
        assert_eq!(wait(&all, Duration::MAX).unwrap(), [0, 1, 2]);
    });
}

/// A child answers over the end that it was given, and ends when its parent lets go.
#[test]
fn a_child_answers_until_its_parent_lets_go() {
    heddle::spec(|| {
        let (mut connection, child) = start("echo");
        for message in [b"hello".as_slice(), b"", b"child"] {
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
        assert!(
            connection.receiver.poll(Duration::ZERO).unwrap(),
            "the end is there"
        );
        assert_eq!(connection.receiver.recv().unwrap(), None);
    });
}

/// A child that dies inside a message leaves it truncated, which is not the end.
#[test]
fn a_death_inside_a_message_is_no_clean_end() {
    heddle::spec(|| {
        let (mut connection, mut child) = start("send_the_greatest");
        // It cannot be through: the message is longer than any stream holds.
        assert!(connection.receiver.poll(Duration::MAX).unwrap());
        child.kill().unwrap();
        assert_eq!(exit_status(child).signal(), Some(9));
        let error = connection.receiver.recv().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    });
}

/// A send that waits for room ends in a broken pipe when the peer goes.
#[test]
fn a_waiting_send_fails_when_the_peer_goes() {
    heddle::spec(|| {
        let (connection, child) = start("send_without_end");
        assert!(connection.receiver.poll(Duration::MAX).unwrap());
        until_it_waits(&child);
        drop(connection);
        ended_well(child);
    });
}

/// Both processes may send more than the stream holds before either has received all.
#[test]
fn both_may_send_before_they_receive() {
    heddle::spec(|| {
        let (connection, child) = start("send_before_receiving");
        let Connection {
            mut sender,
            mut receiver,
        } = connection;
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
        for (one, other) in [
            (&ours, &of_first),
            (&ours, &of_second),
            (&of_first, &of_second),
        ] {
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
        let grandchild = child.stderr.take();
        ended_well(child);
        assert!(
            connection.receiver.poll(Duration::ZERO).unwrap(),
            "the end is there"
        );
        assert_eq!(connection.receiver.recv().unwrap(), None);
        drop(grandchild);
    });
}

/// A child that reads its standard input takes nothing from the connection.
#[test]
fn standard_input_is_no_way_round() {
    heddle::spec(|| {
        let (mut connection, child) = start("read_standard_input");
        connection.sender.send(b"for the connection").unwrap();
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
