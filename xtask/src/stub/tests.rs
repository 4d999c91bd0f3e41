//! What a stub keeps of its solution.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::derive;
use super::refusal_tests::body;

const SOLUTION: &str = r#"//! A lock.
//!
//! It locks.

use std::ops::Deref;

// stub: omit
use heddle::cell::UnsafeCell;
use heddle::sync::atomic::{AtomicU32, Ordering};

// stub: omit
/// Nobody is inside.
const FREE: u32 = 0;

/// One at a time.
#[derive(Debug)]
pub struct Lock<T> {
    // stub: insert /// Who is inside.
    // stub: insert kept: std::marker::PhantomData<T>,
    // stub: omit
    /// `FREE` or not.
    #[expect(dead_code, reason = "not yet")]
    state: AtomicU32, // packed
    // stub: omit
    value: UnsafeCell<T>,
}

// stub: omit
// SAFETY: the lock hands out one guard at a time.
unsafe impl<T: Send> Sync for Lock<T> {}

/// How it went.
pub enum Outcome {
    /// Well.
    Well,
    // stub: omit
    /// Not so well.
    Badly { why: u32 },
}

impl<T> Lock<T> {
    /// A free lock around `value`.
    pub fn new(value: T) -> Self {
        // stub: todo "keep {value} and \"nobody\""
        Self {
            state: AtomicU32::new(FREE),
            value: UnsafeCell::new(value),
        }
    }

    /// How many may be inside.
    pub const fn width() -> usize {
        // stub: todo "one"
        1
    }

    /// Ready-made: not a body for the learner.
    pub fn is_generous(&self) -> bool {
        // Never.
        Self::width() > 1
    }

    // stub: omit
    fn slow(&self) {
        loop {}
    }
}

impl<T> Deref for Lock<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // stub: todo "say here at length what a learner has to know about this function, as all solutions do"
        let text = "
            // stub: omit
        ";
        unimplemented!("{text}")
    }
}

// stub: omit
#[derive(Debug)]
struct Waiter {
    name: String,
}
"#;

const STUB: &str = r#"//! A lock.
//!
//! It locks.

#![allow(unused, reason = "a stub leaves most unused; delete this when done")]

use std::ops::Deref;

use heddle::sync::atomic::{AtomicU32, Ordering};

/// One at a time.
#[derive(Debug)]
pub struct Lock<T> {
    /// Who is inside.
    kept: std::marker::PhantomData<T>,
}

/// How it went.
pub enum Outcome {
    /// Well.
    Well,
}

impl<T> Lock<T> {
    /// A free lock around `value`.
    pub fn new(value: T) -> Self {
        todo!("keep {{value}} and \"nobody\"")
    }

    /// How many may be inside.
    pub const fn width() -> usize {
        // one
        todo!()
    }

    /// Ready-made: not a body for the learner.
    pub fn is_generous(&self) -> bool {
        // Never.
        Self::width() > 1
    }
}

impl<T> Deref for Lock<T> {
    type Target = T;

    fn deref(&self) -> &T {
        todo!(
            "say here at length what a learner has to know about this function, as all solutions do"
        )
    }
}
"#;

fn rustfmt(text: &str) -> String {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt belongs to the pinned toolchain");
    child
        .stdin
        .take()
        .expect("stdin is piped")
        .write_all(text.as_bytes())
        .expect("rustfmt reads its input");
    let output = child.wait_with_output().expect("rustfmt ends");
    assert!(output.status.success(), "rustfmt cannot read:\n{text}");
    String::from_utf8(output.stdout).expect("rustfmt writes UTF-8")
}

/// Docs, signatures and ready-made bodies survive; marked bodies, items, fields and variants do not.
#[test]
fn a_stub_has_the_docs_and_signatures_and_none_of_the_marked_code() {
    assert_eq!(derive(SOLUTION).expect("derivable"), STUB);
}

/// A derived stub needs no formatting.
#[test]
fn a_stub_is_as_rustfmt_would_leave_it() {
    for depth in 1..4 {
        let functions: String = (30..=94)
            .map(|length| "x".repeat(length - 4 * depth))
            .map(|text| format!("pub fn f() {{\n// stub: todo \"{text}\"\nlet x = 1;\n}}\n\n"))
            .collect();
        let modules = "pub mod m {\n".repeat(depth - 1);
        let closing = "}\n".repeat(depth - 1);
        let solution = rustfmt(&format!("//! Docs.\n\n{modules}{functions}{closing}"));
        let stub = derive(&solution).expect("derivable");
        assert_eq!(rustfmt(&stub), stub);
    }
    assert_eq!(rustfmt(STUB), STUB);
}

/// Braces whose whole content is left out close on the line that opens them.
#[test]
fn a_struct_that_loses_every_field_is_still_formatted() {
    let solution = "//! Docs.\n\nstruct A {\n    // stub: omit\n    a: u8,\n}\n\nimpl A {\n    // stub: omit\n    fn a() {}\n\n    // stub: omit\n    fn b() {}\n}\n\nfn f() {\n    // stub: todo \"t\"\n}\n";
    let stub = derive(solution).expect("derivable");
    assert!(stub.contains("struct A {}\n\nimpl A {}\n"), "{stub}");
    assert_eq!(rustfmt(&stub), stub);
}

/// The names of what the stub may not use stay out of it, comments included.
#[test]
fn nothing_of_a_removed_body_is_left() {
    let solution = body("    // stub: todo \"t\"\n    // SECRET\n    let secret = 1; /* SECRET */");
    assert!(
        !derive(&solution)
            .expect("derivable")
            .to_lowercase()
            .contains("secret")
    );
}

/// Markers are comments: what looks like one in docs or in a string is text.
#[test]
fn a_marker_in_docs_or_strings_is_text() {
    let solution = format!(
        "//! Write `// stub: omit`.\n\n/// A // stub: hint.\npub const TEXT: &str = \"\n// stub: omit\n\";\n{}",
        "fn f() {\n    // stub: todo \"t\"\n}\n"
    );
    assert!(
        derive(&solution)
            .expect("derivable")
            .contains("\"\n// stub: omit\n\"")
    );
}
