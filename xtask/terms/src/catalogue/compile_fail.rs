//! The programs under `tests/compile_fail`, each of which the types must refuse.

use std::path::Path;

use super::claims::first_paragraph;
use super::{CatalogueError, ClaimDecl};
use crate::report::Phase;

/// Reads one such program; each is one claim.
pub(super) fn read_compile_fail(file: &Path) -> Result<ClaimDecl, CatalogueError> {
    let text = std::fs::read_to_string(file).map_err(|source| CatalogueError::Unreadable {
        file: file.to_owned(),
        source,
    })?;
    let problem = |line: usize, problem: &str| CatalogueError::Claim {
        file: file.to_owned(),
        line: line as u32,
        problem: problem.to_owned(),
    };
    let parsed = syn::parse_file(&text).map_err(|error| {
        problem(
            error.span().start().line,
            &format!("does not parse: {error}"),
        )
    })?;
    let stem = file.file_stem().and_then(|stem| stem.to_str());
    let name = stem.ok_or_else(|| problem(1, "the file's name is not UTF-8"))?;
    let sentence = first_paragraph(&parsed.attrs).ok_or_else(|| {
        problem(
            1,
            "begin with `//! One sentence that says what is refused.`",
        )
    })?;
    let mut codes = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("//@ error:"));
    let code = codes
        .next()
        .map(str::trim)
        .filter(|code| is_error_code(code));
    let (Some(code), None) = (code, codes.next()) else {
        return Err(problem(
            1,
            "declare the one expected error as `//@ error: E0277`",
        ));
    };
    // Without this part both compilations would be of the same text.
    if !text.contains("cfg(refused)") {
        return Err(problem(
            1,
            "put the part that is refused under `#[cfg(refused)]`",
        ));
    }
    Ok(ClaimDecl {
        phase: Phase::Types,
        name: format!("compile_fail::{name}"),
        sentence,
        file: file.to_owned(),
        line: 1,
        error_code: Some(code.to_owned()),
    })
}

/// Whether the compiler can give that code: `E0277`, or the name of a lint such as `unused_must_use`.
fn is_error_code(code: &str) -> bool {
    let numbered = code.len() == 5
        && code.starts_with('E')
        && code.bytes().skip(1).all(|digit| digit.is_ascii_digit());
    let lint = code.contains('_')
        && code
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    numbered || lint
}
