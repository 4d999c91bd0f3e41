//! The fields that a derived `Default` fills: its calls have the place of the attribute.

use super::Called;
use super::sources::Around;

/// The fields of this kind, of a type whose `Default` is derived here.
pub(super) fn called(source: Around<'_>, kind: &str) -> Option<Called> {
    let line = source.before.rsplit('\n').next()?;
    if !line.trim_start().starts_with("#[derive(") {
        return None;
    }
    let fields = (source.after.lines().skip(1))
        .take_while(|line| !line.starts_with('}'))
        .filter_map(|line| line.trim().split_once(": "))
        .filter(|(_, its_type)| is_of_kind(its_type, kind))
        .filter_map(|(name, _)| name.split_whitespace().next_back())
        .map(str::to_owned);
    Some(Called::Fields(fields.collect()))
}

/// Whether a field's type is of this kind, however it is qualified, or an `Arc` round it.
fn is_of_kind(its_type: &str, kind: &str) -> bool {
    let (name, inner) = its_type.split_once('<').unwrap_or((its_type, ""));
    let name = name.trim_end_matches([',', ' ']).rsplit("::").next();
    name == Some(kind)
        || name == Some("Arc") && is_of_kind(inner.trim_end_matches(['>', ',']), kind)
}

#[cfg(test)]
mod tests {
    use super::{Around, Called, called};

    const SOURCE: &str = "#[derive(Debug, Default)]
pub struct Gate {
    /// Whether it is open.
    open: Mutex<bool>,
    pub opened: heddle::sync::Condvar,
    seen: Arc<Mutex<u32>>,
    count: Option<u32>,
}

struct Other {
    lock: Mutex<u32>,
}
";

    fn fields(kind: &str) -> Vec<String> {
        let (before, after) = SOURCE.split_at(16);
        match called(Around { before, after }, kind) {
            Some(Called::Fields(fields)) => fields,
            other => panic!("{other:?}"),
        }
    }

    /// The fields of a kind are those of the type itself, in their order.
    #[test]
    fn a_derived_default_fills_its_fields_in_order() {
        assert_eq!(fields("Mutex"), ["open", "seen"]);
        assert_eq!(fields("Condvar"), ["opened"]);
        assert!(fields("AtomicBool").is_empty());
    }

    /// Elsewhere nothing is derived.
    #[test]
    fn a_call_in_a_function_fills_no_field() {
        let (before, after) = ("let x = ", "Mutex::default();");
        assert_eq!(called(Around { before, after }, "Mutex"), None);
    }
}
