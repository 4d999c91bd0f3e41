//! Virtual time: it moves when somebody waits for it, and never by itself.

use std::rc::Rc;
use std::time::Duration;

use super::event::{Action, Intent};
use super::{abandon, world};
use crate::engine::Place;

/// The end of time: the clock of `std` counts its seconds in 63 bits.
///
/// A timeout beyond it cannot be told as a moment and never comes.
pub(crate) const END: Duration = Duration::from_secs(i64::MAX as u64);

/// The least time that a timed wait takes.
///
/// Without it a loop that waits for what is left of its time would wait for nothing, again and
/// again, once its time is exactly over.
const TICK: Duration = Duration::from_nanos(1);

/// The time since the schedule began.
pub(crate) fn now(place: Place) -> Duration {
    if abandon::leaving() {
        return world::with(|world| world.clock);
    }
    let me = world::begin(Intent::Time, place);
    point();
    world::settle(me);
    world::with(|world| {
        world.thread(me).intent = None;
        world.clock
    })
}

/// Lets the time of a sleep pass, and others run first when the thread has slept before.
pub(crate) fn sleep(duration: Duration, place: Place) {
    if abandon::leaving() {
        return;
    }
    let until = deadline(duration).unwrap_or(END);
    let me = world::begin(Intent::Time, place);
    super::parking::linger(me);
    point();
    world::settle(me);
    world::with(|world| {
        world.clock = world.clock.max(until);
        let until_nanos = until.as_nanos();
        world.push_timed(me, place, Action::Sleep { until_nanos }, Some(duration));
    });
}

/// When a timed operation that begins now is over, if ever.
pub(super) fn deadline(timeout: Duration) -> Option<Duration> {
    let clock = world::with(|world| world.clock);
    let deadline = clock.checked_add(timeout.max(TICK))?;
    (deadline <= END).then_some(deadline)
}

/// A scheduling point that depends on everybody who looks at the clock or moves it.
pub(super) fn point() {
    let point = world::with(|world| world.clock_point.clone()).unwrap_or_else(|| {
        let point = Rc::new(loom::sync::Condvar::new());
        world::with(|world| world.clock_point = Some(Rc::clone(&point)));
        point
    });
    point.notify_one();
}
