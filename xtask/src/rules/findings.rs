//! Gathering what a source breaks, each fault once.

use proc_macro2::Span;

use super::rule::Rule;
use super::verdict::{Judged, Refusal, Todo};
use heddle_terms::report::{Place, RuleBroken};

/// What has been found so far.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    file: &'a str,
    faults: Vec<Fault>,
    judged: Judged,
}

#[derive(Debug)]
struct Fault {
    broken: RuleBroken,
    place: Place,
    /// The refused path of another crate.
    path: Vec<String>,
    named: Named,
}

/// How a refused path came into the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// By a `use` declaration.
    Import,
    /// By a name that a `use` declaration bound.
    Through,
    /// Written out, or no path at all.
    Here,
}

impl<'a> Findings<'a> {
    /// Nothing yet, in a file of that name.
    pub(super) fn new(file: &'a str) -> Self {
        Self {
            file,
            faults: Vec::new(),
            judged: Judged::default(),
        }
    }

    /// Something is refused.
    pub(super) fn refuse(&mut self, rule: Rule, span: Span, message: impl Into<String>) {
        self.refuse_path(rule, span, message.into(), Vec::new(), Named::Here);
    }

    /// A path of another crate is refused.
    pub(super) fn refuse_path(
        &mut self,
        rule: Rule,
        span: Span,
        message: String,
        path: Vec<String>,
        named: Named,
    ) {
        let place = self.place(span);
        self.faults.push(Fault {
            broken: RuleBroken {
                rule: rule.id().to_owned(),
                place: place.clone(),
                message,
            },
            place,
            path,
            named,
        });
    }

    /// A `todo!` is still there.
    pub(super) fn todo(&mut self, span: Span, message: String) {
        let place = self.place(span);
        self.judged.todos.push(Todo { place, message });
    }

    /// The stub's line is still there.
    pub(super) fn allow_unused(&mut self, span: Span) {
        let place = self.place(span);
        self.judged.allow_unused.get_or_insert(place);
    }

    fn place(&self, span: Span) -> Place {
        place(self.file, span)
    }

    /// The verdict. What a refused import brought in is told once, where it is imported.
    pub(super) fn verdict(mut self) -> Result<Judged, Refusal> {
        let imports: Vec<_> = self
            .faults
            .iter()
            .filter(|fault| fault.named == Named::Import)
            .map(|fault| fault.path.clone())
            .collect();
        self.faults.retain(|fault| {
            fault.named != Named::Through
                || !imports.iter().any(|import| fault.path.starts_with(import))
        });
        self.faults
            .sort_by(|one, other| one.place.cmp(&other.place));
        self.faults.dedup_by(|one, other| {
            one.place == other.place && one.broken.rule == other.broken.rule
        });
        if self.faults.is_empty() {
            self.judged
                .todos
                .sort_by(|one, other| one.place.cmp(&other.place));
            return Ok(self.judged);
        }
        let broken = self.faults.into_iter().map(|fault| fault.broken).collect();
        Err(Refusal::Broken(broken))
    }
}

/// The first character of a span.
pub(super) fn place(file: &str, span: Span) -> Place {
    let start = span.start();
    Place {
        file: file.to_owned(),
        line: u32::try_from(start.line).unwrap_or(u32::MAX),
        column: u32::try_from(start.column).map_or(u32::MAX, |column| column.saturating_add(1)),
    }
}
