//! Loops round a wait, made to go round once: whoever is woken believes what it hoped for.

use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::collect::Collect;

/// Whether a function of that name waits.
fn waits(name: &str) -> bool {
    let stem = name.split('_').next().unwrap_or(name);
    matches!(stem, "wait" | "park") || matches!(name, "spin_loop" | "yield_now")
}

impl Collect<'_> {
    /// `while` round a wait becomes `if`.
    pub(super) fn while_once(&mut self, expression: &syn::ExprWhile) {
        let mut body = Body::default();
        body.visit_expr(&expression.cond);
        body.visit_block(&expression.body);
        if !body.waits {
            return;
        }
        let word = expression.while_token.span;
        let edit = match body.jumps || expression.label.is_some() {
            true => at_the_end(&expression.body),
            false => (word.byte_range(), "if".to_owned()),
        };
        self.change(
            word,
            ".while-once",
            "the condition is not tested again after the wait",
            vec![edit],
        );
    }

    /// `loop` round a wait goes round once, or leaves after the wait whatever it finds.
    pub(super) fn loop_once(&mut self, expression: &syn::ExprLoop) {
        let mut body = Body::default();
        body.visit_block(&expression.body);
        if !body.waits {
            return;
        }
        let word = expression.loop_token.span;
        if body.breaks && !body.breaks_with_value {
            let edit = at_the_end(&expression.body);
            self.change(word, ".loop-once", "the loop goes round once", vec![edit]);
        } else {
            self.leave_after_wait(word, expression);
        }
    }

    /// In `loop { if ready { return … } wait }`, what lets the loop end is not tested again after the wait.
    fn leave_after_wait(&mut self, word: Span, expression: &syn::ExprLoop) {
        let statements = &expression.body.stmts;
        let Some(wait) = statements
            .iter()
            .rev()
            .find(|statement| exit(statement).is_none() && statement_waits(statement))
        else {
            return;
        };
        let whole = expression.span().byte_range();
        let semicolon = match wait {
            syn::Stmt::Expr(expression, None) if !is_block(expression) => ";",
            _ => "",
        };
        let end = wait.span().byte_range().end;
        for condition in statements.iter().filter_map(exit) {
            let range = condition.span().byte_range();
            let mut edits = vec![
                (
                    whole.start..whole.start,
                    "{ let mut waited = false; ".to_owned(),
                ),
                (
                    range.clone(),
                    format!("waited || ({})", self.text(condition)),
                ),
                (end..end, format!("{semicolon} waited = true;")),
                (whole.end..whole.end, " }".to_owned()),
            ];
            edits.sort_by_key(|(range, _)| range.start);
            self.change(
                word,
                ".loop-untested",
                &format!(
                    "after the wait, `{}` is not tested again",
                    self.text(condition)
                ),
                edits,
            );
        }
    }

    /// `wait_while` that waits once, if at all.
    pub(super) fn single_wait(&mut self, call: &syn::ExprMethodCall) {
        let arguments: Vec<_> = call
            .args
            .iter()
            .map(|argument| self.text(argument))
            .collect();
        let whole = call.span().byte_range();
        let words = "the condition is not tested again after the wait";
        match (call.method.to_string().as_str(), arguments.as_slice()) {
            ("wait_while", [guard, condition]) => {
                let done = match self.own.contains("wait_while") && !self.unwrapped.contains(&whole)
                {
                    true => "guard",
                    false => "Ok(guard)",
                };
                let with = format!(
                    "({{ fn holds<T: ?Sized>(value: &mut T, mut condition: impl FnMut(&mut T) -> bool) -> bool {{ condition(value) }} \
                     let mut guard = {guard}; if holds(&mut *guard, {condition}) {{ {}.wait(guard) }} else {{ {done} }} }})",
                    self.text(&call.receiver)
                );
                self.change(
                    call.method.span(),
                    ".wait_while-once",
                    words,
                    vec![(whole, with)],
                );
            }
            ("wait_timeout_while", [guard, timeout, _]) => {
                let with = format!(
                    "{}.wait_timeout({guard}, {timeout})",
                    self.text(&call.receiver)
                );
                self.change(
                    call.method.span(),
                    ".wait_timeout_while-once",
                    words,
                    vec![(whole, with)],
                );
            }
            _ => {}
        }
    }
}

/// The condition of `if … { … return }` or `… break }`, when the statement is one.
fn exit(statement: &syn::Stmt) -> Option<&syn::Expr> {
    let syn::Stmt::Expr(syn::Expr::If(branch), _) = statement else {
        return None;
    };
    let last = branch.then_branch.stmts.last()?;
    let leaves = matches!(
        last,
        syn::Stmt::Expr(syn::Expr::Return(_) | syn::Expr::Break(_), _)
    );
    let mut condition = Lets(false);
    condition.visit_expr(&branch.cond);
    (leaves && branch.else_branch.is_none() && !condition.0).then_some(&*branch.cond)
}

fn statement_waits(statement: &syn::Stmt) -> bool {
    let mut body = Body::default();
    body.visit_stmt(statement);
    body.waits
}

fn is_block(expression: &syn::Expr) -> bool {
    matches!(
        expression,
        syn::Expr::Block(_) | syn::Expr::If(_) | syn::Expr::Match(_) | syn::Expr::Unsafe(_)
    )
}

/// A `break` as the last thing that a body does.
fn at_the_end(body: &syn::Block) -> (Range<usize>, String) {
    let brace = body.brace_token.span.close().byte_range().start;
    let semicolon = match body.stmts.last() {
        Some(syn::Stmt::Expr(expression, None)) if !is_block(expression) => "; ",
        _ => "",
    };
    (brace..brace, format!("{semicolon}break; "))
}

/// What the body of a loop does, loops inside it aside.
#[derive(Default)]
struct Body {
    waits: bool,
    jumps: bool,
    breaks: bool,
    breaks_with_value: bool,
}

impl<'ast> Visit<'ast> for Body {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.waits |= waits(&call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func {
            self.waits |= path
                .path
                .segments
                .last()
                .is_some_and(|last| waits(&last.ident.to_string()));
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_break(&mut self, expression: &'ast syn::ExprBreak) {
        self.jumps = true;
        self.breaks = true;
        self.breaks_with_value |= expression.expr.is_some();
        visit::visit_expr_break(self, expression);
    }

    fn visit_expr_continue(&mut self, _: &'ast syn::ExprContinue) {
        self.jumps = true;
    }

    fn visit_expr_while(&mut self, _: &'ast syn::ExprWhile) {}

    fn visit_expr_loop(&mut self, _: &'ast syn::ExprLoop) {}

    fn visit_expr_for_loop(&mut self, _: &'ast syn::ExprForLoop) {}

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

struct Lets(bool);

impl<'ast> Visit<'ast> for Lets {
    fn visit_expr_let(&mut self, _: &'ast syn::ExprLet) {
        self.0 = true;
    }
}
