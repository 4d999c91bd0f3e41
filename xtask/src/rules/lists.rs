//! What every kata allows.

/// The crates that every source sees.
pub(super) const KNOWN_CRATES: &[&str] = &["std", "core", "alloc", "heddle", "proc_macro", "test"];

/// The parts of std that every kata allows, with all that is inside them.
pub(super) const STD: &[&str] = &[
    "any::Any",
    "any::TypeId",
    "array",
    "ascii",
    "bool",
    "borrow",
    "boxed",
    "cell",
    "char",
    "clone",
    "cmp",
    "collections",
    "convert",
    "default",
    "error",
    "f32",
    "f64",
    "fmt",
    "future",
    "hash",
    "hint::assert_unchecked",
    "hint::black_box",
    "hint::unreachable_unchecked",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "iter",
    "marker",
    "mem",
    "num",
    "ops",
    "option",
    "panic::AssertUnwindSafe",
    "panic::RefUnwindSafe",
    "panic::UnwindSafe",
    "pin",
    "primitive",
    "ptr",
    "rc",
    "result",
    "slice",
    "str",
    "string",
    "time::Duration",
    "time::TryFromFloatSecsError",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
    "vec",
];

/// The parts of heddle that are made for subjects; the rest is for claims.
pub(super) const HEDDLE: &[&str] = &[
    "boxed",
    "cell",
    "hint",
    "sync",
    "thread",
    "thread_local",
    "time",
];

/// Macros of std that every kata allows.
pub(super) const MACROS: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "column",
    "concat",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "eprint",
    "eprintln",
    "file",
    "format",
    "format_args",
    "line",
    "matches",
    "panic",
    "print",
    "println",
    "stringify",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
];

/// Attributes that every kata allows; those of the tools come on top.
pub(super) const ATTRIBUTES: &[&str] = &[
    "allow",
    "cold",
    "default",
    "deny",
    "deprecated",
    "derive",
    "doc",
    "expect",
    "forbid",
    "inline",
    "must_use",
    "non_exhaustive",
    "repr",
    "track_caller",
    "warn",
];

/// Whose attributes change nothing about what is built.
pub(super) const TOOLS: &[&str] = &["clippy", "diagnostic", "rustdoc", "rustfmt"];

/// Derives that every kata allows.
pub(super) const DERIVES: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
];
