//! Which of some names a mistyped one most likely meant.

/// The names that are near to what was typed, the nearest first, at most three.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let typed = typed.to_lowercase();
    let mut near: Vec<(f64, &str)> = names
        .into_iter()
        .map(|name| (likeness(&typed, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.6)
        .collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0));
    near.into_iter().map(|(_, name)| name).take(3).collect()
}

fn likeness(typed: &str, name: &str) -> f64 {
    let within = !typed.is_empty() && name.contains(typed);
    let likeness = strsim::normalized_damerau_levenshtein(typed, name);
    if within { likeness.max(0.7) } else { likeness }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_letters_find_the_name() {
        assert_eq!(nearest("chekc", ["list", "check", "hint"]), ["check"]);
    }

    #[test]
    fn nothing_is_near_to_something_else_entirely() {
        assert!(nearest("zebra", ["list", "check", "hint"]).is_empty());
    }
}
