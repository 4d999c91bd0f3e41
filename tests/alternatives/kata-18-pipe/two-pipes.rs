//! Two pipes, one for each direction: the child reads from standard input and writes to standard
//! output, and each half owns its descriptor alone.

use heddle::time::{Duration, Instant};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, ErrorKind, PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, Command};

/// The longest message that a connection carries, in bytes.
pub const MAX_MESSAGE: usize = 16 << 20;

/// Whether a stream can still be used, and why not.
#[derive(Debug)]
struct Health(io::Result<()>);

impl Health {
    fn checked<T>(&mut self, action: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        if let Err(error) = &self.0 {
            return Err(error.kind().into());
        }
        let result = action();
        if let Err(error) = &result {
            self.0 = Err(error.kind().into());
        }
        result
    }
}

/// Writes messages as frames.
#[derive(Debug)]
pub struct FrameWriter<W> {
    sink: W,
    health: Health,
}

impl<W: Write> FrameWriter<W> {
    /// Makes a writer of frames of at most [`MAX_MESSAGE`] bytes.
    pub fn new(sink: W) -> Self {
        FrameWriter {
            sink,
            health: Health(Ok(())),
        }
    }

    /// Writes one message as one piece of memory.
    pub fn send(&mut self, message: &[u8]) -> io::Result<()> {
        if message.len() > MAX_MESSAGE {
            return Err(io::Error::new(
                ErrorKind::InvalidInput,
                "a message too long",
            ));
        }
        let mut frame = Vec::with_capacity(4 + message.len());
        frame.extend_from_slice(&(message.len() as u32).to_be_bytes());
        frame.extend_from_slice(message);
        self.health.checked(|| {
            self.sink.write_all(&frame)?;
            self.sink.flush()
        })
    }
}

/// Reads the frames that a [`FrameWriter`] wrote.
#[derive(Debug)]
pub struct FrameReader<R> {
    source: R,
    limit: usize,
    health: Health,
}

impl<R: Read> FrameReader<R> {
    /// Makes a reader that takes no message longer than `limit` bytes.
    pub fn new(source: R, limit: usize) -> Self {
        FrameReader {
            source,
            limit,
            health: Health(Ok(())),
        }
    }

    /// Reads the next message; `None` at the end of the stream.
    pub fn recv(&mut self) -> io::Result<Option<Vec<u8>>> {
        let (source, limit) = (&mut self.source, self.limit);
        self.health.checked(|| {
            let header = up_to(source, 4)?;
            if header.is_empty() {
                return Ok(None);
            }
            let header: [u8; 4] = header.try_into().map_err(|_| torn())?;
            let length = u32::from_be_bytes(header);
            if length as usize > limit {
                return Err(io::Error::new(ErrorKind::InvalidData, "a frame too long"));
            }
            let body = up_to(source, length)?;
            match body.len() == length as usize {
                true => Ok(Some(body)),
                false => Err(torn()),
            }
        })
    }
}

fn torn() -> io::Error {
    io::Error::new(ErrorKind::UnexpectedEof, "a torn frame")
}

/// Reads so many bytes, or fewer at the end of the stream; memory grows as they come.
fn up_to<R: Read>(source: &mut R, length: u32) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(length.into()).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The half of a [`Connection`] that sends.
#[derive(Debug)]
pub struct Sender(FrameWriter<PipeWriter>);

impl Sender {
    /// Sends one message, waiting as long as the pipe is full.
    pub fn send(&mut self, message: &[u8]) -> io::Result<()> {
        self.0.send(message)
    }
}

/// The half of a [`Connection`] that receives.
#[derive(Debug)]
pub struct Receiver(FrameReader<PipeReader>);

impl Receiver {
    /// Waits for the next message; `None` when the peer's sender is gone.
    pub fn recv(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.0.recv()
    }

    /// Waits at most `timeout` until there is something to receive: a message or the end.
    pub fn poll(&self, timeout: Duration) -> io::Result<bool> {
        wait(&[self], timeout).map(|ready| ready == [0])
    }
}

/// Waits at most `timeout` for the first receiver that has something to receive.
pub fn wait(receivers: &[&Receiver], timeout: Duration) -> io::Result<Vec<usize>> {
    let start = Instant::now();
    let mut pipes = Vec::with_capacity(receivers.len());
    for receiver in receivers {
        pipes.push(PollFd::new(&receiver.0.source, PollFlags::IN));
    }
    // What is too long for the system is as good as for ever.
    let left = || Timespec::try_from(timeout.saturating_sub(start.elapsed())).ok();
    while let Err(error) = rustix::event::poll(&mut pipes, left().as_ref()) {
        if error != Errno::INTR {
            return Err(error.into());
        }
    }
    let mut ready = Vec::new();
    for (index, pipe) in pipes.iter().enumerate() {
        if pipe
            .revents()
            .intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR)
        {
            ready.push(index);
        }
    }
    Ok(ready)
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
        let (there, from_here) = io::pipe()?;
        let (here, from_there) = io::pipe()?;
        Ok((
            Connection::over(here, from_here),
            Connection::over(there, from_there),
        ))
    }

    /// Starts `command` with the other end of a new connection.
    pub fn spawn(mut command: Command) -> io::Result<(Connection, Child)> {
        let (childs_input, to_child) = io::pipe()?;
        let (from_child, childs_output) = io::pipe()?;
        command.stdin(childs_input).stdout(childs_output);
        let child = command.spawn()?;
        drop(command);
        Ok((Connection::over(from_child, to_child), child))
    }

    /// Takes the end that [`Connection::spawn`] gave to this process.
    pub fn inherited() -> io::Result<Connection> {
        let reader = io::stdin().as_fd().try_clone_to_owned()?;
        let writer = io::stdout().as_fd().try_clone_to_owned()?;
        // Only what has bytes to count can be counted; `/dev/null` and a file cannot.
        rustix::io::ioctl_fionread(&reader)?;
        let nothing = File::options().read(true).write(true).open("/dev/null")?;
        rustix::stdio::dup2_stdin(&nothing)?;
        rustix::stdio::dup2_stdout(&nothing)?;
        Ok(Connection::over(reader.into(), writer.into()))
    }

    fn over(reader: PipeReader, writer: PipeWriter) -> Connection {
        Connection {
            sender: Sender(FrameWriter::new(writer)),
            receiver: Receiver(FrameReader::new(reader, MAX_MESSAGE)),
        }
    }
}
