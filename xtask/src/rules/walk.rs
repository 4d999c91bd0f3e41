//! Going through a source and holding everything that it names against the lists.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::allow::{Allow, Standing};
use super::findings::{Findings, Named};
use super::lists;
use super::reasons;
use super::resolve::meanings;
use super::rule::Rule;
use super::scope::{self, Import, ROOT, Route, ScopeId, Scopes};
use super::tokens::without_statics;

/// A walk through one source.
pub(super) struct Walk<'a> {
    /// What the kata allows.
    pub(super) allow: &'a Allow<'a>,
    /// What has been found.
    pub(super) findings: Findings<'a>,
    scopes: &'a Scopes,
    scope: ScopeId,
    /// How many segments of the next path belong to the trait of a `<Type as Trait>::`.
    of_trait: Option<usize>,
}

impl<'a> Walk<'a> {
    /// At the beginning of a file.
    pub(super) fn new(scopes: &'a Scopes, allow: &'a Allow<'a>, findings: Findings<'a>) -> Self {
        Self {
            allow,
            findings,
            scopes,
            scope: ROOT,
            of_trait: None,
        }
    }

    /// A path that is used where it stands.
    pub(super) fn path(&mut self, route: &Route, span: Span) {
        let meanings = meanings(self.scopes, self.scope, route);
        if meanings.lost {
            self.lost(route, span);
        }
        let named = how(meanings.bound);
        for path in meanings.external {
            // A single name that nothing here binds is a local variable or of the prelude.
            if path.len() > 1
                && (self.known(&path[0]) || !meanings.globs && looks_like_a_crate(&path[0]))
            {
                self.hold(route, path, span, named);
            }
        }
    }

    /// A path that a `use` declaration names.
    fn import(&mut self, import: &Import) {
        let Import { route, span, .. } = import;
        if let Some(name) = &import.name
            && route.names.last() != Some(name)
        {
            self.own_name(name, *span);
        }
        let meanings = meanings(self.scopes, self.scope, route);
        if meanings.lost {
            self.lost(route, *span);
        }
        for path in meanings.external {
            if !self.known(&path[0]) && (meanings.globs || !looks_like_a_crate(&path[0])) {
                continue;
            }
            if import.glob && self.allow.path(&path) == Standing::Partly {
                let message = format!(
                    "`use {}::*` brings names that are not allowed; name what you use",
                    path.join("::")
                );
                self.findings.refuse(Rule::Glob, *span, message);
            } else {
                self.hold(route, path, *span, Named::Import);
            }
        }
    }

    /// The name of a macro that is called.
    pub(super) fn macro_call(&mut self, route: &Route, span: Span, arguments: &TokenStream) {
        let meanings = meanings(self.scopes, self.scope, route);
        if meanings.lost {
            self.lost(route, span);
        }
        let named = how(meanings.bound);
        let mut paths = meanings.external;
        if paths.is_empty() {
            paths.push(route.names.clone());
        }
        let of_threads = |path: &Vec<String>| path.last().is_some_and(|it| it == "thread_local");
        let arguments = match paths.iter().any(of_threads) {
            true => &without_statics(arguments),
            false => arguments,
        };
        for path in paths {
            let name = match path.as_slice() {
                [name] => name,
                [home, name] if matches!(home.as_str(), "std" | "core" | "alloc") => name,
                _ => {
                    self.hold(route, path, span, named);
                    continue;
                }
            };
            if matches!(name.as_str(), "todo" | "unimplemented") {
                self.findings.todo(span, told(arguments));
            }
            if !self.allow.names_macro(name) {
                self.refuse_macro(name, span, &path, named);
            }
        }
        self.tokens(arguments.clone());
    }

    fn refuse_macro(&mut self, name: &str, span: Span, path: &[String], named: Named) {
        let rule = match name {
            "thread_local" => Rule::StdThread,
            "cfg" => Rule::Cfg,
            _ => Rule::Macro,
        };
        let reason = reasons::MACRO_REASONS
            .iter()
            .find(|(listed, _)| *listed == name)
            .map_or(
                "it is not on the list of what this kata may use",
                |(_, reason)| reason,
            );
        let message = format!("`{name}!` is not allowed: {reason}");
        self.findings
            .refuse_path(rule, span, message, path.to_vec(), named);
    }

    /// Holds a path of another crate against the lists.
    fn hold(&mut self, route: &Route, path: Vec<String>, span: Span, named: Named) {
        let Standing::Refused(rule, reason) = self.allow.path(&path) else {
            return;
        };
        let (written, meant) = (route.names.join("::"), path.join("::"));
        let message = match written == meant {
            true => format!("`{written}` is not allowed: {reason}"),
            false => format!("`{written}` means `{meant}`, which is not allowed: {reason}"),
        };
        self.findings.refuse_path(rule, span, message, path, named);
    }

    fn known(&self, name: &str) -> bool {
        lists::KNOWN_CRATES.contains(&name)
    }
}

/// How a path was named whose first name is bound in this file, or not.
fn how(bound: bool) -> Named {
    match bound {
        true => Named::Through,
        false => Named::Here,
    }
}

/// Whether a name that nothing here binds can be a crate's: a type or a primitive is none.
fn looks_like_a_crate(name: &str) -> bool {
    const PRIMITIVES: &[&str] = &[
        "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128",
        "u16", "u32", "u64", "u8", "usize",
    ];
    name.starts_with(|first: char| first.is_lowercase() || first == '_')
        && !PRIMITIVES.contains(&name)
}

/// The text of a `todo!`.
fn told(arguments: &TokenStream) -> String {
    let first = arguments.clone().into_iter().next().map(TokenStream::from);
    first
        .and_then(|first| syn::parse2::<syn::LitStr>(first).ok())
        .map(|text| text.value().replace("{{", "{").replace("}}", "}"))
        .unwrap_or_default()
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        self.attribute(attribute);
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let around = std::mem::replace(&mut self.scope, self.scopes.opened_by(block.brace_token));
        visit::visit_block(self, block);
        self.scope = around;
    }

    fn visit_expr_unsafe(&mut self, block: &'ast syn::ExprUnsafe) {
        self.unsafe_code(block.unsafe_token.span);
        visit::visit_expr_unsafe(self, block);
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        let module = match item {
            syn::Item::Mod(module) => Some(&module.ident),
            _ => None,
        };
        if let Some(name) = scope::own_name(item).or(module) {
            self.own_name(&name.unraw().to_string(), name.span());
        }
        visit::visit_item(self, item);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        self.foreign(item.extern_token.span);
    }

    fn visit_item_foreign_mod(&mut self, item: &'ast syn::ItemForeignMod) {
        self.foreign(item.abi.extern_token.span);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if let Some(token) = &item.unsafety {
            self.unsafe_code(token.span);
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if item.ident.is_some() || item.mac.path.is_ident("macro_rules") {
            self.own_macro(item.mac.path.span());
        } else {
            visit::visit_item_macro(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if let Some(token) = &item.unsafety {
            self.unsafe_code(token.span);
        }
        let Some((brace, _)) = item.content else {
            let message = "a module in another file is not allowed: the one file of a kata is all that is judged; write it as `mod name { … }`";
            self.findings
                .refuse(Rule::OtherFile, item.mod_token.span, message);
            return;
        };
        let around = std::mem::replace(&mut self.scope, self.scopes.opened_by(brace));
        visit::visit_item_mod(self, item);
        self.scope = around;
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        if let syn::StaticMutability::Mut(token) = &item.mutability {
            self.static_mut(token.span);
        } else {
            self.shared_static(item.static_token.span);
        }
        visit::visit_item_static(self, item);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        if let Some(token) = &item.unsafety {
            self.unsafe_code(token.span);
        }
        visit::visit_item_trait(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        for attribute in &item.attrs {
            self.visit_attribute(attribute);
        }
        for import in scope::imports(item) {
            self.import(&import);
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.macro_call(&Route::of(&call.path), call.path.span(), &call.tokens);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut route = Route::of(path);
        if let Some(length) = self.of_trait.take() {
            // What follows the `>` belongs to the type.
            route.names.truncate(length);
            route.global &= length > 0;
        }
        if !route.names.is_empty() {
            self.path(&route, path.span());
        }
        visit::visit_path(self, path);
    }

    fn visit_qself(&mut self, qself: &'ast syn::QSelf) {
        visit::visit_qself(self, qself);
        self.of_trait = Some(qself.position);
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if let syn::Safety::Unsafe(token) = &signature.safety {
            self.unsafe_code(token.span);
        }
        visit::visit_signature(self, signature);
    }

    /// Whatever syn has no name for.
    fn visit_token_stream(&mut self, tokens: &'ast TokenStream) {
        self.tokens(tokens.clone());
    }
}
