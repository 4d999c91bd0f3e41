//! Mechanical mutants that nothing can tell from the solution, each with the reason.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::MutantError;
use crate::mutate::MechanicalMutant;
use heddle_terms::catalogue::Kata;
use heddle_terms::files;

/// The contents of an `equivalent.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    equivalent: Vec<Equivalent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Equivalent {
    name: String,
    reason: String,
}

/// The reasons why some of these mechanical mutants of the kata are equivalent to its solution, by the mutant's name.
///
/// # Errors
///
/// When the list cannot be read, says a thing twice or without a reason, or names a mutant that does not exist any
/// more: a stale entry might excuse the next mutant of that name.
pub fn equivalents(
    kata: &Kata,
    mutants: &[MechanicalMutant],
) -> Result<BTreeMap<String, String>, MutantError> {
    let path = kata.mutants_dir().join("equivalent.toml");
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let text = files::read(&path)?;
    let wrong = |problem: String| MutantError::Equivalent {
        file: kata.workspace.display(&path),
        problem,
    };
    let list: List = std::str::from_utf8(&text)
        .map_err(|error| wrong(format!("{error}; save it as UTF-8")))
        .and_then(|text| basic_toml::from_str(text).map_err(|error| wrong(error.to_string())))?;
    let mut reasons = BTreeMap::new();
    for Equivalent { name, reason } in list.equivalent {
        if reason.trim().is_empty() {
            return Err(wrong(format!(
                "`{name}` has no reason; say why no claim can tell it from the solution"
            )));
        }
        if !mutants.iter().any(|mutant| mutant.name == name) {
            let nearest = mutants
                .iter()
                .max_by(|one, other| {
                    let near =
                        |mutant: &MechanicalMutant| strsim::jaro_winkler(&mutant.name, &name);
                    near(one).total_cmp(&near(other))
                })
                .map_or_else(String::new, |mutant| {
                    format!("; the nearest name is `{}`", mutant.name)
                });
            return Err(wrong(format!(
                "the solution has no mechanical mutant `{name}`{nearest}. Remove the entry or correct its name"
            )));
        }
        if reasons.insert(name.clone(), reason).is_some() {
            return Err(wrong(format!("`{name}` is listed twice; keep one reason")));
        }
    }
    Ok(reasons)
}
