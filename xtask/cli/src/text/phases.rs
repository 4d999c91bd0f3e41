//! The table of phases, one line each.

use heddle_terms::report::{Outcome, Phase, PhaseReport, PhaseStatus};

use super::super::console::{Style, count};
use super::words::{cut, seconds};

/// One line for each phase: how it ended, counts, time; those not reached share a line.
pub fn table(phases: &[PhaseReport], style: Style) -> String {
    let mut text = String::new();
    let mut unreached = Vec::new();
    for phase in phases {
        match phase.status {
            PhaseStatus::NotReached => unreached.push(phase.phase.name()),
            _ => text += &row(phase, style),
        }
    }
    if !unreached.is_empty() {
        let words = format!("not reached: {}", unreached.join(", "));
        text += &format!("  {}\n", style.dim(&words));
    }
    text
}

fn row(phase: &PhaseReport, style: Style) -> String {
    let name = format!("{:<10}", phase.phase.name());
    if let PhaseStatus::Absent { reason } = &phase.status {
        let reason = cut(reason, style.width.saturating_sub(25));
        return format!("  {}\n", style.dim(&format!("{name}  –  none: {reason}")));
    }
    let mark = match phase.status {
        PhaseStatus::Passed => style.good("✓"),
        _ => style.bad("✗"),
    };
    let time = style.dim(&seconds(phase.took));
    // The indent, the name, the sign, the time, and the spaces between them.
    let room = style
        .width
        .saturating_sub(2 + 10 + 2 + 1 + 2 + 2 + 7)
        .min(42);
    let details = cut(&details(phase), room);
    format!("  {name}  {mark}  {details:<room$}  {time}\n")
}

fn details(phase: &PhaseReport) -> String {
    match phase.phase {
        Phase::Rules => match phase.broken.len() {
            0 => String::new(),
            broken => format!("broken {}", times(broken)),
        },
        Phase::Build => build(phase),
        Phase::Types | Phase::Spec => claims(phase),
        Phase::Properties => with_total(phase, "case", |outcome| match outcome {
            Outcome::Passed { cases, .. } => *cases,
            _ => 0,
        }),
        Phase::Model => with_total(phase, "schedule", |outcome| match outcome {
            Outcome::Passed { schedules, .. } | Outcome::Inconclusive { schedules, .. } => {
                *schedules
            }
            Outcome::Failed(failure) => failure.schedules.unwrap_or(0),
        }),
    }
}

fn times(number: usize) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

fn build(phase: &PhaseReport) -> String {
    let of = |level: &str| {
        let found = phase.diagnostics.iter().filter(|one| one.level == level);
        found.count() as u64
    };
    let (errors, warnings) = (of("error"), of("warning"));
    match (errors, warnings) {
        (0, 0) => String::new(),
        (0, _) => count(warnings, "warning"),
        _ => count(errors, "error"),
    }
}

fn claims(phase: &PhaseReport) -> String {
    let all = phase.claims.len() as u64;
    let failed = phase.claims.iter().filter(|claim| !claim.passed()).count() as u64;
    match failed {
        0 => count(all, "claim"),
        1 => format!("1 of {} fails", count(all, "claim")),
        _ => format!("{failed} of {} fail", count(all, "claim")),
    }
}

fn with_total(phase: &PhaseReport, unit: &str, of: impl Fn(&Outcome) -> u64) -> String {
    let total: u64 = phase.claims.iter().map(|claim| of(&claim.outcome)).sum();
    match total {
        0 => claims(phase),
        total => format!("{}, {}", claims(phase), count(total, unit)),
    }
}
