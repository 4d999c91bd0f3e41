//! One shared socket and a reader with a buffer: a call of read takes what there is, whole frames
//! are cut from the buffer, and `poll` looks there before it asks the kernel.

use heddle::sync::Arc;
use heddle::time::{Duration, Instant};
use rustix::event::{PollFd, PollFlags, Timespec};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

/// The longest message that a connection carries, in bytes.
pub const MAX_MESSAGE: usize = 16 << 20;

const HEADER: usize = 4;
const PIECE: usize = 1 << 16;

/// Writes messages as frames.
#[derive(Debug)]
pub struct FrameWriter<W> {
    sink: W,
    failed: Option<ErrorKind>,
}

impl<W: Write> FrameWriter<W> {
    /// Makes a writer of frames of at most [`MAX_MESSAGE`] bytes.
    pub fn new(sink: W) -> Self {
        FrameWriter { sink, failed: None }
    }

    /// Writes one message, header and body by a loop over whatever the sink takes.
    pub fn send(&mut self, message: &[u8]) -> io::Result<()> {
        if let Some(kind) = self.failed {
            return Err(kind.into());
        }
        if message.len() > MAX_MESSAGE {
            return Err(ErrorKind::InvalidInput.into());
        }
        let header = (message.len() as u32).to_be_bytes();
        let result = self
            .write(&header)
            .and_then(|()| self.write(message))
            .and_then(|()| self.sink.flush());
        result.map_err(|error| {
            let kind = match error.kind() {
                ErrorKind::ConnectionReset => ErrorKind::BrokenPipe,
                kind => kind,
            };
            self.failed = Some(kind);
            kind.into()
        })
    }

    fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.sink.write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(taken) => bytes = &bytes[taken..],
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Where a reader stands.
#[derive(Debug)]
enum Stream {
    Open,
    Ended,
    Failed(ErrorKind),
}

/// Reads the frames that a [`FrameWriter`] wrote.
#[derive(Debug)]
pub struct FrameReader<R> {
    source: R,
    limit: usize,
    buffer: Vec<u8>,
    stream: Stream,
}

impl<R: Read> FrameReader<R> {
    /// Makes a reader that takes no message longer than `limit` bytes.
    pub fn new(source: R, limit: usize) -> Self {
        FrameReader {
            source,
            limit,
            buffer: Vec::new(),
            stream: Stream::Open,
        }
    }

    /// Reads the next message; `None` at the end of the stream.
    pub fn recv(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Stream::Failed(kind) = self.stream {
                return Err(kind.into());
            }
            if let Some(message) = self.cut() {
                return Ok(Some(message));
            }
            match self.stream {
                Stream::Open => self.take_what_there_is(),
                Stream::Ended if self.buffer.is_empty() => return Ok(None),
                Stream::Ended => self.stream = Stream::Failed(ErrorKind::UnexpectedEof),
                Stream::Failed(_) => {}
            }
        }
    }

    /// Cuts a whole frame from the buffer, if there is one.
    fn cut(&mut self) -> Option<Vec<u8>> {
        let header: &[u8; HEADER] = self.buffer.first_chunk()?;
        let length = u32::from_be_bytes(*header) as usize;
        if length > self.limit {
            self.stream = Stream::Failed(ErrorKind::InvalidData);
            return None;
        }
        if self.buffer.len() < HEADER + length {
            return None;
        }
        let message = self.buffer[HEADER..HEADER + length].to_vec();
        self.buffer.drain(..HEADER + length);
        Some(message)
    }

    fn take_what_there_is(&mut self) {
        let mut piece = [0; PIECE];
        match self.source.read(&mut piece).map_err(|error| error.kind()) {
            Ok(0) | Err(ErrorKind::ConnectionReset) => self.stream = Stream::Ended,
            Ok(taken) => self.buffer.extend_from_slice(&piece[..taken]),
            Err(ErrorKind::Interrupted) => {}
            Err(kind) => self.stream = Stream::Failed(kind),
        }
    }
}

impl<R> FrameReader<R> {
    fn has_more_than_the_kernel(&self) -> bool {
        !self.buffer.is_empty() || !matches!(self.stream, Stream::Open)
    }
}

/// A socket that both halves own.
#[derive(Debug)]
struct Shared(Arc<UnixStream>);

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&*self.0).read(buffer)
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The half of a [`Connection`] that sends.
#[derive(Debug)]
pub struct Sender {
    frames: FrameWriter<Shared>,
}

impl Sender {
    /// Sends one message, waiting as long as the socket is full.
    pub fn send(&mut self, message: &[u8]) -> io::Result<()> {
        self.frames.send(message)
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        let _ = self.frames.sink.0.shutdown(Shutdown::Write);
    }
}

/// The half of a [`Connection`] that receives.
#[derive(Debug)]
pub struct Receiver {
    frames: FrameReader<Shared>,
}

impl Receiver {
    /// Waits for the next message; `None` when the peer's sender is gone.
    pub fn recv(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.frames.recv()
    }

    /// Waits at most `timeout` until there is something to receive: a message or the end.
    pub fn poll(&self, timeout: Duration) -> io::Result<bool> {
        Ok(!wait(&[self], timeout)?.is_empty())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.frames.source.0.shutdown(Shutdown::Read);
    }
}

/// Waits at most `timeout` for the first receiver that has something to receive.
pub fn wait(receivers: &[&Receiver], timeout: Duration) -> io::Result<Vec<usize>> {
    let buffered = |it: &&Receiver| it.frames.has_more_than_the_kernel();
    let timeout = match receivers.iter().any(buffered) {
        true => Duration::ZERO,
        false => timeout,
    };
    let deadline = Instant::now().checked_add(timeout);
    let mut sockets: Vec<_> = receivers
        .iter()
        .map(|it| PollFd::new(&*it.frames.source.0, PollFlags::IN))
        .collect();
    loop {
        let left = deadline.map(|it| it.saturating_duration_since(Instant::now()));
        let left = left.and_then(|it| Timespec::try_from(it).ok());
        let polled = rustix::event::poll(&mut sockets, left.as_ref()).map_err(io::Error::from);
        match polled {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(_) => break,
        }
    }
    let ready = sockets.iter().map(|socket| !socket.revents().is_empty());
    let ready = ready.zip(receivers).enumerate();
    let ready = ready.filter(|(_, (by_kernel, receiver))| *by_kernel || buffered(receiver));
    Ok(ready.map(|(index, _)| index).collect())
}

/// One end of a two-way connection.
#[derive(Debug)]
pub struct Connection {
    /// Sends to the peer's receiver.
    pub sender: Sender,
    /// Receives from the peer's sender.
    pub receiver: Receiver,
}

impl Connection {
    /// Makes both ends of a connection.
    pub fn pair() -> io::Result<(Connection, Connection)> {
        let (one, other) = UnixStream::pair()?;
        Ok((one.into(), other.into()))
    }

    /// Starts `command` with the other end of a new connection.
    pub fn spawn(mut command: Command) -> io::Result<(Connection, Child)> {
        let (ours, theirs) = UnixStream::pair()?;
        command.stdin(Stdio::from(OwnedFd::from(theirs)));
        Ok((ours.into(), command.spawn()?))
    }

    /// Takes the end that [`Connection::spawn`] gave to this process.
    pub fn inherited() -> io::Result<Connection> {
        let input = io::stdin();
        let end = UnixStream::from(input.as_fd().try_clone_to_owned()?);
        end.peer_addr()?;
        rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
        Ok(end.into())
    }
}

impl From<UnixStream> for Connection {
    fn from(socket: UnixStream) -> Self {
        let socket = Arc::new(socket);
        let source = Shared(Arc::clone(&socket));
        Connection {
            sender: Sender {
                frames: FrameWriter::new(Shared(socket)),
            },
            receiver: Receiver {
                frames: FrameReader::new(source, MAX_MESSAGE),
            },
        }
    }
}
