//! A queue that answers one call after the other: what the real one has to look like from outside.

use std::collections::VecDeque;

use heddle::time::Duration;
use kata_12_queue::{GetError, PutError, Queue, Shutdown, TooManyDone};

/// How long a call may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    No,
    For(Duration),
    Forever,
}

/// One call of a queue of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Put(Wait, u32),
    Get(Wait),
    TaskDone,
    Join,
    Shutdown(Shutdown),
}

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Done,
    Got(u32),
    Full,
    Empty,
    ShutDown,
    TooManyDone,
}

impl Call {
    /// Calls the real queue.
    pub fn of(self, queue: &Queue<u32>) -> Answer {
        match self {
            Call::Put(wait, item) => match put(queue, wait, item) {
                Ok(()) => Answer::Done,
                Err(PutError::Full(back)) => refused(back, item, Answer::Full),
                Err(PutError::ShutDown(back)) => refused(back, item, Answer::ShutDown),
            },
            Call::Get(wait) => match get(queue, wait) {
                Ok(item) => Answer::Got(item),
                Err(GetError::Empty) => Answer::Empty,
                Err(GetError::ShutDown) => Answer::ShutDown,
            },
            Call::TaskDone => match queue.task_done() {
                Ok(()) => Answer::Done,
                Err(TooManyDone) => Answer::TooManyDone,
            },
            Call::Join => {
                queue.join();
                Answer::Done
            }
            Call::Shutdown(how) => {
                queue.shutdown(how);
                Answer::Done
            }
        }
    }
}

fn put(queue: &Queue<u32>, wait: Wait, item: u32) -> Result<(), PutError<u32>> {
    match wait {
        Wait::No => queue.try_put(item),
        Wait::For(limit) => queue.put_timeout(item, limit),
        Wait::Forever => queue.put(item),
    }
}

fn get(queue: &Queue<u32>, wait: Wait) -> Result<u32, GetError> {
    match wait {
        Wait::No => queue.try_get(),
        Wait::For(limit) => queue.get_timeout(limit),
        Wait::Forever => queue.get(),
    }
}

fn refused(back: u32, item: u32, why: Answer) -> Answer {
    assert_eq!(back, item, "another item came back than was put");
    why
}

/// The sequential queue.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sequential {
    capacity: usize,
    items: VecDeque<u32>,
    unfinished: usize,
    shut_down: bool,
}

impl Sequential {
    /// A queue with room for `capacity` items, or without a limit if that is 0.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            items: VecDeque::new(),
            unfinished: 0,
            shut_down: false,
        }
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_full(&self) -> bool {
        self.capacity > 0 && self.items.len() == self.capacity
    }

    /// Answers a call, if it can be answered now; `None` means that it has to wait.
    ///
    /// A wait with a limit is answered as if its time were over.
    pub fn answer(&mut self, call: Call) -> Option<Answer> {
        let in_vain = |wait, why| (wait != Wait::Forever).then_some(why);
        Some(match call {
            Call::Put(..) if self.shut_down => Answer::ShutDown,
            Call::Put(wait, _) if self.is_full() => return in_vain(wait, Answer::Full),
            Call::Put(_, item) => {
                self.items.push_back(item);
                self.unfinished += 1;
                Answer::Done
            }
            Call::Get(wait) => match self.items.pop_front() {
                Some(item) => Answer::Got(item),
                None if self.shut_down => Answer::ShutDown,
                None => return in_vain(wait, Answer::Empty),
            },
            Call::TaskDone if self.unfinished == 0 => Answer::TooManyDone,
            Call::TaskDone => {
                self.unfinished -= 1;
                Answer::Done
            }
            Call::Join => return (self.unfinished == 0).then_some(Answer::Done),
            Call::Shutdown(how) => {
                self.shut_down = true;
                if how == Shutdown::Immediate {
                    self.unfinished = self.unfinished.saturating_sub(self.items.len());
                    self.items.clear();
                }
                Answer::Done
            }
        })
    }
}
