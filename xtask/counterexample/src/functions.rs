//! Which function a line of source belongs to, and which functions it calls where.

use std::collections::BTreeMap;

use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use heddle_terms::parsing::on_a_thread_of_its_own;
use heddle_terms::sources::Sources;

/// The functions of a file, by the lines that they span, and what they call.
#[derive(Clone, Debug, Default)]
pub struct Functions {
    /// The name by the first and last line of each, in the order of the source.
    spans: BTreeMap<(u32, u32), String>,
    calls: Vec<Call>,
}

/// A call in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Call {
    callee: String,
    line: u32,
    column: u32,
}

impl Functions {
    /// The functions of a file; none of one that cannot be read or parsed.
    pub fn of(sources: &Sources, file: &str) -> Functions {
        let text = sources.text(file).unwrap_or_default();
        on_a_thread_of_its_own(|| {
            let mut functions = Functions::default();
            if let Ok(parsed) = syn::parse_file(&text) {
                functions.visit_file(&parsed);
            }
            functions
        })
    }

    /// The innermost function that spans a line.
    pub fn around(&self, line: u32) -> Option<&str> {
        let spans = self.spans.iter();
        let around = spans.filter(|((first, last), _)| (*first..=*last).contains(&line));
        let innermost = around.min_by_key(|((first, last), _)| last - first);
        innermost.map(|(_, name)| name.as_str())
    }

    /// The line and column at which a function calls another, if there is one such place only.
    pub fn only_call(&self, caller: &str, callee: &str) -> Option<(u32, u32)> {
        let mut calls = self.calls.iter().filter(|call| {
            call.callee == callee && self.around(call.line).is_some_and(|name| name == caller)
        });
        let call = calls.next()?;
        calls.next().is_none().then_some((call.line, call.column))
    }

    fn add(&mut self, name: &syn::Ident, block: &syn::Block) {
        let first = name.span().start().line;
        let last = block.span().end().line;
        if let (Ok(first), Ok(last)) = (u32::try_from(first), u32::try_from(last)) {
            self.spans.insert((first, last), name.to_string());
        }
    }

    fn add_call(&mut self, name: &syn::Ident) {
        let start = name.span().start();
        if let (Ok(line), Ok(column)) = (u32::try_from(start.line), u32::try_from(start.column)) {
            self.calls.push(Call {
                callee: name.to_string(),
                line,
                column: column + 1,
            });
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig.ident, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.sig.ident, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.add_call(&call.method);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func
            && let Some(last) = path.path.segments.last()
        {
            self.add_call(&last.ident);
        }
        visit::visit_expr_call(self, call);
    }

    /// What stands in `assert!` and its like are calls, too.
    fn visit_macro(&mut self, the_macro: &'ast syn::Macro) {
        let list = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        if let Ok(expressions) = the_macro.parse_body_with(list) {
            let mut inner = Functions::default();
            for expression in &expressions {
                inner.visit_expr(expression);
            }
            self.calls.extend(inner.calls);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn functions(text: &str) -> Functions {
        let sources = Sources::default().with("lib.rs", text.to_owned());
        Functions::of(&sources, "lib.rs")
    }

    /// A line belongs to the innermost function around it, and to none between functions.
    #[test]
    fn a_line_belongs_to_the_innermost_function() {
        let functions = functions(
            "struct S;\nimpl S {\n    fn outer() {\n        fn inner() {\n            ();\n        }\n    }\n}\n",
        );
        assert_eq!(functions.around(5), Some("inner"));
        assert_eq!(functions.around(7), Some("outer"));
        assert_eq!(functions.around(1), None);
    }

    /// A call is found where there is only one, in a macro as well.
    #[test]
    fn the_only_call_of_a_function_is_found() {
        let functions = functions(
            "fn claim() {\n    assert!(lock.attempt().is_none());\n    lock.wait();\n    lock.wait();\n}\nfn other() {\n    wait();\n}\n",
        );
        assert_eq!(functions.only_call("claim", "attempt"), Some((2, 18)));
        assert_eq!(functions.only_call("claim", "wait"), None, "there are two");
        assert_eq!(functions.only_call("other", "wait"), Some((7, 5)));
    }
}
