//! Sinks and sources that are not simply memory.

use std::io::{self, ErrorKind, Read, Write};

/// A sink that has no room, and no patience with a writer that goes on trying.
pub struct Full {
    tries: usize,
}

impl Full {
    /// A sink that nobody has tried yet.
    pub fn new() -> Self {
        Full { tries: 0 }
    }
}

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        self.tries += 1;
        assert!(self.tries < 100, "the writer goes on for ever");
        Ok(0)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A sink that takes three bytes at a time.
#[derive(Default)]
pub struct Narrow {
    /// The bytes it was given so far.
    pub taken: Vec<u8>,
}

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let some = bytes.len().min(3);
        self.taken.extend_from_slice(&bytes[..some]);
        Ok(some)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Something that is never ready, and has no patience with who goes on trying.
#[derive(Default)]
pub struct NeverReady {
    tries: usize,
}

impl NeverReady {
    fn refuse(&mut self) -> io::Result<usize> {
        self.tries += 1;
        assert!(self.tries < 100, "it is tried for ever");
        Err(ErrorKind::WouldBlock.into())
    }
}

impl Read for NeverReady {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.refuse()
    }
}

impl Write for NeverReady {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        self.refuse()
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
