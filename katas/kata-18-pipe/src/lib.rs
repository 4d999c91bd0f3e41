//! A connection between two processes that carries whole messages, both ways.
//!
//! A stream carries bytes and knows nothing of messages. [`FrameWriter`] and [`FrameReader`] put
//! the boundaries in: four bytes of length, most significant first, then the body.
//! [`Connection`] runs them over a pair of connected sockets and hands one end to a child.

#![allow(unused, reason = "a stub leaves most unused; delete this when done")]

use heddle::time::{Duration, Instant};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

/// The longest message that a connection carries, in bytes.
pub const MAX_MESSAGE: usize = 16 << 20;

/// Writes messages as frames.
#[derive(Debug)]
pub struct FrameWriter<W> {
    sink: W,
}

impl<W: Write> FrameWriter<W> {
    /// Makes a writer of frames of at most [`MAX_MESSAGE`] bytes.
    pub fn new(sink: W) -> Self {
        todo!("keep the sink")
    }

    /// Writes one message, however often the sink takes only a part of it.
    ///
    /// When it returns, the sink holds nothing back.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for a message longer than [`MAX_MESSAGE`]: nothing is written, and the
    /// next message may be sent. `BrokenPipe` when the peer is gone. Any error of the sink may
    /// have left half a frame behind, so each later call fails in the same way.
    pub fn send(&mut self, message: &[u8]) -> io::Result<()> {
        todo!("write the length, then the body, then flush")
    }
}

/// Reads the frames that a [`FrameWriter`] wrote.
#[derive(Debug)]
pub struct FrameReader<R> {
    source: R,
    limit: usize,
}

impl<R: Read> FrameReader<R> {
    /// Makes a reader that takes no message longer than `limit` bytes.
    pub fn new(source: R, limit: usize) -> Self {
        todo!("keep the source and the limit")
    }

    /// Reads the next message; `None` at the end of the stream.
    ///
    /// # Errors
    ///
    /// `UnexpectedEof` when the stream ends inside a frame. `InvalidData` when a frame is longer
    /// than the limit; no memory is taken for it. After any error nobody knows where the next
    /// frame begins, so each later call fails in the same way.
    pub fn recv(&mut self) -> io::Result<Option<Vec<u8>>> {
        todo!("read four bytes of length, check it, read that many bytes")
    }
}

/// The half of a [`Connection`] that sends; dropping it ends the stream for the peer.
#[derive(Debug)]
pub struct Sender {
    frames: FrameWriter<UnixStream>,
}

impl Sender {
    /// Sends one message, waiting as long as the stream is full.
    ///
    /// # Errors
    ///
    /// As [`FrameWriter::send`].
    pub fn send(&mut self, message: &[u8]) -> io::Result<()> {
        todo!("write the message as a frame")
    }
}

/// The half of a [`Connection`] that receives; once it is dropped the peer cannot send.
#[derive(Debug)]
pub struct Receiver {
    frames: FrameReader<UnixStream>,
}

impl Receiver {
    /// Waits for the next message; `None` when the peer's sender is gone.
    ///
    /// What was sent before the peer went is received first.
    ///
    /// # Errors
    ///
    /// As [`FrameReader::recv`] with [`MAX_MESSAGE`] as the limit.
    pub fn recv(&mut self) -> io::Result<Option<Vec<u8>>> {
        todo!("read the next frame")
    }

    /// Waits at most `timeout` until there is something to receive: a message or the end.
    ///
    /// It consumes nothing. `Duration::ZERO` asks without waiting.
    ///
    /// # Errors
    ///
    /// As [`wait`].
    pub fn poll(&self, timeout: Duration) -> io::Result<bool> {
        todo!("wait for this one receiver")
    }
}

/// Waits at most `timeout` for the first receiver that has something to receive.
///
/// Returns the indices of all that have, in order: none when the time is over.
///
/// # Errors
///
/// Those of the system, except that a signal ends no wait.
pub fn wait(receivers: &[&Receiver], timeout: Duration) -> io::Result<Vec<usize>> {
    todo!("poll all sockets until one is readable, and no longer than the timeout in all")
}

/// One end of a two-way connection.
///
/// Its halves can be taken apart and used by two threads, and have to be where both ends send
/// before they receive: a full stream makes `send` wait until the peer receives.
#[derive(Debug)]
pub struct Connection {
    /// Sends to the peer's receiver.
    pub sender: Sender,
    /// Receives from the peer's sender.
    pub receiver: Receiver,
}

impl Connection {
    /// Makes both ends of a connection.
    ///
    /// # Errors
    ///
    /// Those of the system, such as too many open descriptors.
    pub fn pair() -> io::Result<(Connection, Connection)> {
        todo!("connect two sockets and wrap each")
    }

    /// Starts `command` with the other end of a new connection, which the child takes with
    /// [`Connection::inherited`].
    ///
    /// The command is used up: as long as it lived it would hold the child's end open, and the
    /// end of the child would not be the end of the stream.
    ///
    /// # Errors
    ///
    /// As [`Connection::pair`] and [`Command::spawn`].
    pub fn spawn(mut command: Command) -> io::Result<(Connection, Child)> {
        todo!("give the child one end as its standard input and keep the other")
    }

    /// Takes the end that [`Connection::spawn`] gave to this process.
    ///
    /// # Errors
    ///
    /// When this process was not started so, or has already taken its end.
    pub fn inherited() -> io::Result<Connection> {
        todo!("take the socket from standard input and leave nothing of it there")
    }
}
