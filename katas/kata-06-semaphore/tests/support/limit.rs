//! Time limits, as a model keeps them.

use heddle::time::Duration;

/// Not a whole number of seconds, milliseconds or microseconds.
pub const LIMIT: Duration = Duration::new(1, 5_500_700);
pub const MOMENT: Duration = Duration::from_millis(1);
/// More than a wait of no time takes.
pub const TICK: Duration = Duration::from_nanos(100);

/// In a model time passes only while somebody waits for it, so a limit is kept to the tick.
pub fn is(waited: Duration, limit: Duration) -> bool {
    (limit..limit + TICK).contains(&waited)
}
