//! What can be wrong with a solution's markers, or with the file that a stub would replace.

use heddle_terms::files::FileError;

/// Why a solution has no stub; each says the line and what to change there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StubError {
    /// The solution is not Rust.
    #[error("line {line}: the solution does not parse: {message}")]
    Unparsable {
        /// Where reading stopped.
        line: usize,
        /// What was expected there.
        message: String,
    },
    /// A marker that says something else than the three there are.
    #[error(
        "line {line}: `{found}` is no marker; there are `// stub: todo \"…\"`, `// stub: omit` and `// stub: insert CODE`"
    )]
    UnknownMarker {
        /// Where.
        line: usize,
        /// What stands there.
        found: String,
    },
    /// A marker behind code.
    #[error(
        "line {line}: a marker needs a line of its own; move this one above the code it stands beside"
    )]
    BesideCode {
        /// Where.
        line: usize,
    },
    /// A `todo` that no body begins with.
    #[error("line {line}: `// stub: todo` belongs directly after the `{{` of a function's body")]
    TodoOutsideBody {
        /// Where.
        line: usize,
    },
    /// A `todo` in a function whose return type a `todo!` cannot have.
    #[error(
        "line {line}: a `todo!` cannot stand for `impl Trait`; name the type that `{function}` returns"
    )]
    OpaqueReturn {
        /// Where.
        line: usize,
        /// The function.
        function: String,
    },
    /// A `todo` whose text does not fit on a line.
    #[error(
        "line {line}: this text makes the `todo!` longer than a line; shorten it by {excess} characters"
    )]
    TooLong {
        /// Where.
        line: usize,
        /// By how much.
        excess: usize,
    },
    /// An `omit` above something that cannot be left out.
    #[error(
        "line {line}: `// stub: omit` belongs directly above an item, field, variant, method, statement or `use`, before its docs and attributes"
    )]
    NothingToOmit {
        /// Where.
        line: usize,
    },
    /// Something to leave out that shares its last line with something that stays.
    #[error(
        "line {line}: what is left out ends on a line that goes on; put the rest on a line of its own"
    )]
    SharedLine {
        /// Where.
        line: usize,
    },
    /// A marker inside something that another marker takes away.
    #[error(
        "line {line}: this marker stands inside what the one in line {outer} takes away; remove one of them"
    )]
    Nested {
        /// Where.
        line: usize,
        /// The marker around it.
        outer: usize,
    },
    /// A solution without any `todo`.
    #[error(
        "no body is left to the learner; begin at least one with `// stub: todo \"what to do\"`"
    )]
    NothingToDo,
    /// The markers leave a text that is not Rust.
    #[error(
        "the stub does not parse at its line {line}: {message}; it reads `{text}`, so look at the markers around that in the solution"
    )]
    Broken {
        /// The line of the stub.
        line: usize,
        /// What was expected there.
        message: String,
        /// The text of that line.
        text: String,
    },
}

/// Why a stub was not written, or is not the one that should be there.
#[derive(Debug, thiserror::Error)]
pub enum ShipError {
    /// The solution has no stub.
    #[error("{solution}: {source}")]
    Underivable {
        /// The solution.
        solution: String,
        /// What is wrong with it.
        source: StubError,
    },
    /// A file could not be read or written; then it is as it was.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is no stub.
    #[error("{path} is missing; `cargo xtask stub {kata} --write` writes it")]
    Missing {
        /// The stub's file.
        path: String,
        /// The kata.
        kata: String,
    },
    /// The shipped stub is another one than the solution's.
    #[error(
        "{path} is not the stub of its solution; the first difference is in line {line}. `cargo xtask stub {kata} --write` writes it anew"
    )]
    Stale {
        /// The shipped stub.
        path: String,
        /// Where it begins to differ.
        line: usize,
        /// The kata.
        kata: String,
    },
    /// The file holds somebody's work.
    #[error(
        "{path} is not a stub that was written from here, so somebody may have worked on it. `cargo xtask reset {kata}` keeps a copy of it and puts the stub in its place"
    )]
    Worked {
        /// The file.
        path: String,
        /// The kata.
        kata: String,
    },
}
