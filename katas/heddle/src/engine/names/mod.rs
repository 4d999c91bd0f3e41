//! What objects are called: by the source in front of the call that made them.

mod binding;
mod derived;
mod sources;

use std::collections::HashMap;

use self::sources::Sources;
use super::Place;

/// What the objects of a claim are called.
pub(crate) struct Names {
    names: Vec<String>,
}

/// What the source says of objects that are made at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Called {
    /// All of them have this name.
    Name(String),
    /// They are the elements of what has this name, in order.
    Elements(String),
    /// They fill these fields, in order, of one value after the other.
    Fields(Vec<String>),
}

/// An object that wants a name.
pub(crate) struct Made {
    pub(crate) place: Place,
    pub(crate) kind: &'static str,
    /// Whether it is only round another one and has the same name.
    pub(crate) is_round: bool,
    /// How many of its kind were made at its place before, where others than those named count.
    pub(crate) nth: Option<usize>,
}

impl Names {
    /// Finds a name for every object, by where it was made and its type's name, and a number for
    /// names that repeat.
    pub(crate) fn of(objects: impl Iterator<Item = Made>) -> Self {
        let mut sources = Sources::default();
        let mut made: HashMap<(Place, &str), usize> = HashMap::new();
        let mut seen: HashMap<String, usize> = HashMap::new();
        let names = objects.map(|object| {
            let count = made.entry((object.place, object.kind)).or_default();
            let nth = object.nth.unwrap_or(*count);
            *count += 1;
            let name = name(&mut sources, object.place, object.kind, nth);
            if object.is_round {
                return name;
            }
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            match *count {
                1 => name,
                repeated => format!("{name}#{repeated}"),
            }
        });
        Names {
            names: names.collect(),
        }
    }

    pub(crate) fn of_object(&self, object: usize) -> &str {
        self.names.get(object).map_or("an object", String::as_str)
    }
}

/// The name of the object that was made as the `nth` of its kind at this place, counted from 0.
fn name(sources: &mut Sources, place: Place, kind: &str, nth: usize) -> String {
    let source = sources.around(place);
    let called = source.and_then(|source| {
        binding::called(source.before, source.after).or_else(|| derived::called(source, kind))
    });
    match called {
        Some(Called::Name(name)) => name,
        Some(Called::Elements(name)) => format!("{name}[{nth}]"),
        Some(Called::Fields(fields)) if !fields.is_empty() => fields[nth % fields.len()].clone(),
        _ => format!("{kind}@{}", place.line()),
    }
}
