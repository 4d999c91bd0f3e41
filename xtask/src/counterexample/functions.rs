//! Which function a line of source belongs to.

use std::collections::BTreeMap;

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use crate::sources::Sources;

/// The functions of the subject, by the lines that they span.
#[derive(Clone, Debug, Default)]
pub struct Functions {
    /// The name by the first and last line of each, in the order of the source.
    spans: BTreeMap<(u32, u32), String>,
}

impl Functions {
    /// The functions of a file; none of one that cannot be read or parsed.
    pub fn of(sources: &Sources, file: &str) -> Functions {
        let mut functions = Functions::default();
        let text = sources.text(file).unwrap_or_default();
        if let Ok(parsed) = syn::parse_file(&text) {
            functions.visit_file(&parsed);
        }
        functions
    }

    /// The innermost function that spans a line.
    pub fn around(&self, line: u32) -> Option<&str> {
        let spans = self.spans.iter();
        let around = spans.filter(|((first, last), _)| (*first..=*last).contains(&line));
        let innermost = around.min_by_key(|((first, last), _)| last - first);
        innermost.map(|(_, name)| name.as_str())
    }

    fn add(&mut self, name: &syn::Ident, block: &syn::Block) {
        let first = name.span().start().line;
        let last = block.span().end().line;
        if let (Ok(first), Ok(last)) = (u32::try_from(first), u32::try_from(last)) {
            self.spans.insert((first, last), name.to_string());
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
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line belongs to the innermost function around it, and to none between functions.
    #[test]
    fn a_line_belongs_to_the_innermost_function() {
        let text = "struct S;\nimpl S {\n    fn outer() {\n        fn inner() {\n            ();\n        }\n    }\n}\n";
        let sources = Sources::default().with("lib.rs", text.to_owned());
        let functions = Functions::of(&sources, "lib.rs");
        assert_eq!(functions.around(5), Some("inner"));
        assert_eq!(functions.around(7), Some("outer"));
        assert_eq!(functions.around(1), None);
    }
}
