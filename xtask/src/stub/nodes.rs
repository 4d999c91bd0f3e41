//! What markers can point at: the tokens, bodies and removable nodes of a source, by byte ranges.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// Where the tokens of a source lie. Comments are what lies between them; docs are tokens.
#[derive(Debug)]
pub(super) struct Tokens(Vec<(Range<usize>, bool)>);

impl Tokens {
    /// The tokens of a stream, delimiters included.
    pub(super) fn of(stream: TokenStream) -> Self {
        let mut all = Vec::new();
        gather(stream, &mut all);
        Self(all)
    }

    /// Whether that byte belongs to a token.
    pub(super) fn cover(&self, at: usize) -> bool {
        self.0.iter().any(|(range, _)| range.contains(&at))
    }

    /// Where the first token at or behind that byte begins.
    pub(super) fn next(&self, at: usize) -> Option<usize> {
        self.after(at).map(|(range, _)| range.start)
    }

    /// The end of the comma at or behind that byte, if that is the next token.
    pub(super) fn comma(&self, at: usize) -> Option<usize> {
        self.after(at)
            .filter(|(_, comma)| *comma)
            .map(|(range, _)| range.end)
    }

    fn after(&self, at: usize) -> Option<&(Range<usize>, bool)> {
        let first = self.0.partition_point(|(range, _)| range.start < at);
        self.0.get(first)
    }
}

fn gather(stream: TokenStream, all: &mut Vec<(Range<usize>, bool)>) {
    for tree in stream {
        match tree {
            TokenTree::Group(group) => {
                all.push((group.span_open().byte_range(), false));
                gather(group.stream(), all);
                all.push((group.span_close().byte_range(), false));
            }
            TokenTree::Punct(punct) => {
                all.push((punct.span().byte_range(), punct.as_char() == ','));
            }
            other => all.push((other.span().byte_range(), false)),
        }
    }
}

/// A function with a body.
#[derive(Debug)]
pub(super) struct Body {
    /// The function's name.
    pub(super) function: String,
    /// What stands between the braces.
    pub(super) inside: Range<usize>,
    /// Whether it is a `const fn`.
    pub(super) constant: bool,
    /// Whether it returns an `impl Trait`.
    pub(super) opaque: bool,
}

/// The functions of a source, and every node that can be left out.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    bodies: Vec<Body>,
    removable: Vec<Range<usize>>,
}

impl Nodes {
    /// The nodes of a file.
    pub(super) fn of(file: &syn::File) -> Self {
        let mut nodes = Self::default();
        nodes.visit_file(file);
        nodes
    }

    /// The innermost function whose body holds that byte.
    pub(super) fn body(&self, at: usize) -> Option<&Body> {
        self.bodies
            .iter()
            .filter(|body| body.inside.contains(&at))
            .min_by_key(|body| body.inside.len())
    }

    /// The end of the largest removable node that begins at that byte.
    pub(super) fn removable(&self, start: usize) -> Option<usize> {
        self.removable
            .iter()
            .filter(|range| range.start == start)
            .map(|range| range.end)
            .max()
    }

    fn remember(&mut self, node: &impl Spanned) {
        self.removable.push(node.span().byte_range());
    }

    fn function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let braces = &block.brace_token.span;
        let mut opaque = Opaque(false);
        opaque.visit_return_type(&signature.output);
        self.bodies.push(Body {
            function: signature.ident.to_string(),
            inside: braces.open().byte_range().end..braces.close().byte_range().start,
            constant: signature.constness.is_some(),
            opaque: opaque.0,
        });
    }
}

impl<'ast> Visit<'ast> for Nodes {
    fn visit_item(&mut self, node: &'ast syn::Item) {
        self.remember(node);
        visit::visit_item(self, node);
    }

    fn visit_item_fn(&mut self, node: &'ast syn::ItemFn) {
        self.function(&node.sig, &node.block);
        visit::visit_item_fn(self, node);
    }

    fn visit_impl_item(&mut self, node: &'ast syn::ImplItem) {
        self.remember(node);
        visit::visit_impl_item(self, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast syn::ImplItemFn) {
        self.function(&node.sig, &node.block);
        visit::visit_impl_item_fn(self, node);
    }

    fn visit_trait_item(&mut self, node: &'ast syn::TraitItem) {
        self.remember(node);
        visit::visit_trait_item(self, node);
    }

    fn visit_trait_item_fn(&mut self, node: &'ast syn::TraitItemFn) {
        if let Some(block) = &node.default {
            self.function(&node.sig, block);
        }
        visit::visit_trait_item_fn(self, node);
    }

    fn visit_field(&mut self, node: &'ast syn::Field) {
        self.remember(node);
        visit::visit_field(self, node);
    }

    fn visit_field_value(&mut self, node: &'ast syn::FieldValue) {
        self.remember(node);
        visit::visit_field_value(self, node);
    }

    fn visit_variant(&mut self, node: &'ast syn::Variant) {
        self.remember(node);
        visit::visit_variant(self, node);
    }

    fn visit_arm(&mut self, node: &'ast syn::Arm) {
        self.remember(node);
        visit::visit_arm(self, node);
    }

    fn visit_stmt(&mut self, node: &'ast syn::Stmt) {
        self.remember(node);
        visit::visit_stmt(self, node);
    }
}

struct Opaque(bool);

impl<'ast> Visit<'ast> for Opaque {
    fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
        self.0 = true;
    }
}
