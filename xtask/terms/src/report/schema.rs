//! The committed JSON Schema of the report is the one that its types imply.

use std::path::Path;

use super::Report;

/// Set this variable to write the schema instead of comparing it.
const WRITE: &str = "WRITE_REPORT_SCHEMA";

/// Whoever reads reports by the committed schema reads what is written.
#[test]
fn the_committed_schema_is_that_of_the_types() {
    let schema = schemars::schema_for!(Report);
    let derived = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("report.schema.json");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, derived).expect("the schema can be written");
        return;
    }
    let committed = std::fs::read_to_string(&file).expect("the schema is committed");
    assert_eq!(
        committed, derived,
        "the report's types have changed: raise `SCHEMA` if old readers would be misled, then run \
         `{WRITE}=1 cargo test -p heddle-terms the_committed_schema` and commit xtask/terms/report.schema.json"
    );
}
