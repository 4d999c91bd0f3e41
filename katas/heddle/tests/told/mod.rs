//! A record as lines of text, with names in the place of numbers and source lines in that of places.

use serde_json::Value;

/// Every step, what each thread was in at the end, and the failure, one line each.
pub fn told(record: &Value) -> String {
    let teller = Teller { record };
    let steps = record["steps"].as_array().expect("there are steps");
    let mut lines: Vec<String> = steps.iter().map(|step| teller.step(step)).collect();
    for blocked in record["blocked"].as_array().expect("there is a list") {
        lines.push(teller.part("in", blocked, &["thread", "in"]));
    }
    lines.push(teller.part("fails", &record["failure"], &["kind"]));
    lines.join("\n")
}

/// The names of the objects, with who made each.
#[allow(dead_code, reason = "each test file uses its part of this module")]
pub fn objects(record: &Value) -> Vec<String> {
    let objects = record["objects"].as_array().expect("there are objects");
    let told = objects.iter().map(|object| {
        let by = &record["threads"][object["by"].as_u64().unwrap_or(99) as usize]["name"];
        let initial = object["initial"].as_str();
        let initial = initial.map_or(String::new(), |it| format!(" = {it}"));
        format!(
            "{} {}{initial} by {}",
            text(&object["kind"]),
            text(&object["name"]),
            text(by)
        )
    });
    told.collect()
}

struct Teller<'a> {
    record: &'a Value,
}

impl Teller<'_> {
    fn step(&self, step: &Value) -> String {
        self.part("", step, &["thread", "op"])
    }

    /// The leading fields without their names, then all others but the empty ones, then the line.
    fn part(&self, head: &str, value: &Value, leading: &[&str]) -> String {
        let fields = value.as_object().expect("an object");
        let mut line = head.to_owned();
        for name in leading {
            line += &format!(" {}", self.show(name, &fields[*name]));
        }
        for (name, field) in fields {
            let is_empty = field.is_null() || *field == false;
            if !is_empty && name != "at" && name != "within" && !leading.contains(&&**name) {
                line += &format!(" {name}={}", self.show(name, field));
            }
        }
        line += &self.source(&value["at"]);
        line.trim().to_owned()
    }

    fn show(&self, name: &str, field: &Value) -> String {
        let name_in = |list: &str, number: &Value| {
            let number = number.as_u64().expect("a number") as usize;
            text(&self.record[list][number]["name"]).to_owned()
        };
        match (name, field) {
            ("thread" | "child" | "target", Value::Number(_)) => name_in("threads", field),
            ("object" | "lock", Value::Number(_)) => name_in("objects", field),
            ("woken", Value::Array(threads)) => {
                let names: Vec<String> = threads
                    .iter()
                    .map(|thread| name_in("threads", thread))
                    .collect();
                format!("[{}]", names.join(" "))
            }
            ("looked_at" | "changed_at", Value::Array(places)) => {
                let lines = places.iter().map(|place| self.source(place));
                let lines: Vec<String> = lines.map(|it| it.replace(" | ", "")).collect();
                format!("[{}]", lines.join(", "))
            }
            ("holder" | "race" | "first" | "second", Value::Object(_)) => {
                format!("({})", self.part("", field, &[]))
            }
            (_, Value::String(text)) => text.replace('\n', "\\n"),
            _ => field.to_string(),
        }
    }

    /// The text of the source line that is meant.
    fn source(&self, at: &Value) -> String {
        let Some(place) = at.as_array() else {
            return String::new();
        };
        let number = |index: usize| place[index].as_u64().expect("a number") as usize;
        let file = text(&self.record["files"][number(0)]);
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
        let source = std::fs::read_to_string(file)
            .or_else(|_| std::fs::read_to_string(format!("{root}{file}")))
            .unwrap_or_else(|_| panic!("no file {file}"));
        let line = source
            .lines()
            .nth(number(1) - 1)
            .expect("the file has the line");
        let column = line.chars().nth(number(2) - 1);
        assert!(column.is_some_and(|it| !it.is_whitespace()), "{line}: {at}");
        format!(" | {}", line.trim())
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
