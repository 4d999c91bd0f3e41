//! A connection between two processes that carries whole messages, both ways.
//!
//! A stream carries bytes and knows nothing of messages. [`FrameWriter`] and [`FrameReader`] put
//! the boundaries in: four bytes of length, most significant first, then the body.
//! [`Connection`] runs them over a pair of connected sockets and hands one end to a child.

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
    // stub: omit
    broken: Option<ErrorKind>,
}

impl<W: Write> FrameWriter<W> {
    /// Makes a writer of frames of at most [`MAX_MESSAGE`] bytes.
    pub fn new(sink: W) -> Self {
        // stub: todo "keep the sink"
        FrameWriter { sink, broken: None }
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
        // stub: todo "write the length, then the body, then flush"
        if let Some(kind) = self.broken {
            return Err(kind.into());
        }
        if message.len() > MAX_MESSAGE {
            return Err(ErrorKind::InvalidInput.into());
        }
        let sent = self.write_frame(message).map_err(|it| match it.kind() {
            // The peer closed with messages of ours unread. It is gone all the same.
            ErrorKind::ConnectionReset => ErrorKind::BrokenPipe.into(),
            _ => it,
        });
        self.broken = sent.as_ref().err().map(io::Error::kind);
        sent
    }

    // stub: omit
    fn write_frame(&mut self, message: &[u8]) -> io::Result<()> {
        let length = u32::to_be_bytes(message.len() as u32);
        self.sink.write_all(&length)?;
        self.sink.write_all(message)?;
        self.sink.flush()
    }
}

/// Reads the frames that a [`FrameWriter`] wrote.
#[derive(Debug)]
pub struct FrameReader<R> {
    source: R,
    limit: usize,
    // stub: omit
    broken: Option<ErrorKind>,
}

impl<R: Read> FrameReader<R> {
    /// Makes a reader that takes no message longer than `limit` bytes.
    pub fn new(source: R, limit: usize) -> Self {
        // stub: todo "keep the source and the limit"
        let broken = None;
        FrameReader {
            source,
            limit,
            broken,
        }
    }

    /// Reads the next message; `None` at the end of the stream.
    ///
    /// # Errors
    ///
    /// `UnexpectedEof` when the stream ends inside a frame. `InvalidData` when a frame is longer
    /// than the limit; no memory is taken for it. After any error nobody knows where the next
    /// frame begins, so each later call fails in the same way.
    pub fn recv(&mut self) -> io::Result<Option<Vec<u8>>> {
        // stub: todo "read four bytes of length, check it, read that many bytes"
        if let Some(kind) = self.broken {
            return Err(kind.into());
        }
        let message = self.read_frame();
        self.broken = message.as_ref().err().map(io::Error::kind);
        message
    }

    // stub: omit
    fn read_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut header = [0; 4];
        match self.fill(&mut header)? {
            0 => return Ok(None),
            4 => {}
            _ => return Err(ErrorKind::UnexpectedEof.into()),
        }
        let length = u32::from_be_bytes(header) as usize;
        // The peer chose the length: it is checked before it costs any memory.
        if length > self.limit {
            return Err(ErrorKind::InvalidData.into());
        }
        let mut body = vec![0; length];
        if self.fill(&mut body)? < length {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(body))
    }

    // stub: omit
    /// Reads until `buffer` is full or the stream has ended, and says how many bytes came.
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.source.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // The peer closed with messages of ours unread: no more will come from it.
                Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
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
        // stub: todo "write the message as a frame"
        self.frames.send(message)
    }
}

// stub: omit
impl Drop for Sender {
    // The receiver shares the socket: closing one's own descriptor would end nothing.
    fn drop(&mut self) {
        // It fails only when the peer has ended the stream already.
        let _ = self.frames.sink.shutdown(Shutdown::Write);
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
        // stub: todo "read the next frame"
        self.frames.recv()
    }

    /// Waits at most `timeout` until there is something to receive: a message or the end.
    ///
    /// It consumes nothing. `Duration::ZERO` asks without waiting.
    ///
    /// # Errors
    ///
    /// As [`wait`].
    pub fn poll(&self, timeout: Duration) -> io::Result<bool> {
        // stub: todo "wait for this one receiver"
        Ok(!wait(&[self], timeout)?.is_empty())
    }
}

// stub: omit
impl Drop for Receiver {
    // As for the sender, in the other direction.
    fn drop(&mut self) {
        let _ = self.frames.source.shutdown(Shutdown::Read);
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
    // stub: todo "poll all sockets until one is readable, and no longer than the timeout in all"
    // A time too far off for the clock never comes: wait without an end.
    let deadline = Instant::now().checked_add(timeout);
    let mut sockets: Vec<PollFd<'_>> = receivers
        .iter()
        .map(|it| PollFd::new(&it.frames.source, PollFlags::IN))
        .collect();
    loop {
        let left = deadline.map(|it| it.saturating_duration_since(Instant::now()));
        let left = left.map(|it| Timespec::try_from(it).expect("an Instant's seconds fit"));
        match rustix::event::poll(&mut sockets, left.as_ref()) {
            Ok(_) => break,
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let ready = |index: &usize| !sockets[*index].revents().is_empty();
    Ok((0..sockets.len()).filter(ready).collect())
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
        // stub: todo "connect two sockets and wrap each"
        let (one, other) = UnixStream::pair()?;
        Ok((Connection::over(one)?, Connection::over(other)?))
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
        // stub: todo "give the child one end as its standard input and keep the other"
        let (ours, theirs) = UnixStream::pair()?;
        let connection = Connection::over(ours)?;
        let child = command.stdin(Stdio::from(OwnedFd::from(theirs))).spawn()?;
        Ok((connection, child))
    }

    /// Takes the end that [`Connection::spawn`] gave to this process.
    ///
    /// # Errors
    ///
    /// When this process was not started so, or has already taken its end.
    pub fn inherited() -> io::Result<Connection> {
        // stub: todo "take the socket from standard input and leave nothing of it there"
        let end = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
        // Only a socket has an address; whatever else standard input is, it stays as it was.
        end.local_addr()?;
        rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
        Connection::over(end)
    }

    // stub: omit
    fn over(socket: UnixStream) -> io::Result<Connection> {
        let reader = FrameReader::new(socket.try_clone()?, MAX_MESSAGE);
        let writer = FrameWriter::new(socket);
        let (sender, receiver) = (Sender { frames: writer }, Receiver { frames: reader });
        Ok(Connection { sender, receiver })
    }
}
