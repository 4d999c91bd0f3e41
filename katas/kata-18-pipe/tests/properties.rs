//! What the frames promise for every message and every way in which a stream is cut to pieces.

use heddle::proptest::collection::vec;
use heddle::proptest::prelude::*;
use heddle::thread;
use kata_18_pipe::{Connection, FrameReader, FrameWriter};
use std::cell::Cell;
use std::io::{self, BufWriter, ErrorKind, Read, Write};

const LIMIT: usize = 40;

/// Any messages survive a stream that takes and gives a few bytes at a time, with interruptions.
#[test]
fn messages_survive_any_pieces() {
    let case = (messages(0), pieces(), pieces());
    heddle::property(case, |(messages, taken, given)| {
        let mut sink = InPieces::new(Vec::new(), taken);
        let mut writer = FrameWriter::new(&mut sink);
        for message in &messages {
            writer.send(message).unwrap();
        }
        let bytes = sink.stream;
        assert_eq!(bytes, frames(&messages));
        let mut reader = FrameReader::new(InPieces::new(bytes.as_slice(), given), LIMIT);
        for message in &messages {
            assert_eq!(reader.recv().unwrap().as_ref(), Some(message));
        }
        assert_eq!(reader.recv().unwrap(), None);
    });
}

/// Any messages survive a stream that takes and gives one byte at a time.
#[test]
fn messages_survive_single_bytes() {
    heddle::property(messages(0), |messages| {
        let mut sink = InPieces::new(Vec::new(), vec![1]);
        let mut writer = FrameWriter::new(&mut sink);
        for message in &messages {
            writer.send(message).unwrap();
        }
        let bytes = sink.stream;
        let mut reader = FrameReader::new(InPieces::new(bytes.as_slice(), vec![1]), LIMIT);
        for message in &messages {
            assert_eq!(reader.recv().unwrap().as_ref(), Some(message));
        }
        assert_eq!(reader.recv().unwrap(), None);
    });
}

/// Wherever a stream is cut off, the whole messages come first, and then the end if the cut is
/// between two frames, or an error that stays if it is inside one.
#[test]
fn a_cut_is_the_end_only_between_frames() {
    let case = (messages(0), any::<prop::sample::Index>(), pieces());
    heddle::property(case, |(messages, cut, given)| {
        let mut bytes = frames(&messages);
        bytes.truncate(cut.index(bytes.len() + 1));
        let mut reader = FrameReader::new(InPieces::new(bytes.as_slice(), given), LIMIT);
        agrees_with_model(&mut reader, &bytes);
    });
}

/// Any bytes at all are read as the format says; once a frame is refused, nothing behind it is
/// taken for a message.
#[test]
fn any_bytes_are_read_as_the_format_says() {
    let small = (0..=LIMIT as u32 + 2).prop_map(u32::to_be_bytes);
    let word = prop_oneof![4 => small, 1 => any::<[u8; 4]>()];
    let case = (vec(word, 0..40), pieces());
    heddle::property(case, |(words, given)| {
        let bytes = words.concat();
        let mut reader = FrameReader::new(InPieces::new(bytes.as_slice(), given), LIMIT);
        agrees_with_model(&mut reader, &bytes);
    });
}

/// Wherever a sink fails, the frame that it broke off is the last thing that is written.
#[test]
fn a_failure_inside_a_frame_is_the_last_word() {
    let case = (messages(0), any::<prop::sample::Index>());
    heddle::property(case, |(messages, failure)| {
        let bytes = frames(&messages);
        let before = failure.index(bytes.len() + 1);
        let mut sink = FailsOnce::after(before);
        let mut writer = FrameWriter::new(&mut sink);
        let sent: Vec<_> = messages.iter().map(|it| writer.send(it)).collect();
        let broken = sent.iter().skip_while(|it| it.is_ok());
        for result in broken {
            assert_eq!(result.as_ref().unwrap_err().kind(), ErrorKind::TimedOut);
        }
        assert_eq!(sink.written, bytes[..before]);
    });
}

/// Wherever a source fails, the error is told, and told again: it is not the end of the stream.
#[test]
fn an_error_of_the_source_is_no_end() {
    heddle::property(0..8_usize, |cut| {
        let source = FailsAfter(&b"\0\0\0\x04four"[..cut], true);
        let mut reader = FrameReader::new(source, 4);
        for _ in 0..2 {
            let error = reader.recv().expect_err("the source has failed");
            assert_eq!(error.kind(), ErrorKind::TimedOut);
        }
    });
}

/// Whatever the message, a sink that cannot pass it on makes an error.
#[test]
fn a_flush_that_fails_is_an_error() {
    heddle::property(vec(any::<u8>(), 0..4), |message| {
        let mut writer = FrameWriter::new(Stuck);
        for _ in 0..2 {
            let error = writer.send(&message).expect_err("nothing is passed on");
            assert_eq!(error.kind(), ErrorKind::TimedOut);
        }
    });
}

/// When `send` returns, a sink that buffers has passed the message on.
#[test]
fn a_buffering_sink_holds_no_message_back() {
    heddle::property(messages(0), |messages| {
        let passed_on = Cell::new(0);
        let mut writer = FrameWriter::new(BufWriter::new(Counted(&passed_on)));
        for count in 1..=messages.len() {
            writer.send(&messages[count - 1]).unwrap();
            assert_eq!(passed_on.get(), frames(&messages[..count]).len());
        }
    });
}

/// Any messages pass between two threads, over a real connection, in both directions.
#[test]
fn messages_pass_between_threads() {
    let case = (messages(1), messages(1));
    heddle::property(case, |(there, back)| {
        let (one, other) = Connection::pair().unwrap();
        thread::scope(|scope| {
            // The ends move in, so that the other thread learns it when one of them fails.
            let mut one = one;
            scope.spawn(|| {
                let mut other = other;
                for message in &back {
                    other.sender.send(message).unwrap();
                }
                for message in &there {
                    assert_eq!(other.receiver.recv().unwrap().as_ref(), Some(message));
                }
            });
            for message in &there {
                one.sender.send(message).unwrap();
            }
            for message in &back {
                assert_eq!(one.receiver.recv().unwrap().as_ref(), Some(message));
            }
        });
    });
}

fn messages(shortest: usize) -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(any::<u8>(), shortest..=LIMIT), 0..8)
}

/// How many bytes each call takes or gives, over and over; 0 is an interruption.
fn pieces() -> impl Strategy<Value = Vec<usize>> {
    (vec(0..12_usize, 0..6), 1..12_usize).prop_map(|(mut pieces, last)| {
        pieces.push(last);
        pieces
    })
}

fn frames(messages: &[Vec<u8>]) -> Vec<u8> {
    let frame =
        |message: &Vec<u8>| [(message.len() as u32).to_be_bytes().as_slice(), message].concat();
    messages.iter().flat_map(frame).collect()
}

/// Reads `reader` to the end and once more, beside a parser that has all bytes before it.
fn agrees_with_model<R: Read>(reader: &mut FrameReader<R>, mut bytes: &[u8]) {
    let last = loop {
        let Some((header, rest)) = bytes.split_first_chunk() else {
            break if bytes.is_empty() {
                None
            } else {
                Some(ErrorKind::UnexpectedEof)
            };
        };
        let length = u32::from_be_bytes(*header) as usize;
        if length > LIMIT {
            break Some(ErrorKind::InvalidData);
        }
        let Some((body, rest)) = rest.split_at_checked(length) else {
            break Some(ErrorKind::UnexpectedEof);
        };
        assert_eq!(reader.recv().unwrap().as_deref(), Some(body));
        bytes = rest;
    };
    for _ in 0..2 {
        match (reader.recv(), last) {
            (Ok(None), None) => {}
            (Err(error), Some(kind)) if error.kind() == kind => {}
            (received, _) => panic!("expected {last:?}, received {received:?}"),
        }
    }
}

/// A stream that takes or gives at most so many bytes at each call.
struct InPieces<S> {
    stream: S,
    pieces: Vec<usize>,
    calls: usize,
}

impl<S> InPieces<S> {
    fn new(stream: S, pieces: Vec<usize>) -> Self {
        InPieces {
            stream,
            pieces,
            calls: 0,
        }
    }

    fn next(&mut self) -> io::Result<usize> {
        let piece = self.pieces[self.calls % self.pieces.len()];
        self.calls += 1;
        match piece {
            0 => Err(ErrorKind::Interrupted.into()),
            _ => Ok(piece),
        }
    }
}

impl<S: Read> Read for InPieces<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let piece = self.next()?.min(buffer.len());
        self.stream.read(&mut buffer[..piece])
    }
}

impl<S: Write> Write for InPieces<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = self.next()?.min(bytes.len());
        self.stream.write(&bytes[..piece])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A sink that fails once it is full, and then has room again.
struct FailsOnce {
    written: Vec<u8>,
    fails_at: Option<usize>,
}

impl FailsOnce {
    fn after(bytes: usize) -> Self {
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

/// A source that fails once, after these bytes, and then has come to its end.
struct FailsAfter<'b>(&'b [u8], bool);

impl Read for FailsAfter<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() && std::mem::take(&mut self.1) {
            return Err(ErrorKind::TimedOut.into());
        }
        self.0.read(buffer)
    }
}

/// A sink that takes everything and passes nothing on.
struct Stuck;

impl Write for Stuck {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(ErrorKind::TimedOut.into())
    }
}

/// A sink that counts the bytes that reach it.
struct Counted<'c>(&'c Cell<usize>);

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
