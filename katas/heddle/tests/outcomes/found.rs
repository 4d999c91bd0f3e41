//! What was found out about a result, and how it is kept.

use serde_json::{Value, json};

use super::programs::Program;

/// How a path from here to the root begins.
const AROUND: &str = "katas/heddle/tests/outcomes/../../../../";

/// One result: possible by a schedule, or impossible.
pub struct Found {
    /// What the program returns.
    pub result: &'static str,
    /// The schedule that leads to it.
    pub schedule: Option<Value>,
}

/// The data of a program as text: one line for each step.
pub fn data(program: &Program, found: &[Found]) -> String {
    let results: Vec<String> = found
        .iter()
        .map(|found| {
            let schedule = found.schedule.as_ref().map(|record| own(program, record));
            let schedule = schedule.map_or("null".to_owned(), |record| lines(&record));
            format!(
                "{{\"text\":{},\"schedule\":{schedule}}}",
                json!(found.result)
            )
        })
        .collect();
    let name = program.name();
    let data = format!(
        "{{\"program\":\"{name}\",\"results\":[\n{}\n]}}\n",
        results.join(",\n")
    );
    let read: Value = serde_json::from_str(&data).expect("what is written is JSON");
    assert_eq!(read["program"], name);
    data
}

/// Whether everything that is kept is what was found now; a record may tell more by now.
pub fn still_holds(kept: &str, found: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    matches!((read(kept), read(found)), (Some(kept), Some(found)) if is_part(&kept, &found))
}

fn is_part(kept: &Value, found: &Value) -> bool {
    match (kept, found) {
        (Value::Object(kept), Value::Object(found)) => {
            let mut fields = kept.iter();
            fields.all(|(name, kept)| found.get(name).is_some_and(|found| is_part(kept, found)))
        }
        (Value::Array(kept), Value::Array(found)) => {
            let same = |(kept, found): (&Value, &Value)| is_part(kept, found);
            kept.len() == found.len() && kept.iter().zip(found).all(same)
        }
        _ => kept == found,
    }
}

/// The record without what belongs to the claim around the program, and without how it was found.
fn own(program: &Program, record: &Value) -> Value {
    let text = record.to_string().replace(AROUND, "");
    let mut record: Value = serde_json::from_str(&text).expect("a record is JSON");
    record["search"] = Value::Null;
    let files = record["files"].as_array_mut().expect("a list of files");
    let source = format!("{}.rs", program.name());
    assert!(
        files[0]
            .as_str()
            .is_some_and(|file| file.ends_with(&source))
    );
    *files = vec![json!(format!("book/outcomes/{source}"))];
    if record["failure"]["kind"] == "assertion" {
        let steps = record["steps"].as_array_mut().expect("a list of steps");
        let last = steps.pop().expect("the claim's panic is a step");
        assert_eq!(last["op"], "panic");
        record["failure"]["at"] = Value::Null;
        record["failure"]["message"] = json!("");
    }
    // Functions of the claim around it, and which of them are seen depends on how it was compiled.
    for step in record["steps"].as_array_mut().expect("a list of steps") {
        step.as_object_mut().map(|step| step.remove("within"));
    }
    let outside = record["steps"].as_array().expect("a list of steps").iter();
    let outside = outside.filter(|step| step["at"][0].as_u64().is_some_and(|file| file > 0));
    assert_eq!(outside.count(), 0, "only the program's own steps: {record}");
    record
}

/// A record with each element of its lists on a line.
fn lines(record: &Value) -> String {
    let fields = record.as_object().expect("a record is an object");
    let fields = fields.iter().map(|(name, value)| match value.as_array() {
        Some(list) if !list.is_empty() => {
            let list: Vec<String> = list.iter().map(Value::to_string).collect();
            format!("\"{name}\":[\n  {}]", list.join(",\n  "))
        }
        _ => format!("\"{name}\":{value}"),
    });
    format!("{{\n {}}}", fields.collect::<Vec<_>>().join(",\n "))
}
