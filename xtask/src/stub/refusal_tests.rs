//! Markers that cannot be followed, each told with its line.

use super::{StubError, derive};

/// The body of one function in a file of its own.
pub(super) fn body(lines: &str) -> String {
    format!("//! Docs.\n\npub fn f() {{\n{lines}\n}}\n")
}

/// A marker that is misspelt is no comment like any other.
#[test]
fn a_misspelt_marker_is_an_error_with_its_line() {
    for found in [
        "// stub: tood \"t\"",
        "//stub: omit",
        "// stub: todo t",
        "// stub : omit",
        "/// stub: omit x",
    ] {
        let solution = body(&format!("    {found}\n    // stub: todo \"t\""));
        let solution = solution.replace("/// stub", "// stub");
        let error = derive(&solution).expect_err(found);
        assert!(
            matches!(error, StubError::UnknownMarker { line: 4, .. }),
            "{error}"
        );
    }
}

/// What a marker does would not be seen beside code.
#[test]
fn a_marker_behind_code_is_an_error() {
    let solution = body("    let x = 1; // stub: omit\n    // stub: todo \"t\"");
    assert_eq!(derive(&solution), Err(StubError::BesideCode { line: 4 }));
}

/// Half a body is not left to the learner.
#[test]
fn a_todo_in_the_middle_of_a_body_is_an_error() {
    let solution = body("    let x = 1;\n    // stub: todo \"t\"");
    assert_eq!(
        derive(&solution),
        Err(StubError::TodoOutsideBody { line: 5 })
    );
}

/// An `omit` that has nothing below it would be a slip.
#[test]
fn an_omit_without_anything_to_leave_out_is_an_error() {
    let solution = body("    // stub: omit");
    assert_eq!(derive(&solution), Err(StubError::NothingToOmit { line: 4 }));
}

/// The text behind a removed field would go with it.
#[test]
fn a_field_that_shares_its_line_cannot_be_left_out() {
    let solution = "//! Docs.\nstruct A {\n    // stub: omit\n    a: u8, b: u8,\n}\n";
    assert_eq!(derive(solution), Err(StubError::SharedLine { line: 3 }));
}

/// A marker that has no effect is a slip.
#[test]
fn a_marker_inside_what_another_takes_away_is_an_error() {
    let solution = body("    // stub: todo \"t\"\n    // stub: omit\n    let x = 1;");
    assert_eq!(
        derive(&solution),
        Err(StubError::Nested { line: 5, outer: 4 })
    );
}

/// `todo!` is no iterator.
#[test]
fn a_todo_cannot_stand_for_an_opaque_type() {
    let solution = "//! Docs.\nfn f() -> impl Iterator<Item = u8> {\n    // stub: todo \"t\"\n    None.into_iter()\n}\n";
    let error = derive(solution).expect_err("opaque");
    assert!(
        matches!(error, StubError::OpaqueReturn { line: 3, .. }),
        "{error}"
    );
}

/// A kata that asks for nothing is none.
#[test]
fn a_solution_without_a_todo_is_an_error() {
    assert_eq!(derive(&body("    let x = 1;")), Err(StubError::NothingToDo));
}

/// A line that no formatter can break is refused where it is written.
#[test]
fn a_todo_longer_than_a_line_is_an_error() {
    let solution = body(&format!("    // stub: todo \"{}\"", "x".repeat(91)));
    assert_eq!(
        derive(&solution),
        Err(StubError::TooLong { line: 4, excess: 1 })
    );
}

/// A stub that is not Rust never reaches a learner.
#[test]
fn a_marker_that_breaks_the_stub_is_an_error() {
    let solution = body("    // stub: todo \"t\"\n}\n\n// stub: insert fn {\nfn g() {");
    let error = derive(&solution).expect_err("broken");
    assert!(
        matches!(error, StubError::Broken { line: 9, .. }),
        "{error}"
    );
}
