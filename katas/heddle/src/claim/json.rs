//! A JSON writer of just the size that a claim's record needs.

use std::fmt::Write as _;

/// A JSON array of what `to_json` makes of each item.
pub(crate) fn array<T>(items: &[T], to_json: impl Fn(&T) -> String) -> String {
    let items: Vec<String> = items.iter().map(to_json).collect();
    format!("[{}]", items.join(","))
}

/// A JSON object under construction.
pub(crate) struct Object {
    text: String,
}

impl Object {
    pub(crate) fn new() -> Self {
        Object {
            text: String::from("{"),
        }
    }

    pub(crate) fn raw(&mut self, key: &str, json: &str) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        let _ = write!(self.text, "\"{key}\":{json}");
    }

    pub(crate) fn text(&mut self, key: &str, value: &str) {
        self.raw(key, &quoted(value));
    }

    pub(crate) fn number(&mut self, key: &str, value: u64) {
        self.raw(key, &value.to_string());
    }

    pub(crate) fn optional_text(&mut self, key: &str, value: Option<&str>) {
        self.raw(key, &value.map_or("null".to_owned(), quoted));
    }

    pub(crate) fn optional_number(&mut self, key: &str, value: Option<u64>) {
        self.raw(
            key,
            &value.map_or("null".to_owned(), |value| value.to_string()),
        );
    }

    pub(crate) fn finish(mut self) -> String {
        self.text.push('}');
        self.text
    }
}

/// A JSON string.
pub(crate) fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            control if control.is_control() => {
                let _ = write!(json, "\\u{:04x}", control as u32);
            }
            plain => json.push(plain),
        }
    }
    json.push('"');
    json
}
