//! The claims of a kata, read from the sources of its tests.

use std::path::{Path, PathBuf};

use syn::spanned::Spanned;

use super::CatalogueError;
use crate::report::Phase;

/// One claim, as its source declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimDecl {
    /// The phase to which it belongs.
    pub phase: Phase,
    /// Its name: that of its test function, or `compile_fail::NAME`.
    pub name: String,
    /// What it claims, in one sentence.
    pub sentence: String,
    /// The file that holds it.
    pub file: PathBuf,
    /// The line of its function, or 1 for a compile-fail file.
    pub line: u32,
    /// The code that a compile-fail file declares.
    pub error_code: Option<String>,
}

impl ClaimDecl {
    /// The name by which kata.toml calls it: `spec::the_owner_may_lock_again` or `compile_fail::NAME`.
    pub fn id(&self) -> String {
        claim_id(self.phase, &self.name)
    }
}

/// The id of the claim of that name in that phase.
pub fn claim_id(phase: Phase, name: &str) -> String {
    if name.starts_with("compile_fail::") {
        name.to_owned()
    } else {
        format!("{phase}::{name}")
    }
}

/// Reads the claims of one test file, in its order.
pub(super) fn read_tests(phase: Phase, file: &Path) -> Result<Vec<ClaimDecl>, CatalogueError> {
    let text = std::fs::read_to_string(file).map_err(|source| CatalogueError::Unreadable {
        file: file.to_owned(),
        source,
    })?;
    let problem = |line: usize, problem: String| CatalogueError::Claim {
        file: file.to_owned(),
        line: line as u32,
        problem,
    };
    let parsed = syn::parse_file(&text).map_err(|error| {
        problem(
            error.span().start().line,
            format!("does not parse: {error}"),
        )
    })?;
    let mut claims = Vec::new();
    for item in &parsed.items {
        let syn::Item::Fn(function) = item else {
            continue;
        };
        if !function
            .attrs
            .iter()
            .any(|attribute| attribute.path().is_ident("test"))
        {
            continue;
        }
        let name = function.sig.ident.to_string();
        let line = function.sig.span().start().line;
        let attribute = |name| function.attrs.iter().any(|one| one.path().is_ident(name));
        if attribute("ignore") || attribute("should_panic") {
            return Err(problem(
                line,
                format!("`{name}` must be neither ignored nor should_panic"),
            ));
        }
        let sentence = first_paragraph(&function.attrs).ok_or_else(|| {
            problem(
                line,
                format!("`{name}` needs a doc comment of one sentence above it"),
            )
        })?;
        claims.push(ClaimDecl {
            phase,
            name,
            sentence,
            file: file.to_owned(),
            line: line as u32,
            error_code: None,
        });
    }
    Ok(claims)
}

/// The first paragraph of a doc comment, on one line.
pub(super) fn first_paragraph(attributes: &[syn::Attribute]) -> Option<String> {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        });
    let paragraph: Vec<String> = lines
        .map(|line| line.trim().to_owned())
        .take_while(|line| !line.is_empty())
        .collect();
    let sentence = paragraph.join(" ");
    (!sentence.is_empty()).then_some(sentence)
}
