//! The claims that a test binary has, against those that its sources declare.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::Fault;
use super::claim_run::Surroundings;
use crate::process::{self, End, Job, Limits, Slot};
use crate::toolchain;
use heddle_terms::report::Face;

/// Compares both; whatever is only on one side would never be run, or never be noticed missing.
pub(super) fn compare(around: Surroundings<'_>, face: Face, binary: &Path) -> Result<(), Fault> {
    let mut command = toolchain::clean(Command::new(binary), around.folder);
    command.args(["--list", "--format=terse"]);
    let limits = Limits::with_clock(Duration::from_secs(60));
    let ended = process::run(Job {
        command,
        record_variable: None,
        limits,
        slot: Slot::take(),
    })?;
    if ended.end != End::Itself || !ended.status.success() {
        return Err(Fault::Claims {
            face,
            problem: format!("its test binary cannot list its claims ({})", ended.status),
        });
    }
    let text = String::from_utf8_lossy(&ended.stdout);
    let listed: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .collect();
    let declared: BTreeSet<String> = around
        .kata
        .claims
        .iter()
        .filter(|claim| claim.phase.face() == face && claim.error_code.is_none())
        .map(|claim| claim.id())
        .collect();
    let differing: Vec<&str> = declared
        .iter()
        .map(String::as_str)
        .filter(|name| !listed.contains(name))
        .chain(
            listed
                .iter()
                .copied()
                .filter(|name| !declared.contains(*name)),
        )
        .collect();
    match differing[..] {
        [] => Ok(()),
        _ => Err(Fault::Claims {
            face,
            problem: format!(
                "sources and test binary do not have the same claims: {}; \
                 write each claim as a plain #[test] function at the top level",
                differing.join(", ")
            ),
        }),
    }
}
