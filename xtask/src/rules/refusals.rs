//! What is said about everything that is refused wherever it stands.

use proc_macro2::Span;

use super::rule::Rule;
use super::scope::Route;
use super::walk::Walk;

impl Walk<'_> {
    /// A path that could not be followed to its end.
    pub(super) fn lost(&mut self, route: &Route, span: Span) {
        let message = format!(
            "`{}` cannot be followed through all the imports; name it by its full path",
            route.names.join("::")
        );
        self.findings.refuse(Rule::Unreadable, span, message);
    }

    /// A name that the source binds.
    pub(super) fn own_name(&mut self, name: &str, span: Span) {
        if matches!(name, "std" | "core" | "alloc" | "heddle") {
            let message = format!(
                "`{name}` is the name of a crate that everybody knows; give yours another name"
            );
            self.findings.refuse(Rule::HiddenName, span, message);
        }
    }

    /// An `unsafe`, unless the kata allows it.
    pub(super) fn unsafe_code(&mut self, span: Span) {
        if !self.allow.unsafe_code() {
            let message = "`unsafe` is not allowed: this kata can be solved without it, and what it breaks may go unseen";
            self.findings.refuse(Rule::Unsafe, span, message);
        }
    }

    /// A macro of one's own.
    pub(super) fn own_macro(&mut self, span: Span) {
        let message = "a macro of your own is not allowed: it hides from the rules what it names; write a function or write it out";
        self.findings.refuse(Rule::OwnMacro, span, message);
    }

    /// A `static mut`.
    pub(super) fn static_mut(&mut self, span: Span) {
        let message = "`static mut` is not allowed: it outlives a schedule and the model checker does not see it; keep the state in a value";
        self.findings.refuse(Rule::StaticMut, span, message);
    }

    /// A `static`, where it is not a thread's own.
    pub(super) fn shared_static(&mut self, span: Span) {
        let message = "`static` is not allowed: it outlives a schedule and the model checker does not see it; write a `const`, or keep the state in a value";
        self.findings.refuse(Rule::Static, span, message);
    }

    /// An `extern` block or crate.
    pub(super) fn foreign(&mut self, span: Span) {
        let message = "`extern` blocks and `extern crate` are not allowed: foreign code goes past the checker, and a crate needs no declaration";
        self.findings.refuse(Rule::Extern, span, message);
    }
}
