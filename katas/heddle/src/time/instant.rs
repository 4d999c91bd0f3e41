//! A moment of a schedule's own time.

use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::panic::Location;
use std::time::Duration;

use crate::engine;

/// A moment of virtual time.
///
/// Time stands still while threads work. It moves when a wait times out or a thread sleeps, to
/// the end of that wait or sleep, and never back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    since_start: Duration,
}

impl Instant {
    /// The present moment.
    #[track_caller]
    #[must_use]
    pub fn now() -> Self {
        Instant {
            since_start: engine::now(Location::caller()),
        }
    }

    /// The time that has passed since this moment.
    #[track_caller]
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        Instant::now().duration_since(*self)
    }

    /// The time from an earlier moment to this one, or zero if it is a later one.
    #[must_use]
    pub fn duration_since(&self, earlier: Instant) -> Duration {
        self.saturating_duration_since(earlier)
    }

    /// The time from an earlier moment to this one, or zero if it is a later one.
    #[must_use]
    pub fn saturating_duration_since(&self, earlier: Instant) -> Duration {
        self.checked_duration_since(earlier).unwrap_or_default()
    }

    /// The time from an earlier moment to this one, or `None` if it is a later one.
    #[must_use]
    pub fn checked_duration_since(&self, earlier: Instant) -> Option<Duration> {
        self.since_start.checked_sub(earlier.since_start)
    }

    /// The moment `duration` later, if it can be told.
    #[must_use]
    pub fn checked_add(&self, duration: Duration) -> Option<Instant> {
        let since_start = self.since_start.checked_add(duration)?;
        if since_start > engine::END_OF_TIME {
            return None;
        }
        Some(Instant { since_start })
    }

    /// The moment `duration` earlier, if it can be told.
    #[must_use]
    pub fn checked_sub(&self, duration: Duration) -> Option<Instant> {
        let since_start = self.since_start.checked_sub(duration)?;
        Some(Instant { since_start })
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;

    #[track_caller]
    fn add(self, duration: Duration) -> Instant {
        self.checked_add(duration)
            .expect("overflow when adding duration to instant")
    }
}

impl AddAssign<Duration> for Instant {
    #[track_caller]
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl Sub<Duration> for Instant {
    type Output = Instant;

    #[track_caller]
    fn sub(self, duration: Duration) -> Instant {
        self.checked_sub(duration)
            .expect("overflow when subtracting duration from instant")
    }
}

impl SubAssign<Duration> for Instant {
    #[track_caller]
    fn sub_assign(&mut self, duration: Duration) {
        *self = *self - duration;
    }
}

impl Sub<Instant> for Instant {
    type Output = Duration;

    fn sub(self, earlier: Instant) -> Duration {
        self.duration_since(earlier)
    }
}
