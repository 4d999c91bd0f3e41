//! Memory orderings, one step weaker, and fences.

use std::ops::Range;

use syn::spanned::Spanned;

use super::collect::Collect;

/// What an ordering belongs to, which decides what is weaker and still legal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Load,
    Store,
    ReadModifyWrite,
    Fence,
}

impl Operation {
    /// The next weaker orderings.
    fn weaker(self, ordering: &str) -> &'static [&'static str] {
        match (self, ordering) {
            (Self::Load, "SeqCst") => &["Acquire"],
            (Self::Store, "SeqCst") => &["Release"],
            (Self::ReadModifyWrite | Self::Fence, "SeqCst") => &["AcqRel"],
            (Self::ReadModifyWrite | Self::Fence, "AcqRel") => &["Acquire", "Release"],
            // A relaxed fence is none: it panics, and its removal is a mutant of its own.
            (Self::Fence, _) => &[],
            (_, "Acquire" | "Release") => &["Relaxed"],
            _ => &[],
        }
    }
}

/// Where the orderings of an operation of std stand among its arguments.
fn operands(method: &str, count: usize) -> &'static [(usize, Operation, &'static str)] {
    use Operation::{Load, ReadModifyWrite, Store};
    match (method, count) {
        ("load", 1) => &[(0, Load, "")],
        ("store", 2) => &[(1, Store, "")],
        ("swap", 2) => &[(1, ReadModifyWrite, "")],
        ("compare_exchange" | "compare_exchange_weak", 4) => {
            &[(2, ReadModifyWrite, ""), (3, Load, "-failure")]
        }
        // A kata's own, over an atomic whose failures are always relaxed.
        ("compare_exchange" | "compare_exchange_weak", 3) => &[(2, ReadModifyWrite, "")],
        ("fetch_update" | "try_update" | "update", 3) => {
            &[(0, ReadModifyWrite, ""), (1, Load, "-failure")]
        }
        (name, 2) if name.starts_with("fetch_") => &[(1, ReadModifyWrite, "")],
        _ => &[],
    }
}

impl Collect<'_> {
    /// Weakens the orderings of an atomic operation.
    pub(super) fn orderings(&mut self, method: &str, arguments: &[&syn::Expr]) {
        for &(index, operation, role) in operands(method, arguments.len()) {
            self.weaken(&format!("{method}{role}"), arguments[index], operation);
        }
    }

    /// Weakens a fence.
    pub(super) fn weaken_fence(&mut self, call: &syn::ExprCall) {
        if is_fence(call) {
            self.weaken("fence", &call.args[0], Operation::Fence);
        }
    }

    /// Takes a fence out.
    pub(super) fn remove_fence(&mut self, expression: &syn::Expr, statement: Range<usize>) {
        if let syn::Expr::Call(call) = expression
            && is_fence(call)
        {
            self.change(
                call.span(),
                ".fence-removed",
                "the fence is gone",
                vec![(statement, String::new())],
            );
        }
    }

    fn weaken(&mut self, operation: &str, argument: &syn::Expr, kind: Operation) {
        let syn::Expr::Path(path) = argument else {
            return;
        };
        let Some(last) = path.path.segments.last() else {
            return;
        };
        let from = last.ident.to_string();
        for to in kind.weaker(&from) {
            // An ordering that was imported by itself says nothing about whether the weaker one was.
            let with = match path.path.segments.len() {
                1 => format!("heddle::sync::atomic::Ordering::{to}"),
                _ => (*to).to_owned(),
            };
            let what = format!(".{operation}-{}-{}", from.to_lowercase(), to.to_lowercase());
            let words = format!("`{operation}` is {to} instead of {from}");
            self.change(
                last.ident.span(),
                what,
                &words,
                vec![(last.ident.span().byte_range(), with)],
            );
        }
    }
}

fn is_fence(call: &syn::ExprCall) -> bool {
    matches!(&*call.func, syn::Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "fence"))
        && call.args.len() == 1
}
