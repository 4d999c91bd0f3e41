//! The field or binding that the result of a call goes to.
//!
//! The source is read backwards from the call: `not_empty: Condvar::new()` and
//! `let not_empty = Arc::new(Condvar::new())` name it in front; in a tuple, an array or a closure
//! that makes elements it is a part of what is named. Where nothing is certain there is no name.

use super::Called;

/// The part that the result is of what is named, from the inside.
enum Part {
    /// An element of a tuple or tuple struct.
    Nth(usize),
    /// An element of an array.
    Element(usize),
    /// One of the elements that a closure makes.
    Each,
}

/// Reads back from a call to the name of its result.
pub(super) fn called(before: &str, after: &str) -> Option<Called> {
    let (mut before, mut after) = (before.trim_end(), after);
    let mut parts = Vec::new();
    loop {
        if let Some(rest) = before.strip_suffix('&') {
            before = rest.trim_end();
        } else if let Some(rest) = before.strip_suffix('|') {
            before = before_closure(rest)?;
            parts.push(Part::Each);
        } else if before.ends_with(['(', '[', ',']) {
            let (rest, bracket, nth) = opening(before)?;
            let (callee, name) = callee(rest);
            let is_alone = nth == 0 && is_only_element(after);
            before = match (bracket, name) {
                ('[', "") => rest,
                ('[', "vec!") => callee,
                ('(', "") => rest,
                ('(', name) if is_tuple_struct(name) => {
                    if let Some(own) = own_field(callee, name, nth, &parts) {
                        return Some(Called::Name(own));
                    }
                    callee
                }
                ('(', name) if is_transparent(name) && is_alone => callee,
                _ => return None,
            }
            .trim_end();
            match bracket {
                '[' => parts.push(Part::Element(nth)),
                _ if is_alone => {}
                _ => parts.push(Part::Nth(nth)),
            }
            after = behind_list(after);
        } else {
            return named(before, parts);
        }
    }
}

/// The name in front of `:` or `=`, with the part that is meant.
fn named(before: &str, mut parts: Vec<Part>) -> Option<Called> {
    let mut name = if let Some(field) = before.strip_suffix(':') {
        last_identifier(field.trim_end()).to_owned()
    } else {
        let place = before.strip_suffix('=')?;
        if place.ends_with(['=', '!', '<', '>', '+', '-', '|', '&']) {
            return None;
        }
        target(place.trim_end(), &mut parts)?
    };
    if name.is_empty() {
        return None;
    }
    for part in parts.into_iter().rev() {
        match part {
            Part::Nth(nth) => name += &format!(".{nth}"),
            Part::Element(nth) => name += &format!("[{nth}]"),
            Part::Each => return Some(Called::Elements(name)),
        }
    }
    Some(Called::Name(name))
}

/// What is assigned to: the name of a `let`, the element of its pattern, or a field or variable.
fn target(place: &str, parts: &mut Vec<Part>) -> Option<String> {
    let statement = statement(place).trim();
    let Some(pattern) = statement.strip_prefix("let ") else {
        return Some(last_identifier(place).to_owned());
    };
    let pattern = pattern.trim();
    let Some(elements) = pattern.strip_prefix('(') else {
        let pattern = pattern.split(':').next()?.trim();
        let name = pattern.strip_prefix("mut ").unwrap_or(pattern).trim();
        return (last_identifier(name) == name).then(|| name.to_owned());
    };
    let Some(Part::Nth(nth)) = parts.pop() else {
        return None;
    };
    let elements = elements.split_once(')')?.0;
    if elements.contains('(') {
        return None;
    }
    let name = elements.split(',').nth(nth)?.trim();
    let name = name.strip_prefix("mut ").unwrap_or(name);
    (last_identifier(name) == name).then(|| name.to_owned())
}

/// The statement that ends the text, as far as it goes.
fn statement(text: &str) -> &str {
    let mut depth = 0;
    for (index, character) in text.char_indices().rev() {
        match character {
            ')' | ']' => depth += 1,
            '(' | '[' => depth -= 1,
            ';' | '{' | '}' if depth == 0 => return &text[index + 1..],
            _ => {}
        }
    }
    text
}

/// The text in front of the bracket that opens the innermost list at the end of `before`, the
/// bracket, and how many elements there are behind it.
fn opening(before: &str) -> Option<(&str, char, usize)> {
    let mut depth = 0;
    let mut commas = 0;
    for (index, character) in before.char_indices().rev() {
        match character {
            ')' | ']' | '}' => depth += 1,
            '(' | '[' if depth == 0 => return Some((&before[..index], character, commas)),
            '{' | ';' if depth == 0 => return None,
            '(' | '[' | '{' => depth -= 1,
            ',' if depth == 0 => commas += 1,
            _ => {}
        }
    }
    None
}

/// Whether no other element follows the call in its list.
fn is_only_element(after: &str) -> bool {
    let rest = behind_element(after);
    let rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    rest.is_empty() || rest.starts_with([')', ']', '}', ';'])
}

/// The text behind the list that the call is in.
fn behind_list(after: &str) -> &str {
    let mut rest = behind_element(after);
    while let Some(next) = rest.strip_prefix(',') {
        rest = behind_element(next);
    }
    rest.strip_prefix([')', ']']).unwrap_or(rest)
}

/// The text from what ends an element of a list: a comma, a bracket or a semicolon.
fn behind_element(text: &str) -> &str {
    let mut depth = 0;
    for (index, character) in text.char_indices() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' | ',' | ';' if depth == 0 => return &text[index..],
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    ""
}

/// Splits off the path or macro name that ends the text.
fn callee(text: &str) -> (&str, &str) {
    let text = text.trim_end();
    let is_part =
        |character: char| character.is_alphanumeric() || matches!(character, '_' | ':' | '!' | '.');
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, character)| is_part(*character))
        .last()
        .map_or(text.len(), |(index, _)| index);
    text.split_at(start)
}

/// Whether a path names a tuple struct or a variant with fields.
fn is_tuple_struct(path: &str) -> bool {
    let last = path.rsplit("::").next().unwrap_or(path);
    !path.contains('.') && last.starts_with(char::is_uppercase)
}

/// Whether what a function of a type makes, such as `Arc::new`, may be called as what it is given.
///
/// What is inside of another object is not that object.
fn is_transparent(path: &str) -> bool {
    const OBJECTS: [&str; 3] = ["Mutex", "Condvar", "UnsafeCell"];
    let Some(its_type) = path.rsplit("::").nth(1) else {
        return false;
    };
    let is_object = OBJECTS.contains(&its_type) || its_type.starts_with("Atomic");
    !path.contains('.') && its_type.starts_with(char::is_uppercase) && !is_object
}

/// `Gate.1` for the second field of a `Self(…)` that nothing is bound to here.
fn own_field(before: &str, path: &str, nth: usize, parts: &[Part]) -> Option<String> {
    if path != "Self" || !parts.is_empty() {
        return None;
    }
    let start = before.rfind("\nimpl").map_or(0, |start| start + 1);
    let head = before[start..].split('{').next()?.trim();
    let head = head.split(" where ").next()?.trim();
    let its_type = match head.split_once(" for ") {
        Some((_, its_type)) => its_type,
        None => head
            .strip_prefix("impl")?
            .trim_start_matches(|it| it != ' '),
    };
    let name = its_type.trim().split('<').next()?;
    let name = last_identifier(name);
    (!name.is_empty()).then(|| format!("{name}.{nth}"))
}

/// The text in front of an iterator whose elements a closure makes, given the text up to the end
/// of the closure's parameters.
fn before_closure(parameters: &str) -> Option<&str> {
    let (before, _) = parameters.rsplit_once('|')?;
    let before = before.trim_end().strip_suffix('(')?;
    let (rest, name) = callee(before);
    match name.rsplit([':', '.']).next()? {
        "from_fn" | "repeat_with" => Some(rest.trim_end()),
        "map" if name == ".map" => {
            let range = rest.trim_end().strip_suffix(')')?;
            let (before, range) = range.rsplit_once('(')?;
            range.contains("..").then(|| before.trim_end())
        }
        _ => None,
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
    use super::super::Called;
    use super::called;

    /// What the object is called that is made where the source has `@`.
    fn at(source: &str) -> Option<String> {
        let (before, after) = source.split_once('@').expect("the source has a mark");
        match called(before, after)? {
            Called::Name(name) => Some(name),
            Called::Elements(name) => Some(format!("{name}[…]")),
            Called::Fields(_) => None,
        }
    }

    #[track_caller]
    fn is(source: &str, name: &str) {
        assert_eq!(at(source).as_deref(), Some(name), "{source}");
    }

    #[track_caller]
    fn is_nameless(source: &str) {
        assert_eq!(at(source), None, "{source}");
    }

    /// A field of a literal names what it is given, through whatever is round it.
    #[test]
    fn a_field_names_its_object() {
        is("Self { state: @Mutex::new(0), other }", "state");
        is(
            "Self {\n    state:\n        Some(Arc::new(\n @Mutex::new(0))) }",
            "state",
        );
    }

    /// A binding names its object, and so does an assignment.
    #[test]
    fn a_binding_names_its_object() {
        is("let state = @Mutex::new(State { a: 1 });", "state");
        is(
            "let mut state: Arc<Mutex<u32>> = Arc::new(@Mutex::new(0));",
            "state",
        );
        is(
            "let letter = Arc::new(Letter(@UnsafeCell::new(0)));",
            "letter",
        );
        is(
            "let node = Box::into_raw(@Box::new(Node { next }));",
            "node",
        );
        is("self.head = @AtomicPtr::new(node);", "head");
        is(
            "let head = @AtomicPtr::new(Box::into_raw(Box::new(1)));",
            "head",
        );
        is("*round = Arc::new(@Mutex::new(1));", "round");
    }

    /// An element of a tuple is named by its pattern, or by its number.
    #[test]
    fn an_element_of_a_tuple_is_named_by_the_pattern() {
        is(
            "let (left, right) = (@Mutex::new(0), Mutex::new(1));",
            "left",
        );
        is(
            "let (left, right) = (Arc::new(@Mutex::new(0)), Mutex::new(1));",
            "left",
        );
        is(
            "let (left, right) = (Mutex::new(0), Arc::new(@Mutex::new(1)));",
            "right",
        );
        is("let (mut a, b) = (f(1, 2), @Mutex::new([1, 2]));", "b");
        is(
            "let pair = Arc::new((@Mutex::new(false), Condvar::new()));",
            "pair.0",
        );
        is(
            "let pair = Arc::new((Mutex::new(false), @Condvar::new()));",
            "pair.1",
        );
        is("let one = (@Mutex::new(0));", "one");
    }

    /// An element of an array has its number; those that a closure makes are counted.
    #[test]
    fn an_element_of_an_array_has_its_number() {
        is("let forks = [Mutex::new(0), @Mutex::new(0)];", "forks[1]");
        is("forks: vec![@Mutex::new(0), Mutex::new(0)],", "forks[0]");
        is(
            "let forks: Vec<_> = (0..n).map(|_| @Mutex::new(())).collect();",
            "forks[…]",
        );
        is(
            "slots: (0..capacity)\n    .map(|_| @UnsafeCell::new(None))",
            "slots[…]",
        );
        is(
            "let forks: [_; 2] = std::array::from_fn(|_| @Mutex::new(()));",
            "forks[…]",
        );
        is(
            "let forks = Arc::new([@Mutex::new(0), Mutex::new(0)]);",
            "forks[0]",
        );
    }

    /// The field of a tuple struct is named by its type where it is not bound.
    #[test]
    fn a_field_of_a_tuple_struct_is_named_by_its_type() {
        is(
            "\nimpl<T: Send> Cell<T> {\n    fn new(v: T) -> Self {\n        Self(@UnsafeCell::new(v))",
            "Cell.0",
        );
        is(
            "\nimpl Default for Bell {\n fn default() -> Self { Self(Mutex::new(0), @Condvar::new())",
            "Bell.1",
        );
        is("let bell = Bell(Mutex::new(0), @Condvar::new());", "bell.1");
    }

    /// Where the source does not say where an object goes, it has no name.
    #[test]
    fn an_object_without_a_place_to_go_has_no_name() {
        is_nameless("fn make() -> Mutex<u32> { @Mutex::new(0) }");
        is_nameless("self.waiting.push(@Condvar::new());");
        is_nameless("if x == @AtomicBool::new(true) {");
        is_nameless("let total = sum(@Mutex::new(0));");
        is_nameless("let head = AtomicPtr::new(Box::into_raw(@Box::new(1)));");
        is_nameless("match a { 1 => @Mutex::new(0), }");
    }
}
