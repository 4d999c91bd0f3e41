//! From a solution to its stub.

use std::ops::Range;

use super::error::StubError;
use super::marker::{self, Marker, Order};
use super::nodes::{Nodes, Tokens};
use super::splice;

/// The line that keeps a stub free of warnings. The grader mentions it when it outlives the last `todo!`.
pub const ALLOW_UNUSED: &str =
    r#"#![allow(unused, reason = "a stub leaves most unused; delete this when done")]"#;

/// How wide a line may be before rustfmt breaks it.
const WIDTH: usize = 100;

/// Derives the stub from the text of a solution.
///
/// # Errors
///
/// A marker that cannot be followed, with its line and what to change.
pub fn derive(solution: &str) -> Result<String, StubError> {
    let file = syn::parse_file(solution).map_err(|error| StubError::Unparsable {
        line: error.span().start().line,
        message: error.to_string(),
    })?;
    let stream = solution.parse().unwrap_or_default();
    let tokens = Tokens::of(stream);
    let nodes = Nodes::of(&file);
    let markers = marker::find(solution, &tokens)?;
    let mut edits = markers
        .into_iter()
        .map(|marker| edit(solution, &tokens, &nodes, marker))
        .collect::<Result<Vec<_>, _>>()?;
    if !edits
        .iter()
        .any(|edit| matches!(edit.change, Change::Body(_)))
    {
        return Err(StubError::NothingToDo);
    }
    refuse_nested(&edits)?;
    edits.sort_by_key(|edit| edit.range.start);
    let mut stub = solution.to_owned();
    for edit in edits.into_iter().rev() {
        match edit.change {
            Change::Cut => splice::cut(&mut stub, edit.range),
            Change::Body(text) | Change::Line(text) => stub.replace_range(edit.range, &text),
        }
    }
    stub.truncate(stub.trim_end().len());
    stub.push('\n');
    allow_unused(&mut stub);
    readable(&stub)?;
    Ok(stub)
}

/// One change to the text of the solution.
struct Edit {
    line: usize,
    marker: usize,
    range: Range<usize>,
    change: Change,
}

enum Change {
    Body(String),
    Line(String),
    Cut,
}

fn edit(source: &str, tokens: &Tokens, nodes: &Nodes, marker: Marker) -> Result<Edit, StubError> {
    let line = marker.line;
    let at = marker.range.start;
    let (range, change) = match &marker.order {
        Order::Insert(code) => {
            let text = format!("{}{code}\n", marker.indent);
            (marker.range.clone(), Change::Line(text))
        }
        Order::Omit => (omitted(source, tokens, nodes, &marker)?, Change::Cut),
        Order::Todo(text) => {
            let body = nodes
                .body(at)
                .filter(|body| tokens.next(body.inside.start).is_some_and(|next| next > at))
                .ok_or(StubError::TodoOutsideBody { line })?;
            if body.opaque {
                let function = body.function.clone();
                return Err(StubError::OpaqueReturn { line, function });
            }
            let todo = todo(text, &marker.indent, body.constant, line)?;
            let outer = indent_of_line(source, body.inside.end);
            let text = format!("\n{todo}\n{outer}");
            (body.inside.clone(), Change::Body(text))
        }
    };
    Ok(Edit {
        line,
        marker: at,
        range,
        change,
    })
}

/// What an `omit` takes away: its own line and the node below, up to the end of the node's last line.
fn omitted(
    source: &str,
    tokens: &Tokens,
    nodes: &Nodes,
    marker: &Marker,
) -> Result<Range<usize>, StubError> {
    let line = marker.line;
    let end = tokens
        .next(marker.range.end)
        .and_then(|start| nodes.removable(start))
        .ok_or(StubError::NothingToOmit { line })?;
    let end = tokens.comma(end).unwrap_or(end);
    let break_at = source[end..]
        .find('\n')
        .map_or(source.len(), |at| end + at + 1);
    if tokens.next(end).is_some_and(|next| next < break_at) {
        return Err(StubError::SharedLine { line });
    }
    Ok(marker.range.start..break_at)
}

fn indent_of_line(source: &str, at: usize) -> &str {
    let start = source[..at].rfind('\n').map_or(0, |end| end + 1);
    let line = &source[start..];
    &line[..line.len() - line.trim_start().len()]
}

/// The lines of a body that is left to the learner.
fn todo(text: &str, indent: &str, constant: bool, line: usize) -> Result<String, StubError> {
    let widest = |text: &str| {
        let excess = text
            .lines()
            .map(|line| line.chars().count())
            .max()
            .unwrap_or(0);
        match excess.checked_sub(WIDTH + 1) {
            Some(excess) => Err(StubError::TooLong {
                line,
                excess: excess + 1,
            }),
            None => Ok(()),
        }
    };
    if constant {
        // A `todo!` with a text cannot be evaluated at compile time.
        let comment = format!("{indent}// {text}\n{indent}todo!()");
        return widest(&comment).map(|()| comment);
    }
    let literal = format!("{:?}", text.replace('{', "{{").replace('}', "}}"));
    let flat = format!("{indent}todo!({literal})");
    if widest(&flat).is_ok() {
        return Ok(flat);
    }
    let tall = format!("{indent}todo!(\n{indent}    {literal}\n{indent})");
    widest(&tall).map(|()| tall)
}

fn refuse_nested(edits: &[Edit]) -> Result<(), StubError> {
    for inner in edits {
        let around = edits
            .iter()
            .find(|outer| outer.line != inner.line && outer.range.contains(&inner.marker));
        if let Some(outer) = around {
            return Err(StubError::Nested {
                line: inner.line,
                outer: outer.line,
            });
        }
    }
    Ok(())
}

/// Puts the one line that the stub has and the solution has not behind the module's docs.
fn allow_unused(stub: &mut String) {
    let docs: usize = stub
        .split_inclusive('\n')
        .take_while(|line| line.starts_with("//!"))
        .map(str::len)
        .sum();
    let rest = stub.split_off(docs);
    if docs > 0 {
        stub.push('\n');
    }
    stub.push_str(ALLOW_UNUSED);
    stub.push('\n');
    let rest = rest.trim_start_matches('\n');
    if !rest.starts_with("#![") {
        stub.push('\n');
    }
    stub.push_str(rest);
}

fn readable(stub: &str) -> Result<(), StubError> {
    let Err(error) = syn::parse_file(stub) else {
        return Ok(());
    };
    let line = error.span().start().line;
    let text = stub.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    Err(StubError::Broken {
        line,
        message: error.to_string(),
        text: text.trim().to_owned(),
    })
}
