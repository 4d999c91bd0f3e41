//! What a path may mean.
//!
//! The search is generous: where a name could mean several things it follows all of them, because the rules ask
//! whether *any* meaning is refused. What it cannot follow to the end it reports as lost.

use super::scope::{Binding, ROOT, Route, ScopeId, Scopes};

/// How many steps a name may take. Real sources need a dozen; chains of globs that feed each other never end.
const STEPS: usize = 20_000;
/// How long a path may grow while it is followed.
const LENGTH: usize = 64;

/// Everything that a path may mean.
#[derive(Debug, Default)]
pub(super) struct Meanings {
    /// Paths of other crates, beginning with the crate's name.
    pub(super) external: Vec<Vec<String>>,
    /// Whether its first name is bound in this file.
    pub(super) bound: bool,
    /// Whether a glob import may bring its first name.
    pub(super) globs: bool,
    /// Whether the search was given up.
    pub(super) lost: bool,
}

/// Follows a path from where it is written.
pub(super) fn meanings(scopes: &Scopes, from: ScopeId, route: &Route) -> Meanings {
    let mut search = Search {
        scopes,
        steps: 0,
        imports_open: Vec::new(),
        globs_open: Vec::new(),
        lost: false,
    };
    let mut found = Found::default();
    let bound = search.written(from, route, &mut found);
    Meanings {
        external: found.external,
        bound,
        globs: found.globs,
        lost: search.lost,
    }
}

#[derive(Default)]
struct Found {
    external: Vec<Vec<String>>,
    modules: Vec<ScopeId>,
    globs: bool,
}

struct Search<'a> {
    scopes: &'a Scopes,
    steps: usize,
    imports_open: Vec<usize>,
    globs_open: Vec<(ScopeId, usize)>,
    lost: bool,
}

impl Search<'_> {
    /// A path as written in a scope; says whether its first name is bound in this file.
    fn written(&mut self, from: ScopeId, route: &Route, found: &mut Found) -> bool {
        if self.give_up(&route.names) {
            return true;
        }
        let Some(first) = route.names.first().filter(|_| !route.global) else {
            found.external.push(route.names.clone());
            return false;
        };
        let rest = &route.names[1..];
        match first.as_str() {
            "crate" => self.inside(ROOT, rest, found),
            "self" => self.inside(self.scopes.module(from), rest, found),
            "super" => self.above(from, rest, found),
            "Self" => {}
            _ => return self.named(from, &route.names, found),
        }
        true
    }

    /// A path whose first name is looked up from block to block and last in the module.
    fn named(&mut self, from: ScopeId, names: &[String], found: &mut Found) -> bool {
        let mut bound = false;
        let mut scope = from;
        loop {
            bound |= self.here(scope, names, found);
            match self.scopes.get(scope).parent {
                Some(parent) if self.scopes.get(scope).block => scope = parent,
                _ => break,
            }
        }
        if !bound {
            found.external.push(names.to_vec());
        }
        bound
    }

    /// A path inside a module, where the names around it do not count.
    fn inside(&mut self, module: ScopeId, names: &[String], found: &mut Found) {
        match names {
            [] => found.modules.push(module),
            [name, rest @ ..] if name == "self" => self.inside(module, rest, found),
            [name, rest @ ..] if name == "super" => self.above(module, rest, found),
            _ => {
                self.here(module, names, found);
            }
        }
    }

    fn above(&mut self, scope: ScopeId, names: &[String], found: &mut Found) {
        match self.scopes.above(scope) {
            Some(above) => self.inside(above, names, found),
            None => self.lost = true,
        }
    }

    /// What the names and globs of one scope make of a path; says whether a name there binds it.
    fn here(&mut self, scope: ScopeId, names: &[String], found: &mut Found) -> bool {
        if self.give_up(names) {
            return true;
        }
        let mut bound = false;
        let scopes = self.scopes;
        for binding in scopes.get(scope).names.get(&names[0]).into_iter().flatten() {
            match binding {
                Binding::Module(module) => self.inside(*module, &names[1..], found),
                // `use memchr::memchr` does not find the crate in itself.
                Binding::Use(import, _) if self.imports_open.contains(import) => continue,
                Binding::Use(import, route) => {
                    self.imports_open.push(*import);
                    self.written(scope, &route.then(&names[1..]), found);
                    self.imports_open.pop();
                }
                Binding::Own => {}
            }
            bound = true;
        }
        for glob in 0..scopes.get(scope).globs.len() {
            self.glob(scope, glob, names, found);
        }
        bound
    }

    /// What a glob import brings. Only modules of this file matter: a glob of another crate's module is refused
    /// unless all that is in it may be named.
    fn glob(&mut self, scope: ScopeId, index: usize, names: &[String], found: &mut Found) {
        found.globs = true;
        if self.globs_open.contains(&(scope, index)) {
            return;
        }
        self.globs_open.push((scope, index));
        let mut targets = Found::default();
        let scopes = self.scopes;
        self.written(scope, &scopes.get(scope).globs[index], &mut targets);
        for module in targets.modules {
            self.here(module, names, found);
        }
        self.globs_open.pop();
    }

    /// Counts a step; true where the search has to end.
    fn give_up(&mut self, names: &[String]) -> bool {
        self.steps += 1;
        self.lost |= self.steps > STEPS || names.len() > LENGTH;
        self.lost
    }
}
