//! The marker comments of a solution.

use std::ops::Range;

use super::error::StubError;
use super::nodes::Tokens;

/// One marker comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    /// Its line, counted from 1.
    pub(super) line: usize,
    /// Its whole line, with the line break.
    pub(super) range: Range<usize>,
    /// What stands before it on its line.
    pub(super) indent: String,
    /// What it says.
    pub(super) order: Order,
}

/// What a marker says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Order {
    /// The body around becomes a `todo!` with that text.
    Todo(String),
    /// What follows is left out.
    Omit,
    /// The stub has this line instead.
    Insert(String),
}

/// The markers of `source` in the order of the text.
pub(super) fn find(source: &str, tokens: &Tokens) -> Result<Vec<Marker>, StubError> {
    let mut markers = Vec::new();
    let mut start = 0;
    for (index, text) in source.split_inclusive('\n').enumerate() {
        let range = start..start + text.len();
        start = range.end;
        let line = index + 1;
        let Some(at) = comment(text).filter(|at| !tokens.cover(range.start + at)) else {
            continue;
        };
        let indent = &text[..at];
        if !indent.trim().is_empty() {
            return Err(StubError::BesideCode { line });
        }
        markers.push(Marker {
            line,
            range,
            indent: indent.to_owned(),
            order: order(text[at..].trim_end(), line)?,
        });
    }
    Ok(markers)
}

/// Where in a line a comment begins that means to be a marker, however it is spelt.
fn comment(text: &str) -> Option<usize> {
    text.match_indices("//").map(|(at, _)| at).find(|at| {
        let said = text[at + 2..].trim_start();
        said.strip_prefix("stub")
            .is_some_and(|rest| rest.trim_start().starts_with(':'))
    })
}

fn order(comment: &str, line: usize) -> Result<Order, StubError> {
    let unknown = || StubError::UnknownMarker {
        line,
        found: comment.to_owned(),
    };
    let said = comment.strip_prefix("// stub: ").ok_or_else(unknown)?;
    if said == "omit" {
        return Ok(Order::Omit);
    }
    if let Some(code) = said.strip_prefix("insert ") {
        return Ok(Order::Insert(code.to_owned()));
    }
    let text = said.strip_prefix("todo ").ok_or_else(unknown)?;
    syn::parse_str::<syn::LitStr>(text)
        .map(|text| Order::Todo(text.value()))
        .map_err(|_| unknown())
}
