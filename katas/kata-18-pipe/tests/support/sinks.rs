//! Sinks that are not simply memory.

use std::cell::Cell;
use std::io::{self, ErrorKind, Write};

/// A sink that fails once when it is full, and then has room again.
pub struct FailsOnce {
    /// What it took.
    pub written: Vec<u8>,
    fails_at: Option<usize>,
}

impl FailsOnce {
    /// A sink that fails once it has taken so many bytes.
    pub fn after(bytes: usize) -> Self {
        FailsOnce {
            written: Vec::new(),
            fails_at: Some(bytes),
        }
    }
}

impl Write for FailsOnce {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self
            .fails_at
            .map_or(usize::MAX, |it| it - self.written.len());
        if room == 0 {
            self.fails_at = None;
            return Err(ErrorKind::TimedOut.into());
        }
        let taken = bytes.len().min(room);
        self.written.extend(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A sink that counts the bytes that reach it.
pub struct Counted<'c>(pub &'c Cell<usize>);

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

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
