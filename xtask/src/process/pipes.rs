//! Reading several pipes of one process without ever waiting for any of them.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::ioctl_fionbio;

/// How much of a stream is kept from its beginning, and as much from its end.
const KEPT: usize = 64 << 10;

/// The reading end of a pipe and what came out of it.
#[derive(Debug)]
pub(super) struct Stream {
    end: Option<OwnedFd>,
    /// Whether everything is kept, or only the beginning and the end.
    keep_all: bool,
    head: Vec<u8>,
    tail: Vec<u8>,
    /// How many bytes came in all.
    pub(super) seen: usize,
}

impl Stream {
    pub(super) fn new(end: OwnedFd, keep_all: bool) -> io::Result<Stream> {
        ioctl_fionbio(&end, true)?;
        Ok(Stream {
            end: Some(end),
            keep_all,
            head: Vec::new(),
            tail: Vec::new(),
            seen: 0,
        })
    }

    /// The descriptor to wait on, as long as more may come.
    pub(super) fn open(&self) -> Option<BorrowedFd<'_>> {
        self.end.as_ref().map(AsFd::as_fd)
    }

    /// Takes what is there now, at most `most` bytes.
    pub(super) fn drain(&mut self, most: usize) {
        let mut buffer = [0; 16 << 10];
        let mut taken = 0;
        while let Some(end) = &self.end
            && taken < most
        {
            match rustix::io::read(end, &mut buffer) {
                Ok(0) => self.end = None,
                Ok(length) => {
                    taken += length;
                    self.keep(&buffer[..length]);
                }
                Err(rustix::io::Errno::INTR) => (),
                Err(rustix::io::Errno::AGAIN) => return,
                Err(_) => self.end = None,
            }
        }
    }

    /// What was kept, with a note where something is left out.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        let mut bytes = self.head;
        let left_out = self.seen - bytes.len() - self.tail.len().min(self.seen - bytes.len());
        if left_out > 0 {
            bytes.extend(format!("\n… {left_out} bytes left out …\n").into_bytes());
        }
        bytes.extend(self.tail);
        bytes
    }

    fn keep(&mut self, new: &[u8]) {
        self.seen += new.len();
        let room = if self.keep_all {
            new.len()
        } else {
            KEPT.saturating_sub(self.head.len())
        };
        let (head, tail) = new.split_at(room.min(new.len()));
        self.head.extend(head);
        self.tail.extend(tail);
        // Cut seldom, not at every read.
        if self.tail.len() > 2 * KEPT {
            self.tail.drain(..self.tail.len() - KEPT);
        }
    }
}
