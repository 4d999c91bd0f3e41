//! The failures besides those told in full, one line each.

use heddle_terms::report::{ClaimReport, Kind, Limit, Outcome, Report, Verdict};

use super::super::console::{Style, count};
use super::words::{clean, cut, kind_words, limit_words, rung_words};

/// How many of them get a line.
const OTHERS: usize = 12;

/// Everything that failed besides the claims that were told in full, one line each.
pub fn others(report: &Report, told: &[&str], style: Style) -> String {
    let lines = match &report.verdict {
        Verdict::RuleBroken { .. } => other_rules(report),
        Verdict::BuildFailed { .. } => other_diagnostics(report),
        Verdict::NotStarted => Vec::new(),
        _ => other_claims(report, told),
    };
    if lines.is_empty() {
        return String::new();
    }
    let mut text = format!("\n  {}\n", style.bold("Also"));
    for line in lines.iter().take(OTHERS) {
        text += &format!("    {} {}\n", style.bad("✗"), cut(line, style.width - 6));
    }
    if lines.len() > OTHERS {
        text += &format!("    and {} more\n", lines.len() - OTHERS);
    }
    text
}

fn other_rules(report: &Report) -> Vec<String> {
    let broken = report.phases.iter().flat_map(|phase| &phase.broken);
    broken
        .skip(1)
        .map(|one| format!("{}  {}", one.place, first_line(&one.message)))
        .collect()
}

fn other_diagnostics(report: &Report) -> Vec<String> {
    let all = report.phases.iter().flat_map(|phase| &phase.diagnostics);
    let errors = all.filter(|one| one.level == "error");
    errors
        .skip(1)
        .map(|one| match &one.place {
            Some(place) => format!("{place}  {}", first_line(&one.message)),
            None => first_line(&one.message),
        })
        .collect()
}

fn other_claims(report: &Report, told: &[&str]) -> Vec<String> {
    let failed: Vec<&ClaimReport> = report
        .claims()
        .filter(|claim| !claim.passed() && !told.contains(&claim.id().as_str()))
        .collect();
    // Claims that met a todo! say nothing that the first one did not say.
    let (unfinished, failed): (Vec<_>, Vec<_>) = failed
        .into_iter()
        .partition(|claim| claim.kind() == Some(Kind::Todo));
    let mut lines: Vec<String> = failed.into_iter().map(claim_line).collect();
    if !unfinished.is_empty() {
        let many = count(unfinished.len() as u64, "more claim");
        lines.push(format!("{many} met a todo!"));
    }
    lines
}

fn claim_line(claim: &ClaimReport) -> String {
    let why = match &claim.outcome {
        Outcome::Passed { .. } => String::new(),
        Outcome::Inconclusive { rung, limit, .. } => {
            format!("not decided: {limit} used up on {rung}")
        }
        Outcome::Failed(failure) => {
            let kind = kind_words(failure.kind);
            match (&failure.rung, failure.kind) {
                (_, Kind::Limit) => match &failure.limit {
                    Some(limit) => format!("{kind}: {}", limit_words(&Limit::named(limit))),
                    None => kind.to_owned(),
                },
                // The usual case goes without saying.
                (Some(rung), _) if rung.starts_with("sequential") => kind.to_owned(),
                (Some(rung), _) => format!("{kind}, {}", rung_words(rung)),
                (None, Kind::Assertion) => first_line(&failure.message),
                _ => kind.to_owned(),
            }
        }
    };
    format!("{} · {}: {why}", claim.phase, claim.name)
}

fn first_line(text: &str) -> String {
    clean(text.lines().next().unwrap_or_default())
}
