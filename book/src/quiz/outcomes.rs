//! The data about a program: every result that it might have, and a schedule for each that it can.

use std::fs;
use std::path::Path;

use heddle_terms::record::Counterexample;
use serde::Deserialize;

/// What marks the part of a source that is shown.
const MARKS: [&str; 2] = ["// ANCHOR: program\n", "// ANCHOR_END: program\n"];

/// A program and its results.
pub(super) struct Outcomes {
    /// The part of the source that is shown.
    pub(super) listing: String,
    results: Vec<Outcome>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    program: String,
    results: Vec<Outcome>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outcome {
    text: String,
    /// None where no schedule leads to it.
    schedule: Option<Counterexample>,
}

impl Outcomes {
    /// Reads `outcomes/NAME.rs` and `outcomes/NAME.json` in the book's folder.
    pub(super) fn load(book: &Path, name: &str) -> Result<Outcomes, String> {
        let read = |extension: &str| {
            let file = book.join("outcomes").join(format!("{name}.{extension}"));
            fs::read_to_string(&file)
                .map_err(|error| format!("cannot read {}: {error}", file.display()))
        };
        let (source, data) = (read("rs")?, read("json")?);
        let data: Data = serde_json::from_str(&data)
            .map_err(|error| format!("the data of {name} cannot be read: {error}"))?;
        if data.program != name {
            return Err(format!("the data of {name} are those of {}", data.program));
        }
        let listing = source.split_once(MARKS[0]).and_then(|(_, rest)| {
            let (listing, _) = rest.split_once(MARKS[1])?;
            Some(listing.trim_end().to_owned())
        });
        Ok(Outcomes {
            listing: listing.ok_or_else(|| format!("{name}.rs does not mark its program"))?,
            results: data.results,
        })
    }

    /// The schedule that leads to a result, if there is one; nothing where there is no such result.
    pub(super) fn take(&mut self, result: &str) -> Option<Option<Counterexample>> {
        let known = self.results.iter().position(|one| one.text == result)?;
        Some(self.results.remove(known).schedule)
    }

    /// A result that was not taken.
    pub(super) fn first_left(&self) -> Option<&str> {
        self.results.first().map(|result| result.text.as_str())
    }
}
