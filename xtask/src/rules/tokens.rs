//! The same rules for tokens that nobody has parsed: the arguments of macros.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;

use super::lists;
use super::rule::Rule;
use super::scope::Route;
use super::walk::Walk;

impl Walk<'_> {
    /// Holds every path, macro, attribute and keyword in a stream against the lists.
    pub(super) fn tokens(&mut self, stream: TokenStream) {
        let trees: Vec<_> = stream.into_iter().collect();
        let mut at = 0;
        while at < trees.len() {
            at = self.token(&trees, at);
        }
    }

    /// Judges what begins at one token; says where to go on.
    fn token(&mut self, trees: &[TokenTree], at: usize) -> usize {
        match &trees[at] {
            TokenTree::Group(group) => {
                match attribute(trees, at, group) {
                    true => self.attribute_tokens(group),
                    false => self.tokens(group.stream()),
                }
                at + 1
            }
            TokenTree::Ident(name) if !is_lifetime(trees, at) => {
                self.keyword(name, trees.get(at + 1));
                self.written(trees, at, false)
            }
            TokenTree::Punct(_)
                if colons(trees, at) && matches!(trees.get(at + 2), Some(TokenTree::Ident(_))) =>
            {
                self.written(trees, at + 2, true)
            }
            _ => at + 1,
        }
    }

    /// A path, or the name of a macro, whose first name stands at `at`.
    fn written(&mut self, trees: &[TokenTree], at: usize, global: bool) -> usize {
        let span = trees[at].span();
        let (names, mut next) = names(trees, at);
        let route = Route { global, names };
        if route.names == ["macro_rules"] && punct(trees, next, '!') {
            self.own_macro(span);
        }
        if let (Some(TokenTree::Punct(bang)), Some(TokenTree::Group(group))) =
            (trees.get(next), trees.get(next + 1))
            && bang.as_char() == '!'
            && group.delimiter() != Delimiter::None
        {
            self.macro_call(&route, span, &group.stream());
            next += 2;
        } else if !global
            || !behind_a_type(trees, at - 2)
            || lists::KNOWN_CRATES.contains(&route.names[0].as_str())
        {
            self.path(&route, span);
        }
        next
    }

    fn keyword(&mut self, name: &Ident, next: Option<&TokenTree>) {
        let span = name.span();
        match name.to_string().as_str() {
            "unsafe" => self.unsafe_code(span),
            "extern" => self.foreign(span),
            "macro" => self.own_macro(span),
            "static" if matches!(next, Some(TokenTree::Ident(next)) if next == "mut") => {
                self.static_mut(span)
            }
            "static" => self.shared_static(span),
            word @ ("use" | "mod") => {
                let message = format!(
                    "`{word}` inside the arguments of a macro is not allowed; declare it outside"
                );
                self.findings.refuse(Rule::MacroArguments, span, message);
            }
            _ => {}
        }
    }

    /// The `[…]` of an attribute.
    fn attribute_tokens(&mut self, group: &Group) {
        let hash: TokenStream = [
            TokenTree::from(proc_macro2::Punct::new('#', proc_macro2::Spacing::Alone)),
            group.clone().into(),
        ]
        .into_iter()
        .collect();
        match syn::parse::Parser::parse2(syn::Attribute::parse_outer, hash) {
            Ok(attributes) => {
                for attribute in &attributes {
                    self.attribute(attribute);
                }
            }
            Err(_) => self.unreadable(group.span_open()),
        }
    }

    fn unreadable(&mut self, span: Span) {
        let message =
            "this attribute inside the arguments of a macro cannot be read; write it outside";
        self.findings.refuse(Rule::MacroArguments, span, message);
    }
}

/// The arguments of a `thread_local!` without the word that begins each of its items.
pub(super) fn without_statics(stream: &TokenStream) -> TokenStream {
    let trees: Vec<_> = stream.clone().into_iter().collect();
    let begins_item = |at: usize| {
        matches!(&trees[at], TokenTree::Ident(name) if name == "static")
            && !is_lifetime(&trees, at)
            && !matches!(trees.get(at + 1), Some(TokenTree::Ident(next)) if next == "mut")
    };
    let kept = (0..trees.len()).filter(|&at| !begins_item(at));
    kept.map(|at| trees[at].clone()).collect()
}

/// The names joined by `::` from `at` on, and where they end.
fn names(trees: &[TokenTree], at: usize) -> (Vec<String>, usize) {
    let mut names = Vec::new();
    let mut next = at;
    while let Some(TokenTree::Ident(name)) = trees.get(next) {
        names.push(name.unraw().to_string());
        next += 1;
        if !colons(trees, next) || !matches!(trees.get(next + 2), Some(TokenTree::Ident(_))) {
            break;
        }
        next += 2;
    }
    (names, next)
}

fn punct(trees: &[TokenTree], at: usize, wanted: char) -> bool {
    matches!(trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

fn colons(trees: &[TokenTree], at: usize) -> bool {
    punct(trees, at, ':') && punct(trees, at + 1, ':')
}

/// Whether `::` at that place may continue `<Type>`.
fn behind_a_type(trees: &[TokenTree], at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|before| punct(trees, before, '>'))
}

fn is_lifetime(trees: &[TokenTree], at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|before| punct(trees, before, '\''))
}

/// Whether a group is the `[…]` of `#[…]` or `#![…]`.
fn attribute(trees: &[TokenTree], at: usize, group: &Group) -> bool {
    let hash = |back: usize| at.checked_sub(back).is_some_and(|at| punct(trees, at, '#'));
    let bang = at.checked_sub(1).is_some_and(|at| punct(trees, at, '!'));
    group.delimiter() == Delimiter::Bracket && (hash(1) || bang && hash(2))
}
