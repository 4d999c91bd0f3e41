//! What a kata.toml may say.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The contents of a kata.toml; an unknown key is an error.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KataToml {
    /// The kata's title.
    pub title: String,
    /// The part of the course it belongs to.
    pub part: String,
    /// One sentence about it.
    pub summary: String,
    /// From 1 to 5.
    pub difficulty: u8,
    /// How long it takes a learner, in minutes.
    pub minutes: u32,
    /// The katas to do first, by id.
    #[serde(default)]
    pub prerequisites: Vec<String>,
    /// The section of the Python tutorial it comes from.
    pub seed: String,
    /// `any`, or `linux` when it needs Linux.
    #[serde(default = "any_platform")]
    pub platform: String,
    /// Three hints, each telling more than the one before.
    pub hints: [String; 3],
    /// The phases that this kata does not have, with the reason.
    #[serde(default)]
    pub phases: BTreeMap<String, String>,
    /// What the rules allow beyond the default.
    #[serde(default)]
    pub rules: RulesTable,
    /// Interview questions that it answers.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// The section of the behaviour catalogue it covers.
    pub python: Python,
    /// What covers each numbered behaviour.
    #[serde(default)]
    pub contract: Vec<Contract>,
}

fn any_platform() -> String {
    "any".to_owned()
}

/// What a kata allows beyond the default rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RulesTable {
    /// Paths of modules or items of std, such as `std::fmt`; what lies below them is allowed too.
    pub std: Vec<String>,
    /// Whether `unsafe` is allowed.
    #[serde(rename = "unsafe")]
    pub unsafe_code: bool,
    /// Macros beyond the default list, without `!`.
    pub macros: Vec<String>,
    /// Attributes beyond the default list.
    pub attributes: Vec<String>,
    /// Crates beyond heddle.
    pub crates: Vec<String>,
}

/// An interview question that the kata answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question.
    pub question: String,
    /// Its short answer: what one says first.
    pub answer: String,
    /// Its deep answer, in Markdown: what one says when asked to go on.
    pub deep: String,
    /// Whether the Python tutorial asks it as well.
    #[serde(default)]
    pub seed: bool,
    /// The claims that show it, by id.
    #[serde(default)]
    pub claims: Vec<String>,
}

/// The section of the behaviour catalogue that a kata covers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Python {
    /// The section's number.
    pub section: u32,
    /// How many numbered behaviours it has.
    pub behaviours: u32,
    /// How many numbered mistakes it has.
    pub mistakes: u32,
}

/// One numbered behaviour or mistake, and what covers it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// `1`, `2`, … for behaviours, `W1`, `W2`, … for mistakes.
    pub id: String,
    /// The behaviour, in one sentence.
    pub says: String,
    /// The claims that check it, by id.
    #[serde(default)]
    pub claims: Vec<String>,
    /// The mutants that make the mistake, by name.
    #[serde(default)]
    pub mutants: Vec<String>,
    /// Why nothing checks it; only without claims and mutants.
    pub reason: Option<String>,
}
