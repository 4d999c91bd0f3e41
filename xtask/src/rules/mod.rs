//! What a subject may name: an allow-list of modules, macros and attributes, judged before anything is built.
//!
//! The text is parsed and every path in it followed through imports, renames, globs, `self`, `super` and `crate` to
//! the crate it comes from; the arguments of macros are searched as tokens. Accidents and cheap tricks are caught.
//! A kata that allows `unsafe` cannot be made safe by reading its text, and nothing here claims that.

mod allow;
mod attributes;
mod findings;
mod lists;
mod reasons;
mod refusals;
mod resolve;
mod rule;
mod scope;
mod tokens;
mod verdict;
mod walk;

pub use rule::Rule;
pub use verdict::{Judged, Refusal, Todo};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;

use self::allow::Allow;
use self::findings::{Findings, place};
use self::scope::Scopes;
use self::walk::Walk;
use heddle_terms::catalogue::RulesTable;
use heddle_terms::report::{Place, RuleBroken};

/// How long a source may be in bytes; a long solution is a tenth of it.
const LONGEST: usize = 128 * 1024;
/// How deep a source may nest at most, by [`depth`]; a long solution reaches a tenth of it.
const DEEPEST: usize = 4_000;
/// What a pair of brackets counts for in that.
const BRACKETS: usize = 20;
/// The stack for reading a source as deep as that. It is reserved, not used.
const STACK: usize = 256 * 1024 * 1024;

/// Judges `source`, shown to people as `path`, by the default allow-list and the kata's additions to it.
///
/// # Errors
///
/// [`Refusal::Broken`] with every broken rule in the order of the text, or [`Refusal::Unparsable`] when the
/// source cannot be read: rustc says that better, so the grader builds such a subject, and never lets it pass.
///
/// # Panics
///
/// When the system has no thread left to read the source on.
pub fn judge(source: &str, path: &str, allow: &RulesTable) -> Result<Judged, Refusal> {
    if source.len() > LONGEST {
        let message = format!(
            "the file has {} bytes; at most {LONGEST} are judged",
            source.len()
        );
        return unreadable(path, message);
    }
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(STACK);
        let reader = reader.spawn_scoped(scope, || read(source, path, allow));
        let reader = reader.expect("there is room for one more thread");
        reader
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn read(source: &str, path: &str, allow: &RulesTable) -> Result<Judged, Refusal> {
    // A text that falls into no tokens is left to the parser's message.
    let tokens: TokenStream = without_shell(source).parse().unwrap_or_default();
    if depth(&tokens) > DEEPEST {
        let message = "this nests deeper than anybody can read; write it in smaller steps";
        return unreadable(path, message.to_owned());
    }
    let file = syn::parse_file(source).map_err(|error| Refusal::Unparsable {
        place: place(path, error.span()),
        message: error.to_string(),
    })?;
    let scopes = Scopes::of(&file);
    let allow = Allow::new(allow);
    let mut walk = Walk::new(&scopes, &allow, Findings::new(path));
    if let Some(name) = foreign_letters(tokens) {
        let message = format!(
            "the name `{name}` is not written in ASCII letters, so what one reads may not be what is compiled"
        );
        walk.findings.refuse(Rule::Unreadable, name.span(), message);
    }
    walk.visit_file(&file);
    walk.findings.verdict()
}

fn unreadable(path: &str, message: String) -> Result<Judged, Refusal> {
    Err(Refusal::Broken(vec![RuleBroken {
        rule: Rule::Unreadable.id().to_owned(),
        place: Place {
            file: path.to_owned(),
            line: 1,
            column: 1,
        },
        message,
    }]))
}

/// The text without a first line that is meant for a shell.
fn without_shell(source: &str) -> &str {
    let text = source.strip_prefix('\u{feff}').unwrap_or(source);
    match text.strip_prefix("#!") {
        Some(rest) if !rest.trim_start().starts_with('[') => {
            &text[text.find('\n').unwrap_or(text.len())..]
        }
        _ => text,
    }
}

/// An upper bound for how deep the syntax of these tokens nests: between two separators, every token may be inside
/// what the one before it began.
fn depth(stream: &TokenStream) -> usize {
    let mut deepest = 0;
    let mut run = 0;
    for tree in stream.clone() {
        run += 1;
        let inside = match tree {
            TokenTree::Group(group) => BRACKETS + depth(&group.stream()),
            TokenTree::Punct(punct) if matches!(punct.as_char(), ';' | ',') => {
                run = 0;
                0
            }
            _ => 0,
        };
        deepest = deepest.max(run + inside);
    }
    deepest
}

/// The first name that is not ASCII. The compiler takes some letters for others that look alike.
fn foreign_letters(stream: TokenStream) -> Option<proc_macro2::Ident> {
    stream.into_iter().find_map(|tree| match tree {
        TokenTree::Ident(name) if !name.to_string().is_ascii() => Some(name),
        TokenTree::Group(group) => foreign_letters(group.stream()),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
