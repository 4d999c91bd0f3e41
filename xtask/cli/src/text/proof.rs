//! What a passed report has proven, in words.

use std::collections::BTreeMap;

use heddle_terms::report::{Outcome, Phase, Report, Rung};

use super::super::console::{Style, count, wrap};

/// What the properties and the model claims of a passed report prove.
pub fn proven(report: &Report, style: Style) -> String {
    let mut text = String::new();
    for (rungs, claims) in groups(report) {
        let words = format!("{}: {rungs}.", count(claims, "model claim"));
        text += &hanging(&words, style);
    }
    let cases = cases(report);
    if cases > 0 {
        text += &hanging(
            &format!("Properties: {}.", count(cases, "generated case")),
            style,
        );
    }
    if text.is_empty() {
        return text;
    }
    format!("  What was proven\n{text}")
}

fn hanging(words: &str, style: Style) -> String {
    let wrapped = wrap(words, "      ", style.width);
    format!("    {}", wrapped.trim_start())
}

/// Model claims that climbed the same ladder are told of together.
fn groups(report: &Report) -> BTreeMap<String, u64> {
    let mut groups = BTreeMap::new();
    for claim in report.claims() {
        if let Outcome::Passed { rungs, .. } = &claim.outcome
            && claim.phase == Phase::Model
        {
            *groups.entry(ladder_words(rungs)).or_insert(0) += 1;
        }
    }
    groups
}

fn cases(report: &Report) -> u64 {
    let properties = report
        .claims()
        .filter(|claim| claim.phase == Phase::Properties);
    properties
        .map(|claim| match &claim.outcome {
            Outcome::Passed { cases, .. } => *cases,
            _ => 0,
        })
        .sum()
}

/// The rungs that were climbed, as a statement about schedules.
pub fn ladder_words(rungs: &[Rung]) -> String {
    let finished = || rungs.iter().filter(|rung| rung.exhausted);
    let highest = |family: &str| {
        finished()
            .filter_map(|rung| rung.name.strip_prefix(family)?.parse::<u32>().ok())
            .max()
    };
    let mut words = Vec::new();
    if finished().any(|rung| rung.name == "sequential-full") {
        words.push("every sequentially consistent schedule".to_owned());
    } else if let Some(bound) = highest("sequential-") {
        words.push(format!(
            "every schedule with up to {}",
            count(bound, "preemption")
        ));
    }
    if let Some(bound) = highest("orderings-") {
        words.push(format!(
            "with the orderings as written, up to {}",
            count(bound, "preemption")
        ));
    }
    if finished().any(|rung| rung.name.starts_with("fault:")) {
        words.push("each possible fault alone".to_owned());
    }
    let unfinished = rungs.iter().filter(|rung| !rung.exhausted);
    words.extend(unfinished.map(|rung| format!("{} in part", rung.name)));
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rungs(names: &[&str]) -> Vec<Rung> {
        let rung = |name: &&str| Rung {
            name: (*name).to_owned(),
            schedules: 5,
            exhausted: true,
        };
        names.iter().map(rung).collect()
    }

    #[test]
    fn a_bounded_search_names_its_bound() {
        assert_eq!(
            ladder_words(&rungs(&[
                "sequential-0",
                "sequential-1",
                "sequential-2",
                "orderings-1"
            ])),
            "every schedule with up to 2 preemptions; \
             with the orderings as written, up to 1 preemption"
        );
    }

    #[test]
    fn a_full_search_is_not_called_bounded() {
        assert_eq!(
            ladder_words(&rungs(&[
                "sequential-2",
                "fault:spurious-wait:a:1",
                "sequential-full"
            ])),
            "every sequentially consistent schedule; each possible fault alone"
        );
    }

    #[test]
    fn an_unfinished_rung_is_never_counted_as_proven() {
        let mut rungs = rungs(&["sequential-1", "sequential-2"]);
        rungs[1].exhausted = false;
        assert_eq!(
            ladder_words(&rungs),
            "every schedule with up to 1 preemption; sequential-2 in part"
        );
    }
}
