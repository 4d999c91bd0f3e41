//! `{{#include FILE:ANCHOR}}`: part of a file, taken from where it is tested.

use std::path::Path;

/// The text between `ANCHOR: name` and `ANCHOR_END: name`, or all of it, without any anchor lines and
/// without the indentation that all lines share.
///
/// # Errors
///
/// When there is no such anchor, or it does not end.
pub fn part(text: &str, anchor: Option<&str>) -> Result<String, String> {
    let mut taken = Vec::new();
    let mut inside = anchor.is_none();
    let mut found = inside;
    for line in text.lines() {
        let (start, end) = (named(line, "ANCHOR:"), named(line, "ANCHOR_END:"));
        if anchor.is_some() && start == anchor {
            if found {
                return Err(format!(
                    "the anchor `{}` begins twice",
                    anchor.unwrap_or("")
                ));
            }
            (inside, found) = (true, true);
        } else if anchor.is_some() && end == anchor {
            inside = false;
        }
        if inside && start.is_none() && end.is_none() {
            taken.push(line);
        }
    }
    match anchor {
        Some(name) if !found => Err(format!("there is no anchor `{name}`")),
        Some(name) if inside => Err(format!("the anchor `{name}` does not end")),
        _ => Ok(outdented(&taken)),
    }
}

/// The name behind that word.
fn named<'l>(line: &'l str, word: &str) -> Option<&'l str> {
    let (_, name) = line.split_once(word)?;
    name.split_whitespace().next()
}

fn outdented(lines: &[&str]) -> String {
    let full = lines.iter().filter(|line| !line.trim().is_empty());
    let indent = full.map(|line| line.len() - line.trim_start().len()).min();
    let indent = indent.unwrap_or(0);
    let lines: Vec<&str> = lines
        .iter()
        .map(|line| line.get(indent..).unwrap_or(""))
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// `FILE` or `FILE:ANCHOR`, with the file as seen from the folder of the one that names it.
pub fn target(argument: &str) -> (&Path, Option<&str>) {
    match argument.rsplit_once(':') {
        Some((file, anchor)) => (Path::new(file), Some(anchor)),
        None => (Path::new(argument), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        "fn a() {\n    // ANCHOR: x\n    b();\n\n      c();\n    // ANCHOR_END: x\n}\n";

    /// A part of a function stands in the book as if it were alone.
    #[test]
    fn an_anchored_part_loses_its_indentation() {
        assert_eq!(part(FILE, Some("x")), Ok("b();\n\n  c();".to_owned()));
    }

    /// The whole file has no anchor lines.
    #[test]
    fn a_whole_file_shows_no_anchors() {
        assert_eq!(
            part(FILE, None),
            Ok("fn a() {\n    b();\n\n      c();\n}".to_owned())
        );
    }

    /// What is not there is not silently nothing.
    #[test]
    fn a_missing_anchor_is_an_error() {
        assert!(part(FILE, Some("y")).is_err());
        assert!(part("// ANCHOR: y\n", Some("y")).is_err());
    }
}
