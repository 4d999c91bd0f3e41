//! What an object is called: the identifier in front of the call that made it.

use std::collections::HashMap;

use super::Place;

/// What the objects of a claim are called.
#[cfg(feature = "model")]
pub(crate) struct Names {
    names: Vec<String>,
}

#[cfg(feature = "model")]
impl Names {
    /// Finds a name for every object, by where it was made and its type's name, and a number for
    /// names that repeat. One that is only round another has the same name as that.
    pub(crate) fn of(objects: impl Iterator<Item = (Place, &'static str, bool)>) -> Self {
        let mut sources = Sources::default();
        let mut seen: HashMap<String, usize> = HashMap::new();
        let names = objects.map(|(place, kind, is_round)| {
            let name = sources
                .name_at(place, kind)
                .unwrap_or_else(|| format!("{kind}@{}", place.line()));
            if is_round {
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

/// The sources that have been looked into, by file.
#[derive(Default)]
pub(crate) struct Sources {
    files: HashMap<&'static str, Vec<String>>,
}

impl Sources {
    /// The name of an object made at this place, if the source shows one.
    ///
    /// `not_empty: Condvar::new()` and `let not_empty = Arc::new(Condvar::new())` both do. An
    /// object made by a call in a tuple or an array has none.
    pub(crate) fn name_at(&mut self, place: Place, kind: &str) -> Option<String> {
        self.name_of_call(place)
            .or_else(|| self.name_of_field(place, kind))
    }

    fn name_of_call(&mut self, place: Place) -> Option<String> {
        let column = usize::try_from(place.column()).ok()?;
        let line = self.line(place)?;
        let before = line.get(..column.checked_sub(1)?)?;
        let before = without_wrappers(before);
        let before = before.strip_suffix(':').or_else(|| {
            let before = before.strip_suffix('=')?;
            // `let name: Type = …`: the name is in front of the colon.
            Some(before.split_once(": ").map_or(before, |(name, _)| name))
        })?;
        let name = last_identifier(before.trim_end());
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// The field that a `#[derive(Default)]` fills, if the type has just one of that kind.
    fn name_of_field(&mut self, place: Place, kind: &str) -> Option<String> {
        if !self.line(place)?.trim_start().starts_with("#[derive(") {
            return None;
        }
        let first = usize::try_from(place.line()).ok()?;
        let mut fields = self
            .lines(place)
            .iter()
            .skip(first)
            .take_while(|line| !line.starts_with('}'))
            .filter_map(|line| line.split_once(": "))
            .filter(|(_, its_type)| starts_with_type(its_type, kind))
            .map(|(name, _)| last_identifier(name));
        let field = fields.next().filter(|name| !name.is_empty())?;
        fields.next().is_none().then(|| field.to_owned())
    }

    fn line(&mut self, place: Place) -> Option<&str> {
        let index = usize::try_from(place.line()).ok()?.checked_sub(1)?;
        self.lines(place).get(index).map(String::as_str)
    }

    fn lines(&mut self, place: Place) -> &[String] {
        self.files.entry(place.file()).or_insert_with(|| {
            let source = read(place.file()).unwrap_or_default();
            source.lines().map(str::to_owned).collect()
        })
    }
}

/// Whether a field's type is of this kind, however it is qualified.
fn starts_with_type(text: &str, kind: &str) -> bool {
    let name = text.split(['<', ',', ' ']).next().unwrap_or(text);
    name.rsplit("::").next() == Some(kind)
}

/// Reads a source that the compiler names relative to a folder that holds the present one.
fn read(file: &str) -> Option<String> {
    let folder = std::env::current_dir().ok()?;
    folder
        .ancestors()
        .find_map(|folder| std::fs::read_to_string(folder.join(file)).ok())
}

/// Strips calls that wrap the one in question, such as `Arc::new(`.
fn without_wrappers(mut before: &str) -> &str {
    const WRAPPERS: [&str; 5] = [
        "Arc::new",
        "Box::new",
        "Rc::new",
        "Some",
        "CachePadded::new",
    ];
    loop {
        let opened = before.trim_end().trim_end_matches(['(', '&']);
        let stripped = WRAPPERS
            .iter()
            .find_map(|wrapper| opened.strip_suffix(wrapper))
            .unwrap_or(opened)
            .trim_end();
        if stripped == before {
            return before;
        }
        before = stripped;
    }
}

fn last_identifier(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, character)| character.is_alphanumeric() || *character == '_')
        .last()
        .map_or(text.len(), |(index, _)| index);
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::{last_identifier, starts_with_type, without_wrappers};

    /// A wrapper between the name and the object does not hide the name.
    #[test]
    fn wrappers_do_not_hide_a_name() {
        assert_eq!(
            without_wrappers("    let queue = Arc::new("),
            "    let queue ="
        );
        assert_eq!(without_wrappers("    state: "), "    state:");
    }

    /// The name is the identifier that ends the text.
    #[test]
    fn the_last_identifier_is_the_name() {
        assert_eq!(last_identifier("    let not_empty"), "not_empty");
        assert_eq!(last_identifier("x = ("), "");
    }

    /// A field's type is known by its last name, without its parameters.
    #[test]
    fn the_kind_of_a_field_is_its_last_name() {
        assert!(starts_with_type("Mutex<VecDeque<u32>>,", "Mutex"));
        assert!(starts_with_type("heddle::sync::Condvar,", "Condvar"));
        assert!(!starts_with_type("Option<Mutex<u32>>,", "Mutex"));
    }
}
