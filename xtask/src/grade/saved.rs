//! Schedules that broke a model claim, saved so that they are tried first.
//!
//! One file for each claim, made by `check --keep` and meant to be read and compared by people. It
//! changes no verdict: a claim passes only by its whole search, with or without the file.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::records::SavedTold;
use heddle_terms::catalogue::{ClaimDecl, Kata};
use heddle_terms::files::{self, FileError};
use heddle_terms::report::{Kind, Outcome};

/// The version of the file, and the only one there is.
const SCHEMA: u32 = 1;

/// A saved schedule.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Schedule {
    schema: u32,
    /// The claim that it broke.
    claim: String,
    /// How it broke it.
    kind: String,
    /// The rung of the ladder on which it was found.
    rung: String,
    /// What the search took into account; letters of heddle's, `-` for nothing.
    modelled: String,
    /// Whose turn it was, as `thread x steps`.
    turns: Vec<String>,
}

/// A file that is no schedule of the claim, with what to do about it.
#[derive(Debug)]
pub(super) struct Unusable(String);

/// Where the schedule of that claim is saved.
pub(super) fn file(kata: &Kata, claim: &ClaimDecl) -> PathBuf {
    let name = format!("{}.schedule.json", claim.name);
    let folder = kata.workspace.scratch.join("kept").join(&kata.id);
    folder.join(name)
}

/// Saves the schedule that a claim's record names.
pub(super) fn save(
    file: &Path,
    claim: &ClaimDecl,
    kind: Kind,
    line: &str,
) -> Result<(), FileError> {
    let parts: Vec<&str> = line.split(' ').collect();
    let [_, rung, modelled, turns] = parts[..] else {
        return Ok(());
    };
    let schedule = Schedule {
        schema: SCHEMA,
        claim: claim.id(),
        kind: kind.name().to_owned(),
        rung: rung.to_owned(),
        modelled: modelled.to_owned(),
        turns: turns
            .split(',')
            .map(|turn| turn.replace('x', " x "))
            .collect(),
    };
    let text = serde_json::to_string_pretty(&schedule).unwrap_or_default();
    files::write(file, (text + "\n").as_bytes())
}

/// Reads a saved schedule as the line that heddle understands; `None` when there is none.
pub(super) fn read(file: &Path, claim: &ClaimDecl) -> Option<Result<String, Unusable>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => return Some(Err(Unusable(error.to_string()))),
    };
    Some(line_of(&text, claim).map_err(Unusable))
}

fn line_of(text: &str, claim: &ClaimDecl) -> Result<String, String> {
    #[derive(Deserialize)]
    struct Version {
        schema: u32,
    }
    let version: Version = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if version.schema != SCHEMA {
        return Err(format!("its schema is {}, not {SCHEMA}", version.schema));
    }
    let schedule: Schedule = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if schedule.claim != claim.id() {
        return Err(format!("it is one of {}", schedule.claim));
    }
    let turns: Vec<String> = schedule
        .turns
        .iter()
        .map(|turn| turn.replace(' ', ""))
        .collect();
    let Schedule { rung, modelled, .. } = schedule;
    let line = format!("1 {rung} {modelled} {}", turns.join(","));
    // It goes through the environment; nothing that heddle writes is longer, or something else.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" -:,".contains(&byte);
    if !line.bytes().all(is_plain) || line.len() > 64 * 1024 {
        return Err("it is not as heddle writes it".to_owned());
    }
    Ok(line)
}

/// What a report says of a saved schedule; `None` when there was nothing to try.
pub(super) fn remark(
    tried: Option<&Result<String, Unusable>>,
    told: Option<SavedTold>,
    outcome: &Outcome,
    claim: &ClaimDecl,
    file: &str,
) -> Option<String> {
    let id = claim.id();
    let others = match outcome {
        Outcome::Passed { .. } => "and no other one does",
        Outcome::Failed(_) => "but another one does",
        Outcome::Inconclusive { .. } => "but the search was not finished",
    };
    Some(match (tried?, told) {
        (Err(Unusable(problem)), _) => unusable(file, &id, problem),
        (Ok(_), Some(SavedTold::Unusable)) => unusable(file, &id, "it is not as heddle writes it"),
        (Ok(_), Some(held)) => {
            let how = match held {
                SavedTold::Diverged => ", as the code goes another way now",
                SavedTold::Held | SavedTold::Unusable => "",
            };
            format!(
                "the saved schedule no longer breaks {id}{how}, {others}; \
                 `{file}` is tried first until you delete it"
            )
        }
        (Ok(_), None) if matches!(outcome, Outcome::Failed(_)) => {
            format!("the saved schedule still breaks {id}; no other one was tried")
        }
        (Ok(_), None) => return None,
    })
}

fn unusable(file: &str, id: &str, problem: &str) -> String {
    format!(
        "`{file}` is no saved schedule of {id}: {problem}; {id} was checked without it. Delete the file, or save a new one with `--keep`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use heddle_terms::report::Phase;

    fn claim() -> ClaimDecl {
        ClaimDecl {
            phase: Phase::Model,
            name: "it_holds".to_owned(),
            sentence: "It holds.".to_owned(),
            file: PathBuf::from("tests/model.rs"),
            line: 1,
            error_code: None,
        }
    }

    /// What is saved reads back, and a person can compare it turn by turn.
    #[test]
    fn a_saved_schedule_reads_back() {
        let folder = std::env::temp_dir().join(format!("heddle-saved-{}", std::process::id()));
        let file = folder.join("it_holds.schedule.json");
        let line = "1 fault:compare-exchange-weak:2:1 ce 0x3,1x12,0x1";
        save(&file, &claim(), Kind::Deadlock, line).expect("it can be written");
        let text = std::fs::read_to_string(&file).expect("it is there");
        let expected = concat!(
            "{\n  \"schema\": 1,\n  \"claim\": \"model::it_holds\",\n  \"kind\": \"deadlock\",\n",
            "  \"rung\": \"fault:compare-exchange-weak:2:1\",\n  \"modelled\": \"ce\",\n",
            "  \"turns\": [\n    \"0 x 3\",\n    \"1 x 12\",\n    \"0 x 1\"\n  ]\n}\n",
        );
        assert_eq!(text, expected);
        let read = read(&file, &claim()).expect("it is there");
        assert_eq!(read.expect("it is a schedule"), line);
        std::fs::remove_dir_all(&folder).expect("it is ours");
    }

    /// Nothing strange gets from a file into the environment of a claim.
    #[test]
    fn a_strange_file_is_refused() {
        let good = concat!(
            "{\"schema\":1,\"claim\":\"model::it_holds\",\"kind\":\"leak\",",
            "\"rung\":\"sequential-0\",\"modelled\":\"-\",\"turns\":[\"0 x 1\"]}",
        );
        assert!(line_of(good, &claim()).is_ok());
        for (part, other) in [
            ("\"schema\":1", "\"schema\":\"1\""),
            ("\"schema\":1", "\"schema\":99"),
            ("it_holds", "another"),
            ("sequential-0", "sequential-0\\u0000"),
            ("sequential-0", "séquentiel"),
            ("0 x 1", "0=1"),
            ("\"kind\"", "\"kinds\""),
            ("]}", "]"),
        ] {
            let strange = good.replace(part, other);
            assert!(line_of(&strange, &claim()).is_err(), "{strange}");
        }
    }
}
