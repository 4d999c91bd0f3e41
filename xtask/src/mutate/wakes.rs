//! Wake-ups: every notify and unpark taken out, every `notify_all` narrowed to one thread.

use std::ops::Range;

use syn::spanned::Spanned;

use super::collect::Collect;

/// Whether a function of that name wakes somebody.
fn wakes(name: &str) -> bool {
    let stem = name.split('_').next().unwrap_or(name);
    matches!(stem, "notify" | "unpark" | "wake")
}

impl Collect<'_> {
    /// Takes out a call that wakes somebody and whose result nobody uses. What it is called on is still worked out.
    pub(super) fn remove_wake(
        &mut self,
        expression: &syn::Expr,
        range: Range<usize>,
        nothing: &str,
    ) {
        let (name, inputs) = match expression {
            syn::Expr::MethodCall(call) => {
                let inputs: Vec<&syn::Expr> =
                    std::iter::once(&*call.receiver).chain(&call.args).collect();
                (call.method.to_string(), inputs)
            }
            syn::Expr::Call(call) => match &*call.func {
                syn::Expr::Path(path) => {
                    let last = path.path.segments.last();
                    (
                        last.map(|last| last.ident.to_string()).unwrap_or_default(),
                        call.args.iter().collect(),
                    )
                }
                _ => return,
            },
            _ => return,
        };
        if !wakes(&name) {
            return;
        }
        let kept: String = inputs
            .into_iter()
            .filter(|input| !is_plain(input))
            .map(|input| format!("let _ = {};", self.text(input)))
            .collect();
        let with = match (kept.is_empty(), nothing.is_empty()) {
            (true, _) => nothing.to_owned(),
            (false, true) => kept,
            (false, false) => format!("{{ {kept} }}"),
        };
        self.change(
            expression.span(),
            format!(".{name}-removed"),
            &format!("`{name}` is not called"),
            vec![(range, with)],
        );
    }

    /// A function that wakes, given by its name, as in `for_each(Thread::unpark)`.
    pub(super) fn wake_by_name(&mut self, call: &syn::ExprMethodCall) {
        for argument in &call.args {
            if let syn::Expr::Path(path) = argument
                && let Some(last) = path.path.segments.last()
                && path.path.segments.len() > 1
                && wakes(&last.ident.to_string())
            {
                let name = last.ident.to_string();
                let edits = vec![(argument.span().byte_range(), "|_| ()".to_owned())];
                self.change(
                    argument.span(),
                    format!(".{name}-removed"),
                    &format!("`{name}` is not called"),
                    edits,
                );
            }
        }
    }

    /// `notify_all`, and `notify` for as many as there are, that reach one thread.
    pub(super) fn narrow_wake(&mut self, call: &syn::ExprMethodCall) {
        let all = call
            .args
            .iter()
            .all(|argument| self.text(argument) == "usize::MAX");
        let with = match call.method.to_string().as_str() {
            "notify" if all && call.args.len() == 1 => "notify(1)",
            // A condition of the solution's own may have `notify(n)` instead of `notify_one()`.
            "notify_all" if self.own.contains("notify_all") && !self.own.contains("notify_one") => {
                "notify(1)"
            }
            "notify_all" => "notify_one()",
            _ => return,
        };
        let name = &call.method;
        let range = name.span().byte_range().start..call.span().byte_range().end;
        let edits = vec![(range, with.to_owned())];
        self.change(
            name.span(),
            format!(".{name}-one"),
            &format!("`{name}` wakes one thread"),
            edits,
        );
    }
}

/// Whether leaving the expression out leaves nothing undone.
fn is_plain(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Path(_) | syn::Expr::Lit(_) => true,
        syn::Expr::Field(field) => is_plain(&field.base),
        syn::Expr::Reference(reference) => is_plain(&reference.expr),
        syn::Expr::Paren(paren) => is_plain(&paren.expr),
        syn::Expr::Unary(unary) => is_plain(&unary.expr),
        _ => false,
    }
}
