//! Whether a path of another crate may be named.

use super::lists;
use super::reasons;
use super::rule::Rule;
use heddle_terms::catalogue::RulesTable;

/// The default lists together with what one kata adds.
#[derive(Debug)]
pub(super) struct Allow<'a> {
    paths: Vec<Vec<String>>,
    table: &'a RulesTable,
}

/// What is allowed about a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It may be named, and all that is inside it.
    Allowed,
    /// It may be named, but not all that is inside it.
    Partly,
    /// It may not be named.
    Refused(Rule, String),
}

impl<'a> Allow<'a> {
    /// The default lists and that table.
    pub(super) fn new(table: &'a RulesTable) -> Self {
        let std = lists::STD.iter().map(|path| format!("std::{path}"));
        let heddle = lists::HEDDLE.iter().map(|path| format!("heddle::{path}"));
        let paths = std
            .chain(heddle)
            .chain(table.std.iter().cloned())
            .map(|path| home(&segments(&path)))
            .collect();
        Self { paths, table }
    }

    /// Whether `unsafe` may be written.
    pub(super) fn unsafe_code(&self) -> bool {
        self.table.unsafe_code
    }

    /// The standing of a path that begins with the name of a crate.
    pub(super) fn path(&self, path: &[String]) -> Standing {
        let path = home(path);
        match path[0].as_str() {
            "std" | "heddle" => self.listed(&path),
            name if self
                .table
                .crates
                .iter()
                .any(|allowed| allowed.replace('-', "_") == name) =>
            {
                Standing::Allowed
            }
            name => Standing::Refused(
                Rule::Crate,
                format!(
                    "the crate `{name}` is not part of this kata; it may use heddle and std{}",
                    crates(self.table)
                ),
            ),
        }
    }

    fn listed(&self, path: &[String]) -> Standing {
        let allowed = self
            .paths
            .iter()
            .filter(|allowed| path.starts_with(allowed));
        let allowed = allowed.map(Vec::len).max().unwrap_or(0);
        let shown = path.join("::");
        if let Some((rule, reason)) = self.denied(path, allowed) {
            return Standing::Refused(rule, reason.to_owned());
        }
        if allowed > 0 {
            return match self.denied_below(path, allowed) {
                true => Standing::Partly,
                false => Standing::Allowed,
            };
        }
        let std_macro = path.len() == 2 && path[0] == "std" && self.names_macro(&path[1]);
        if std_macro || self.paths.iter().any(|allowed| allowed.starts_with(path)) {
            return Standing::Partly;
        }
        if path[0] == "heddle" {
            let reason = "it is for claims, the code that judges; a subject uses `heddle::{sync, thread, cell, time, hint, boxed}` and `heddle::thread_local!`";
            return Standing::Refused(Rule::HeddleInternals, reason.to_owned());
        }
        let (rule, reason) = reasons::REASONS
            .iter()
            .filter(|(prefix, ..)| below(&shown, prefix))
            .max_by_key(|(prefix, ..)| prefix.len())
            .map_or(
                (
                    Rule::StdItem,
                    "it is not on the list of what this kata may use",
                ),
                |&(_, rule, reason)| (rule, reason),
            );
        Standing::Refused(rule, reason.to_owned())
    }

    /// What refuses a path although its first `allowed` segments are on the list.
    fn denied(&self, path: &[String], allowed: usize) -> Option<(Rule, &'static str)> {
        let shown = path.join("::");
        self.refusals()
            .find(|(prefix, ..)| below(&shown, prefix) && allowed < segments(prefix).len())
            .map(|(_, rule, reason)| (rule, reason))
    }

    fn denied_below(&self, path: &[String], allowed: usize) -> bool {
        let shown = path.join("::");
        self.refusals().any(|(refused, ..)| {
            below(refused, &shown)
                && allowed < segments(refused).len()
                && !self.paths.contains(&segments(refused))
        })
    }

    fn refusals(&self) -> impl Iterator<Item = (&'static str, Rule, &'static str)> {
        let cells = reasons::UNWATCHED
            .iter()
            .filter(|_| self.unsafe_code())
            .map(|&cell| (cell, Rule::StdSync, reasons::UNWATCHED_REASON));
        reasons::DENIED.iter().copied().chain(cells)
    }

    /// Whether the macro of std of that name may be used.
    pub(super) fn names_macro(&self, name: &str) -> bool {
        lists::MACROS.contains(&name) || self.table.macros.iter().any(|allowed| allowed == name)
    }

    /// Whether an attribute of that path, written with `::`, may be used.
    pub(super) fn attribute(&self, path: &str) -> bool {
        let tool = path.split_once("::").map(|(tool, _)| tool);
        lists::ATTRIBUTES.contains(&path)
            || tool.is_some_and(|tool| lists::TOOLS.contains(&tool))
            || self.table.attributes.iter().any(|allowed| allowed == path)
    }

    /// Whether a derive of that name may be used.
    pub(super) fn derive(&self, name: &str) -> bool {
        lists::DERIVES.contains(&name)
            || self.table.attributes.iter().any(|allowed| allowed == name)
    }
}

/// core and alloc are parts of std under other names.
fn home(path: &[String]) -> Vec<String> {
    let mut path = path.to_vec();
    if matches!(path[0].as_str(), "core" | "alloc") {
        "std".clone_into(&mut path[0]);
    }
    path
}

fn segments(path: &str) -> Vec<String> {
    path.split("::").map(str::to_owned).collect()
}

/// Whether `path` is `prefix` or lies inside it.
fn below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn crates(table: &RulesTable) -> String {
    table
        .crates
        .iter()
        .map(|name| format!(", and {name}"))
        .collect()
}
