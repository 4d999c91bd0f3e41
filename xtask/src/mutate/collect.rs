//! Going through a solution and gathering what can be weakened.

use std::collections::HashSet;
use std::ops::Range;

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::change::{Change, Changes, Function};

/// The walk through a solution.
pub(super) struct Collect<'a> {
    source: &'a str,
    changes: Changes,
    of: Option<String>,
    function: Option<Function>,
    /// Names of the functions that the solution defines itself.
    pub(super) own: HashSet<String>,
    /// Where calls begin whose result is unwrapped.
    pub(super) unwrapped: HashSet<Range<usize>>,
    /// The expressions whose values functions return.
    returned: HashSet<Range<usize>>,
}

impl<'a> Collect<'a> {
    /// All changes to a solution.
    pub(super) fn all(source: &'a str, file: &syn::File) -> Changes {
        let mut names = Names::default();
        names.visit_file(file);
        let mut collect = Self {
            source,
            changes: Changes::default(),
            of: None,
            function: None,
            own: names.0,
            unwrapped: HashSet::new(),
            returned: HashSet::new(),
        };
        collect.visit_file(file);
        collect.changes
    }

    /// The text of a node.
    pub(super) fn text(&self, node: &impl Spanned) -> &'a str {
        &self.source[node.span().byte_range()]
    }

    /// Notes a change: `what` in names, `words` in sentences.
    pub(super) fn change(
        &mut self,
        span: Span,
        what: impl Into<String>,
        words: &str,
        edits: Vec<(Range<usize>, String)>,
    ) {
        let function = self.function.clone().unwrap_or(Function {
            of: None,
            name: "file".to_owned(),
        });
        self.changes.all.push(Change {
            function,
            what: what.into(),
            description: format!("line {}: {words}", span.start().line),
            edits,
        });
    }

    fn inside(&mut self, name: &syn::Ident, visit: impl FnOnce(&mut Self)) {
        let function = Function {
            of: self.of.clone(),
            name: name.to_string(),
        };
        self.changes.functions.push(function.clone());
        let around = self.function.replace(function);
        visit(self);
        self.function = around;
    }

    fn inside_type(&mut self, name: Option<String>, visit: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.of, name);
        visit(self);
        self.of = around;
    }

    /// `impl Drop` whose `drop` does something.
    fn empty_drop(&mut self, item: &syn::ItemImpl) {
        let is_drop = item.trait_.as_ref().is_some_and(|(path, _)| {
            path.segments
                .last()
                .is_some_and(|last| last.ident == "Drop")
        });
        if !is_drop {
            return;
        }
        for item in &item.items {
            if let syn::ImplItem::Fn(function) = item
                && !function.block.stmts.is_empty()
            {
                let braces = &function.block.brace_token.span;
                let inside = braces.open().byte_range().end..braces.close().byte_range().start;
                self.inside_quietly(&function.sig.ident, |collect| {
                    collect.change(
                        function.sig.ident.span(),
                        "-emptied",
                        "dropping it does nothing",
                        vec![(inside, String::new())],
                    );
                });
            }
        }
    }

    /// Notes the last expression of a function that returns something.
    fn returns(&mut self, signature: &syn::Signature, block: &syn::Block) {
        if let (syn::ReturnType::Type(..), Some(syn::Stmt::Expr(last, None))) =
            (&signature.output, block.stmts.last())
        {
            self.returned.insert(last.span().byte_range());
        }
    }

    /// Like `inside`, without counting the function again.
    fn inside_quietly(&mut self, name: &syn::Ident, visit: impl FnOnce(&mut Self)) {
        self.inside(name, visit);
        self.changes.functions.pop();
    }
}

/// The name of a type without its arguments.
fn type_name(kind: &syn::Type) -> Option<String> {
    match kind {
        syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        syn::Type::Reference(reference) => type_name(&reference.elem),
        _ => None,
    }
}

#[derive(Default)]
struct Names(HashSet<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.0.insert(signature.ident.to_string());
    }
}

impl<'ast> Visit<'ast> for Collect<'_> {
    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.inside_type(type_name(&item.self_ty), |collect| {
            collect.empty_drop(item);
            visit::visit_item_impl(collect, item);
        });
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.inside_type(Some(item.ident.to_string()), |collect| {
            visit::visit_item_trait(collect, item)
        });
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.returns(&item.sig, &item.block);
        self.inside_type(None, |collect| {
            collect.inside(&item.sig.ident, |collect| {
                visit::visit_item_fn(collect, item)
            });
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.returns(&item.sig, &item.block);
        self.inside(&item.sig.ident, |collect| {
            visit::visit_impl_item_fn(collect, item)
        });
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.inside(&item.sig.ident, |collect| {
            visit::visit_trait_item_fn(collect, item)
        });
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.method.to_string().starts_with("unwrap") || call.method == "expect" {
            self.unwrapped.insert(call.receiver.span().byte_range());
        }
        let name = call.method.to_string();
        let arguments: Vec<_> = call.args.iter().collect();
        self.orderings(&name, &arguments);
        self.single_wait(call);
        self.narrow_wake(call);
        self.wake_by_name(call);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_try(&mut self, expression: &'ast syn::ExprTry) {
        self.unwrapped.insert(expression.expr.span().byte_range());
        visit::visit_expr_try(self, expression);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func
            && let Some(last) = path.path.segments.last()
            && path.path.segments.len() > 1
        {
            let arguments: Vec<_> = call.args.iter().skip(1).collect();
            self.orderings(&last.ident.to_string(), &arguments);
        }
        self.weaken_fence(call);
        visit::visit_expr_call(self, call);
    }

    fn visit_stmt(&mut self, statement: &'ast syn::Stmt) {
        if let syn::Stmt::Expr(expression, _) = statement
            && !self.returned.contains(&expression.span().byte_range())
        {
            self.remove_wake(expression, statement.span().byte_range(), "");
            self.remove_fence(expression, statement.span().byte_range());
        }
        visit::visit_stmt(self, statement);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.remove_wake(&closure.body, closure.body.span().byte_range(), "()");
        visit::visit_expr_closure(self, closure);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.remove_wake(&arm.body, arm.body.span().byte_range(), "()");
        visit::visit_arm(self, arm);
    }

    fn visit_expr_while(&mut self, expression: &'ast syn::ExprWhile) {
        self.while_once(expression);
        visit::visit_expr_while(self, expression);
    }

    fn visit_expr_loop(&mut self, expression: &'ast syn::ExprLoop) {
        self.loop_once(expression);
        visit::visit_expr_loop(self, expression);
    }

    /// Arguments of macros such as `assert!` are expressions as well.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let arguments = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        if let Ok(arguments) = call.parse_body_with(arguments) {
            for argument in &arguments {
                Visit::visit_expr(self, argument);
            }
        }
    }
}
