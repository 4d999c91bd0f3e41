//! How much processor time the children of this program have used.

use std::time::Duration;

/// `USER_HZ`, in which the system tells times: a hundredth of a second on every processor that the
/// toolchain builds for.
const MILLISECONDS_PER_TICK: u64 = 10;

/// The processor time of all children that have ended, and of theirs; none where it is not known.
///
/// Unlike time by the clock it says the same on a busy machine.
pub fn used_by_children() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let ticks = child_ticks(&stat)?;
    Some(Duration::from_millis(ticks * MILLISECONDS_PER_TICK))
}

/// The fields `cutime` and `cstime`; the name in the second field may hold spaces.
fn child_ticks(stat: &str) -> Option<u64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(ticks(13)? + ticks(14)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_children_are_told_apart_from_the_program_itself() {
        let stat = "9 (a name) b) R 1 9 9 0 -1 4194304 100 0 0 0 11 12 130 140 20 0 1 0 5 6 7";
        assert_eq!(child_ticks(stat), Some(270));
    }
}
