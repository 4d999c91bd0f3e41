//! The committed JSON Schemas are those that the types imply.

use std::path::Path;

use crate::record::Counterexample;
use crate::report::Report;

/// Set this variable to write the schemas instead of comparing them.
const WRITE: &str = "WRITE_REPORT_SCHEMA";

/// Whoever reads counterexamples by the committed schema reads what is written.
#[test]
fn the_committed_schema_of_a_counterexample_is_that_of_the_types() {
    is_committed(
        "counterexample.schema.json",
        &schemars::schema_for!(Counterexample),
    );
}

/// Whoever reads reports by the committed schema reads what is written.
#[test]
fn the_committed_schema_of_a_report_is_that_of_the_types() {
    is_committed("report.schema.json", &schemars::schema_for!(Report));
}

fn is_committed(name: &str, schema: &schemars::Schema) {
    let derived = serde_json::to_string_pretty(schema).expect("a schema is JSON") + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, derived).expect("the schema can be written");
        return;
    }
    let committed = std::fs::read_to_string(&file).expect("the schema is committed");
    assert_eq!(
        committed, derived,
        "the types have changed: raise their `SCHEMA` if old readers would be misled, then run \
         `{WRITE}=1 cargo test -p heddle-terms the_committed_schema` and commit xtask/terms/{name}"
    );
}
