//! The steps of the schedule that runs.
//!
//! Every step of every schedule is noted, because nobody knows beforehand which schedule will
//! fail. A loop without an end must not fill the memory, so the middle of a very long schedule is
//! forgotten.

use std::time::Duration;

use super::event::{Event, StepNumber, ThreadIndex};

/// How many steps are remembered from the beginning.
const HEAD: usize = 10_000;

/// How many are forgotten at a time.
const FORGOTTEN: usize = 10_000;

/// The steps of a schedule, by number.
#[derive(Default)]
pub(super) struct Log {
    events: Vec<Event>,
    /// How many were forgotten behind the first [`HEAD`].
    forgotten: usize,
    /// How many there were, remembered or not.
    count: usize,
    /// The thread of the last step.
    last: Option<ThreadIndex>,
    switches: usize,
    /// Whether nothing is remembered at all: to measure what remembering costs.
    is_off: bool,
}

impl Log {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.events.clear();
        self.forgotten = 0;
        self.count = 0;
        self.last = None;
        self.switches = 0;
    }

    /// Says whether steps are remembered from now on; they are only counted otherwise.
    pub(super) fn remember(&mut self, remember: bool) {
        self.is_off = !remember;
    }

    /// Whether steps are remembered.
    pub(super) fn remembers(&self) -> bool {
        !self.is_off
    }

    /// Adds a step and returns its number.
    pub(super) fn push(&mut self, event: Event) -> StepNumber {
        let number = self.count;
        self.count += 1;
        if self.last.is_some_and(|last| last != event.thread) {
            self.switches += 1;
        }
        self.last = Some(event.thread);
        if !self.is_off {
            if self.events.len() == HEAD + 2 * FORGOTTEN {
                self.events.drain(HEAD..HEAD + FORGOTTEN);
                self.forgotten += FORGOTTEN;
            }
            self.events.push(event);
        }
        number
    }

    /// Notes the time that the last step is about.
    pub(super) fn time_last(&mut self, time: Duration) {
        if let Some(event) = self.events.last_mut().filter(|_| !self.is_off) {
            event.time = Some(time);
        }
    }

    /// How many steps there were.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// How often another thread went on than the one before.
    pub(super) fn switches(&self) -> usize {
        self.switches
    }

    /// The thread of the last step.
    pub(super) fn last(&self) -> Option<ThreadIndex> {
        self.last
    }

    /// The steps that are remembered, with their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (StepNumber, &Event)> {
        self.events.iter().enumerate().map(|(index, event)| {
            let number = if index < HEAD {
                index
            } else {
                index + self.forgotten
            };
            (number, event)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::Action;
    use super::{Event, FORGOTTEN, HEAD, Log};

    fn step(thread: u8) -> Event {
        Event {
            thread,
            place: None,
            action: Action::End,
            time: None,
        }
    }

    /// A schedule without an end keeps its beginning and its end, each step under its number.
    #[test]
    fn the_middle_of_a_long_schedule_is_forgotten() {
        let mut log = Log::default();
        let length = HEAD + 5 * FORGOTTEN + 7;
        for number in 0..length {
            assert_eq!(log.push(step((number % 251) as u8)), number);
        }
        assert_eq!(log.len(), length);
        let kept: Vec<(usize, u8)> = log.iter().map(|(at, it)| (at, it.thread)).collect();
        assert!(kept.len() <= HEAD + 2 * FORGOTTEN);
        assert_eq!(kept.first(), Some(&(0, 0)));
        assert_eq!(kept.last().map(|(at, _)| *at), Some(length - 1));
        let expected = |at: usize| (at % 251) as u8;
        assert!(kept.iter().all(|&(at, thread)| thread == expected(at)));
    }

    /// A log that is switched off counts, and remembers nothing.
    #[test]
    fn a_log_that_is_off_only_counts() {
        let mut log = Log::default();
        log.remember(false);
        assert_eq!(log.push(step(0)), 0);
        assert_eq!(log.push(step(0)), 1);
        assert_eq!(log.len(), 2);
        assert_eq!(log.iter().count(), 0);
        assert!(!log.remembers());
    }
}
