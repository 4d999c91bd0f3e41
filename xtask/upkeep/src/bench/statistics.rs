//! The middle of some measurements, and their spread.

use std::time::Duration;

use heddle_cli::text::seconds;

/// The middle of the durations; zero of none.
pub fn median(durations: &[Duration]) -> Duration {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable();
    match sorted.len() {
        0 => Duration::ZERO,
        odd if odd % 2 == 1 => sorted[odd / 2],
        even => (sorted[even / 2 - 1] + sorted[even / 2]) / 2,
    }
}

/// Median, least and greatest, in words.
pub fn spread(durations: &[Duration]) -> String {
    let least = durations.iter().min().copied().unwrap_or_default();
    let greatest = durations.iter().max().copied().unwrap_or_default();
    format!(
        "median {} of {} (from {} to {})",
        seconds(median(durations)),
        durations.len(),
        seconds(least),
        seconds(greatest)
    )
}

/// One line for a part of a whole: its time and its share.
pub fn share(name: &str, part: Duration, whole: Duration) -> String {
    let percent = 100.0 * part.as_secs_f64() / whole.as_secs_f64().max(f64::MIN_POSITIVE);
    format!("    {name:<28} {:>8}  {percent:>3.0} %\n", seconds(part))
}

/// How a figure stands to what it must reach.
pub fn against(found: Duration, target: Duration) -> String {
    let sign = if found <= target {
        "✓ within"
    } else {
        "✗ over"
    };
    format!("{sign} the target of {}", seconds(target))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(milliseconds: &[u64]) -> Vec<Duration> {
        milliseconds
            .iter()
            .copied()
            .map(Duration::from_millis)
            .collect()
    }

    #[test]
    fn the_median_is_the_middle_and_no_outlier_moves_it() {
        assert_eq!(median(&of(&[9000, 10, 20])), Duration::from_millis(20));
        assert_eq!(median(&of(&[10, 20])), Duration::from_millis(15));
        assert_eq!(median(&[]), Duration::ZERO);
    }

    #[test]
    fn a_figure_over_its_target_says_so() {
        let target = Duration::from_millis(800);
        assert_eq!(
            against(Duration::from_millis(801), target),
            "✗ over the target of 0.80 s"
        );
        assert!(against(target, target).starts_with('✓'));
    }
}
