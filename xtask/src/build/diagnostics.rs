//! The compiler's messages in the report's form, each once.

use std::path::Path;

use super::messages::{CompilerMessage, Span};
use heddle_terms::catalogue::Workspace;
use heddle_terms::report::{Diagnostic, Face, Place};

/// A message of the compiler and whether it lies in the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosed {
    /// The message, with paths relative to the root of the repository.
    pub diagnostic: Diagnostic,
    /// Whether it came up while the subject itself was compiled, not the kata's claims.
    pub in_subject: bool,
}

impl Diagnosed {
    pub(super) fn new(
        message: &CompilerMessage,
        face: Face,
        folder: &Path,
        workspace: &Workspace,
        in_subject: bool,
    ) -> Diagnosed {
        let rendered = message
            .rendered
            .clone()
            .unwrap_or_else(|| message.message.clone());
        let diagnostic = Diagnostic {
            level: message.level.clone(),
            code: message.code.as_ref().map(|code| code.code.clone()),
            message: message.message.clone(),
            rendered: from_the_root(&rendered, workspace),
            place: place_of(message, folder, workspace),
            faces: vec![face],
        };
        Diagnosed {
            diagnostic,
            in_subject,
        }
    }

    /// Whether it ends the build.
    pub fn is_error(&self) -> bool {
        self.diagnostic.level.starts_with("error")
    }
}

/// The messages of all faces, each once with the faces on which it came up; errors come first.
pub fn merge(all: Vec<Diagnosed>) -> Vec<Diagnosed> {
    let mut merged: Vec<Diagnosed> = Vec::new();
    for one in all {
        let known = merged.iter_mut().find(|known| {
            known.diagnostic.rendered == one.diagnostic.rendered
                && known.diagnostic.place == one.diagnostic.place
        });
        match known {
            None => merged.push(one),
            Some(known) => {
                for face in one.diagnostic.faces {
                    if !known.diagnostic.faces.contains(&face) {
                        known.diagnostic.faces.push(face);
                    }
                }
            }
        }
    }
    merged.sort_by_key(|one| (!one.is_error(), !one.in_subject));
    for one in &mut merged {
        one.diagnostic.faces.sort();
    }
    merged
}

/// The outermost place in the repository that a message points at: a macro's insides help nobody.
fn place_of(message: &CompilerMessage, folder: &Path, workspace: &Workspace) -> Option<Place> {
    let mut span = message.spans.iter().find(|span| span.is_primary)?;
    while let Some(expansion) = &span.expansion {
        span = &expansion.span;
    }
    Some(place_of_span(span, folder, workspace))
}

pub(crate) fn place_of_span(span: &Span, folder: &Path, workspace: &Workspace) -> Place {
    Place {
        file: workspace.display(&folder.join(&span.file_name)),
        line: span.line_start,
        column: span.column_start,
    }
}

/// The text with the paths below the root made relative to it.
pub(crate) fn from_the_root(text: &str, workspace: &Workspace) -> String {
    let root = format!("{}/", workspace.root.display());
    text.replace(&root, "")
}
