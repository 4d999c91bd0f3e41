//! Virtual time: it moves when somebody waits for it, and never by itself.

use std::rc::Rc;
use std::time::Duration;

use super::event::{Action, Intent};
use super::world;
use crate::engine::Place;

/// The time since the schedule began.
pub(crate) fn now(place: Place) -> Duration {
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
    let until = deadline(duration);
    let me = world::begin(Intent::Time, place);
    super::parking::linger(me);
    point();
    world::settle(me);
    world::with(|world| {
        world.clock = world.clock.max(until);
        let until_nanos = until.as_nanos();
        world.push(me, Some(place), Action::Sleep { until_nanos });
    });
}

/// When an operation that begins now is over.
pub(super) fn deadline(timeout: Duration) -> Duration {
    world::with(|world| world.clock.saturating_add(timeout))
}

/// A scheduling point that depends on everybody who looks at the clock or moves it.
fn point() {
    let point = world::with(|world| world.clock_point.clone()).unwrap_or_else(|| {
        let point = Rc::new(loom::sync::Condvar::new());
        world::with(|world| world.clock_point = Some(Rc::clone(&point)));
        point
    });
    point.notify_one();
}
