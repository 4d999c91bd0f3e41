//! One change to a solution's text, its name, and the mutant it makes.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use heddle_terms::files::FileError;

/// A solution weakened in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MechanicalMutant {
    /// Its name, such as `lock.compare_exchange-acquire-relaxed`: the function, what is changed, and into what. A
    /// function is named with its type where the file has several of that name, and a number is put behind the second
    /// mutant of a name.
    pub name: String,
    /// Its text.
    pub source: String,
    /// What was changed, in one sentence with the line of the solution.
    pub description: String,
}

/// Why a solution has no mechanical mutants.
#[derive(Debug, thiserror::Error)]
pub enum MutateError {
    /// The solution cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The solution is no text.
    #[error("{file}: this is not UTF-8, so it is no Rust source; save it as UTF-8")]
    NotText {
        /// The solution.
        file: String,
    },
    /// The solution is no Rust.
    #[error("{file}:{line}: the solution does not parse: {message}")]
    Unparsable {
        /// The solution.
        file: String,
        /// Where reading stopped.
        line: usize,
        /// What was expected there.
        message: String,
    },
    /// A mutant is no Rust.
    #[error(
        "the mechanical mutant `{name}` does not parse: {message}; this is a fault of xtask, not of the solution"
    )]
    Broken {
        /// The mutant.
        name: String,
        /// What was expected.
        message: String,
    },
}

impl MutateError {
    /// The same, for a solution that was read from that file.
    pub(super) fn in_file(mut self, path: &str) -> Self {
        if let Self::Unparsable { file, .. } = &mut self {
            path.clone_into(file);
        }
        self
    }
}

/// A function, as the names of mutants have it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Function {
    /// The type whose method it is.
    pub(super) of: Option<String>,
    /// Its name.
    pub(super) name: String,
}

/// One change to the text.
#[derive(Debug)]
pub(super) struct Change {
    /// The function it is in.
    pub(super) function: Function,
    /// What is changed, and into what, such as `.load-acquire-relaxed`.
    pub(super) what: String,
    /// The same in words.
    pub(super) description: String,
    /// The ranges to replace, in the order of the text.
    pub(super) edits: Vec<(Range<usize>, String)>,
}

/// All changes to a text, and the functions of the text.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The changes.
    pub(super) all: Vec<Change>,
    /// Every function, whether something in it is changed or not.
    pub(super) functions: Vec<Function>,
}

/// Makes the mutants.
pub(super) fn apply(source: &str, changes: Changes) -> Result<Vec<MechanicalMutant>, MutateError> {
    let Changes { mut all, functions } = changes;
    all.sort_by_key(|change| change.edits.first().map_or(0, |(range, _)| range.start));
    let mut uses: HashMap<String, usize> = HashMap::new();
    let mut seen = HashSet::from([source.to_owned()]);
    let mut mutants = Vec::new();
    for change in all {
        let text = edited(source, &change.edits);
        if !seen.insert(text.clone()) {
            continue;
        }
        let plain = format!("{}{}", label(&change.function, &functions), change.what);
        let uses = uses.entry(plain.clone()).or_default();
        *uses += 1;
        let name = match *uses {
            1 => plain,
            number => format!("{plain}-{number}"),
        };
        if let Err(error) = syn::parse_file(&text) {
            let message = error.to_string();
            return Err(MutateError::Broken { name, message });
        }
        mutants.push(MechanicalMutant {
            name,
            source: text,
            description: change.description,
        });
    }
    Ok(mutants)
}

fn edited(source: &str, edits: &[(Range<usize>, String)]) -> String {
    let mut text = source.to_owned();
    for (range, with) in edits.iter().rev() {
        text.replace_range(range.clone(), with);
    }
    text
}

/// The function's name, with its type where there are several of that name.
fn label(function: &Function, functions: &[Function]) -> String {
    let same = functions
        .iter()
        .filter(|other| other.name == function.name)
        .count();
    match &function.of {
        // Whatever has one `drop` may get a second.
        Some(of) if same > 1 || function.name == "drop" => format!("{of}.{}", function.name),
        _ => function.name.clone(),
    }
}
