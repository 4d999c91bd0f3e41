//! Limits in a model's time, which passes only while somebody waits for it: every moment is exact.

use heddle::sync::Arc;
use heddle::thread;
use heddle::time::{Duration, Instant};
use kata_12_queue::Queue;

use super::threads::waiting;

/// Not a whole number of milliseconds: who counts in these is out by more than a `MOMENT`.
pub const ODD: Duration = Duration::from_micros(1_500);

/// Shorter than anything that a queue may round to.
pub const MOMENT: Duration = Duration::from_micros(300);

/// Limits of every length: the last has a fraction, and more microseconds than 32 bits count.
pub const LIMITS: [Duration; 3] = [
    MOMENT,
    ODD,
    Duration::from_micros(2 * 24 * 60 * 60 * 1_000_000 + 500),
];

/// Asserts that the call gives up when its limit is over, neither later nor sooner.
#[track_caller]
pub fn assert_kept<T>(limit: Duration, call: impl FnOnce(Duration) -> T) -> T {
    let begun = Instant::now();
    let answer = call(limit);
    assert_in_time(begun.elapsed(), limit);
    answer
}

/// Wakes a timed call after a moment, for something that may be gone when it looks.
pub fn gives_up_in_time(
    queue: &Arc<Queue<u32>>,
    gives_up: fn(&Queue<u32>) -> bool,
    wake: fn(&Queue<u32>),
) {
    let begun = Instant::now();
    let timed = move |queue: &_| gives_up(queue).then(|| begun.elapsed());
    let timed = waiting("timed", queue, timed);
    thread::sleep(MOMENT);
    // Otherwise its time was over before this wake-up.
    let in_time = begun.elapsed() == MOMENT;
    wake(queue);
    if let Some(waited) = timed.join().unwrap().filter(|_| in_time) {
        assert_in_time(waited, ODD);
    }
}

#[track_caller]
fn assert_in_time(waited: Duration, limit: Duration) {
    assert!(waited >= limit, "gave up too early");
    assert!(waited < limit + MOMENT, "waited too long");
}
