//! What each name of a source is bound to: its modules, its blocks and the `use` declarations in them.

use std::collections::HashMap;

use syn::ext::IdentExt;
use syn::visit::{self, Visit};

/// A path as it is written, without its generic arguments.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Route {
    /// Whether it begins with `::`.
    pub(super) global: bool,
    /// Its segments, raw identifiers without their `r#`.
    pub(super) names: Vec<String>,
}

impl Route {
    /// The names of a path.
    pub(super) fn of(path: &syn::Path) -> Self {
        Self {
            global: path.leading_colon.is_some(),
            names: path
                .segments
                .iter()
                .map(|segment| segment.ident.unraw().to_string())
                .collect(),
        }
    }

    /// The same with more behind it.
    pub(super) fn then(&self, names: &[String]) -> Self {
        Self {
            global: self.global,
            names: [&self.names, names].concat(),
        }
    }
}

/// Which scope: an index into [`Scopes`].
pub(super) type ScopeId = usize;

/// The scope of the crate's root.
pub(super) const ROOT: ScopeId = 0;

/// What a name is bound to.
#[derive(Debug, Clone)]
pub(super) enum Binding {
    /// A module in this file.
    Module(ScopeId),
    /// Whatever a `use` names. Imports are numbered, so that none is followed while it is looked up itself.
    Use(usize, Route),
    /// Something of the subject's own: all that it names is judged where it is written.
    Own,
}

/// A module or a block.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// The scope around it.
    pub(super) parent: Option<ScopeId>,
    /// Whether it is a block, which sees the names of the scope around it.
    pub(super) block: bool,
    /// Its names; several where a name means a type and a function, say.
    pub(super) names: HashMap<String, Vec<Binding>>,
    /// Its glob imports.
    pub(super) globs: Vec<Route>,
}

/// All scopes of a file.
#[derive(Debug)]
pub(super) struct Scopes {
    scopes: Vec<Scope>,
    /// The scopes by where their opening brace lies.
    by_brace: HashMap<usize, ScopeId>,
    current: ScopeId,
    imports: usize,
}

impl Scopes {
    /// Reads the scopes of a file.
    pub(super) fn of(file: &syn::File) -> Self {
        let mut scopes = Self {
            scopes: vec![Scope::default()],
            by_brace: HashMap::new(),
            current: ROOT,
            imports: 0,
        };
        scopes.visit_file(file);
        scopes
    }

    /// The scope of that id.
    pub(super) fn get(&self, id: ScopeId) -> &Scope {
        &self.scopes[id]
    }

    /// The scope that those braces open.
    pub(super) fn opened_by(&self, brace: syn::token::Brace) -> ScopeId {
        self.by_brace[&key(brace)]
    }

    /// The module around a scope, or the scope itself when it is one.
    pub(super) fn module(&self, mut id: ScopeId) -> ScopeId {
        while self.scopes[id].block {
            id = self.scopes[id].parent.unwrap_or(ROOT);
        }
        id
    }

    /// The module around the module around a scope.
    pub(super) fn above(&self, id: ScopeId) -> Option<ScopeId> {
        let parent = self.scopes[self.module(id)].parent?;
        Some(self.module(parent))
    }

    fn open(&mut self, brace: syn::token::Brace, block: bool) -> ScopeId {
        let id = self.scopes.len();
        self.scopes.push(Scope {
            parent: Some(self.current),
            block,
            ..Scope::default()
        });
        self.by_brace.insert(key(brace), id);
        id
    }

    fn bind(&mut self, name: &syn::Ident, binding: Binding) {
        let names = &mut self.scopes[self.current].names;
        names
            .entry(name.unraw().to_string())
            .or_default()
            .push(binding);
    }
}

fn key(brace: syn::token::Brace) -> usize {
    brace.span.open().byte_range().start
}

impl<'ast> Visit<'ast> for Scopes {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if let Some(name) = own_name(item) {
            self.bind(name, Binding::Own);
        }
        visit::visit_item(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        for import in imports(item) {
            let scope = &mut self.scopes[self.current];
            self.imports += 1;
            match import.name {
                Some(name) => {
                    let binding = Binding::Use(self.imports, import.route);
                    scope.names.entry(name).or_default().push(binding);
                }
                None if import.glob => scope.globs.push(import.route),
                None => {}
            }
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let Some((brace, _)) = item.content else {
            return;
        };
        let id = self.open(brace, false);
        self.bind(&item.ident, Binding::Module(id));
        let around = std::mem::replace(&mut self.current, id);
        visit::visit_item_mod(self, item);
        self.current = around;
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let id = self.open(block.brace_token, true);
        let around = std::mem::replace(&mut self.current, id);
        visit::visit_block(self, block);
        self.current = around;
    }
}

/// The name that an item other than a module binds.
pub(super) fn own_name(item: &syn::Item) -> Option<&syn::Ident> {
    match item {
        syn::Item::Const(item) => Some(&item.ident),
        syn::Item::Enum(item) => Some(&item.ident),
        syn::Item::Fn(item) => Some(&item.sig.ident),
        syn::Item::Static(item) => Some(&item.ident),
        syn::Item::Struct(item) => Some(&item.ident),
        syn::Item::Trait(item) => Some(&item.ident),
        syn::Item::TraitAlias(item) => Some(&item.ident),
        syn::Item::Type(item) => Some(&item.ident),
        syn::Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}

/// One path that a `use` declaration names.
#[derive(Debug)]
pub(super) struct Import {
    /// The path.
    pub(super) route: Route,
    /// The name it gets here; `None` for a glob and for `_`.
    pub(super) name: Option<String>,
    /// Whether it is a glob import of that path.
    pub(super) glob: bool,
    /// Where it is written.
    pub(super) span: proc_macro2::Span,
}

/// The paths that a `use` declaration names, its groups taken apart.
pub(super) fn imports(item: &syn::ItemUse) -> Vec<Import> {
    let root = Route {
        global: item.leading_colon.is_some(),
        names: Vec::new(),
    };
    let mut all = Vec::new();
    flatten(&root, &item.tree, &mut all);
    all
}

fn flatten(before: &Route, tree: &syn::UseTree, all: &mut Vec<Import>) {
    let one = |ident: &syn::Ident, name: Option<String>| {
        let last = ident.unraw().to_string();
        // `use a::{self}` names `a`.
        let route = match last.as_str() {
            "self" if !before.names.is_empty() => before.clone(),
            _ => before.then(std::slice::from_ref(&last)),
        };
        let name = name.or_else(|| route.names.last().cloned());
        Import {
            route,
            name: name.filter(|name| name != "_"),
            glob: false,
            span: ident.span(),
        }
    };
    match tree {
        syn::UseTree::Path(path) => {
            flatten(
                &before.then(&[path.ident.unraw().to_string()]),
                &path.tree,
                all,
            );
        }
        syn::UseTree::Name(name) => all.push(one(&name.ident, None)),
        syn::UseTree::Rename(rename) => {
            all.push(one(&rename.ident, Some(rename.rename.unraw().to_string())));
        }
        syn::UseTree::Glob(glob) => all.push(Import {
            route: before.clone(),
            name: None,
            glob: true,
            span: glob.star_token.span,
        }),
        syn::UseTree::Group(group) => {
            for tree in &group.items {
                flatten(before, tree, all);
            }
        }
    }
}
