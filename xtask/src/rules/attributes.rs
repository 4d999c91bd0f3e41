//! Which attributes a source may carry.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::reasons;
use super::rule::Rule;
use super::scope::Route;
use super::walk::Walk;

impl Walk<'_> {
    /// Holds an attribute against the lists.
    pub(super) fn attribute(&mut self, attribute: &syn::Attribute) {
        let names = Route::of(attribute.path()).names;
        let path = names.join("::");
        let span = attribute.path().span();
        if !self.allow.attribute(&path) {
            self.refuse_attribute(&path, span);
            return;
        }
        match (&attribute.meta, path.as_str()) {
            (syn::Meta::List(list), "derive") => self.derives(list),
            (syn::Meta::List(list), "allow") => {
                let inner = matches!(attribute.style, syn::AttrStyle::Inner(_));
                if inner && unused(list.tokens.clone()) {
                    self.findings.allow_unused(attribute.pound_token.span);
                }
                self.literals_only(list.tokens.clone(), &path, span);
            }
            (syn::Meta::List(list), _) => self.literals_only(list.tokens.clone(), &path, span),
            (syn::Meta::NameValue(pair), _) => {
                if !matches!(&pair.value, syn::Expr::Lit(_)) {
                    self.refuse_macro_in(&path, span);
                }
            }
            (syn::Meta::Path(_), _) => {}
        }
    }

    fn derives(&mut self, list: &syn::MetaList) {
        let paths = syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
        let Ok(paths) = list.parse_args_with(paths) else {
            self.refuse_attribute("derive", list.span());
            return;
        };
        for path in &paths {
            let Some(last) = path.segments.last() else {
                continue;
            };
            let name = last.ident.unraw().to_string();
            if !self.allow.derive(&name) {
                let message = format!(
                    "`#[derive({name})]` is not allowed: its code is not seen by the rules; write the impl"
                );
                self.findings.refuse(Rule::Derive, path.span(), message);
            }
            self.path(&Route::of(path), path.span());
        }
    }

    fn refuse_attribute(&mut self, path: &str, span: proc_macro2::Span) {
        let (rule, reason) = reasons::ATTRIBUTE_REASONS
            .iter()
            .find(|(listed, ..)| *listed == path)
            .map_or(
                (
                    Rule::Attribute,
                    "it is not on the list of what this kata may use",
                ),
                |&(_, rule, reason)| (rule, reason),
            );
        let message = format!("`#[{path}]` is not allowed: {reason}");
        self.findings.refuse(rule, span, message);
    }

    /// Refuses macro calls inside the arguments of an attribute, such as `include_str!`.
    fn literals_only(&mut self, tokens: TokenStream, path: &str, span: proc_macro2::Span) {
        for tree in tokens {
            match tree {
                TokenTree::Punct(punct) if punct.as_char() == '!' => {
                    self.refuse_macro_in(path, span)
                }
                TokenTree::Group(group) => self.literals_only(group.stream(), path, span),
                _ => {}
            }
        }
    }

    fn refuse_macro_in(&mut self, path: &str, span: proc_macro2::Span) {
        let message = format!("`#[{path}]` may hold names and literal texts only");
        self.findings.refuse(Rule::Attribute, span, message);
    }
}

/// Whether a list of lints begins with the stub's.
fn unused(tokens: TokenStream) -> bool {
    tokens
        .into_iter()
        .any(|tree| matches!(tree, TokenTree::Ident(name) if name == "unused"))
}
