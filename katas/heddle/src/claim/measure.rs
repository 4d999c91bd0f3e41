//! What it costs to remember the steps of every schedule.
//!
//! A measurement comes after the search that decides about the claim, and decides nothing itself:
//! a schedule that fails without its steps being remembered is a fault.

use std::time::{Duration, Instant};

use crate::engine::explore;

/// How long to measure, and how often at least.
const ENOUGH: Duration = Duration::from_millis(500);
const ROUNDS: u32 = 8;

/// The same searches, with every step remembered and without.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// How many schedules the searches have.
    pub(crate) schedules: u64,
    /// The least time that they took in each of the two ways: nothing makes a search faster than
    /// it is, and much that goes on beside it makes it slower.
    pub(crate) recorded: Duration,
    pub(crate) unrecorded: Duration,
}

/// Measures a search, which returns how many schedules it ran.
///
/// Both ways take turns, and turns in who is first, so that what else the machine does comes to
/// both alike.
pub(crate) fn recording(mut search: impl FnMut() -> u64) -> Measured {
    let mut measured = Measured {
        schedules: 0,
        recorded: Duration::MAX,
        unrecorded: Duration::MAX,
    };
    let begun = Instant::now();
    let mut round = 0;
    while round < ROUNDS || begun.elapsed() < ENOUGH {
        for recorded in [round % 2 == 0, round % 2 != 0] {
            explore::remember_steps(recorded);
            let before = processor_time();
            let schedules = search();
            let took = processor_time().saturating_sub(before);
            explore::remember_steps(true);
            measured.schedules = schedules;
            let least = if recorded {
                &mut measured.recorded
            } else {
                &mut measured.unrecorded
            };
            *least = took.min(*least);
        }
        round += 1;
    }
    measured
}

/// How long this thread has been on a processor; all threads of a model are this one.
#[cfg(target_os = "linux")]
fn processor_time() -> Duration {
    /// The clock's number in `<time.h>`.
    const CLOCK_THREAD_CPUTIME_ID: i32 = 3;

    #[repr(C)]
    struct Timespec {
        seconds: std::ffi::c_long,
        nanoseconds: std::ffi::c_long,
    }

    // SAFETY: that is how `<time.h>` declares it, and `std` links the C library.
    unsafe extern "C" {
        fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
    }

    let mut time = Timespec {
        seconds: 0,
        nanoseconds: 0,
    };
    // SAFETY: the clock writes to nothing but `time`, which is as it wants it.
    unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    let seconds = u64::try_from(time.seconds).unwrap_or_default();
    Duration::from_secs(seconds)
        + Duration::from_nanos(u64::try_from(time.nanoseconds).unwrap_or_default())
}

/// Elsewhere the time that has passed has to do.
#[cfg(not(target_os = "linux"))]
fn processor_time() -> Duration {
    use std::sync::OnceLock;

    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
