//! What the rules let through and what they stop: the ways around them that were thought of, each refused.

mod attributes;
mod crates;
mod macros;
mod names;
mod paths;

use super::{Judged, Refusal, judge};
use heddle_terms::catalogue::RulesTable;
use heddle_terms::report::RuleBroken;

/// The rules that a source breaks in a kata that allows nothing special.
fn broken(source: &str) -> Vec<RuleBroken> {
    broken_with(source, &RulesTable::default())
}

fn broken_with(source: &str, table: &RulesTable) -> Vec<RuleBroken> {
    match judge(source, "src/lib.rs", table) {
        Ok(_) => Vec::new(),
        Err(Refusal::Broken(broken)) => broken,
        Err(unparsable) => panic!("{unparsable} in\n{source}"),
    }
}

/// The source breaks exactly that rule.
#[track_caller]
fn refused(rule: &str, source: &str) {
    refused_with(rule, source, &RulesTable::default());
}

#[track_caller]
fn refused_with(rule: &str, source: &str, table: &RulesTable) {
    let broken = broken_with(source, table);
    assert!(!broken.is_empty(), "accepted:\n{source}");
    for one in broken {
        assert_eq!(one.rule, rule, "{} in\n{source}", one.message);
    }
}

/// The source keeps every rule.
#[track_caller]
fn accepted(source: &str) -> Judged {
    accepted_with(source, &RulesTable::default())
}

#[track_caller]
fn accepted_with(source: &str, table: &RulesTable) -> Judged {
    judge(source, "src/lib.rs", table).unwrap_or_else(|refusal| panic!("{refusal} in\n{source}"))
}

/// A kata that allows more.
fn table(toml: &str) -> RulesTable {
    basic_toml::from_str(toml).expect("a [rules] table")
}
