//! Which moment is looked at, and how finely.

use super::keys::Command;
use crate::{Detail, Replay, Timeline};

/// What the reader looks at.
#[derive(Debug)]
pub(super) struct View<'r> {
    pub(super) replay: &'r Replay,
    pub(super) timeline: Timeline<'r>,
    pub(super) detail: Detail,
    pub(super) position: usize,
    pub(super) help: bool,
}

impl<'r> View<'r> {
    /// The start of the schedule, in the rows of the report.
    pub(super) fn new(replay: &'r Replay) -> View<'r> {
        View {
            replay,
            timeline: Timeline::of(&replay.record, Detail::Rows),
            detail: Detail::Rows,
            position: 0,
            help: false,
        }
    }

    /// Does what was asked for; the help goes away with any other command.
    pub(super) fn apply(&mut self, command: Command) {
        let help = std::mem::take(&mut self.help);
        let end = self.timeline.end();
        self.position = match command {
            Command::On => (self.position + 1).min(end),
            Command::Back => self.position.saturating_sub(1),
            Command::First => 0,
            Command::Last => end,
            Command::SwitchOn => self.timeline.next_switch(self.position),
            Command::SwitchBack => self.timeline.previous_switch(self.position),
            Command::Help => {
                self.help = !help;
                self.position
            }
            Command::Detail => self.turn(),
            Command::Leave => self.position,
        };
    }

    fn turn(&mut self) -> usize {
        self.detail = match self.detail {
            Detail::Rows => Detail::Steps,
            Detail::Steps => Detail::Rows,
        };
        let other = Timeline::of(&self.replay.record, self.detail);
        let position = other.nearest(&self.timeline, self.position);
        self.timeline = other;
        position
    }
}
