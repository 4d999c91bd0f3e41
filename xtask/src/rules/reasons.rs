//! What a learner is told about what is not on the lists: why, and what to use instead.

use super::rule::Rule;

/// What is refused even below something allowed: the longest prefix counts, and so does what kata.toml allows.
pub(super) const DENIED: &[(&str, Rule, &str)] = &[
    (
        "std::cell::UnsafeCell",
        Rule::StdSync,
        "the model checker does not see it; use `heddle::cell::UnsafeCell`",
    ),
    (
        "std::cell::SyncUnsafeCell",
        Rule::StdSync,
        "the model checker does not see it; use `heddle::cell::UnsafeCell`",
    ),
    (
        "heddle::thread::until_blocked",
        Rule::HeddleInternals,
        "it is for claims, which have to know when a thread is blocked; code that needs it has a race",
    ),
    ("std::collections::HashMap", Rule::Random, RANDOM_REASON),
    ("std::collections::HashSet", Rule::Random, RANDOM_REASON),
    ("std::collections::hash_map", Rule::Random, RANDOM_REASON),
    ("std::collections::hash_set", Rule::Random, RANDOM_REASON),
    ("std::hash::RandomState", Rule::Random, RANDOM_REASON),
];

/// What is said about tables of random order.
const RANDOM_REASON: &str = "its order changes from run to run, and the model checker has to be able \
     to run a schedule again; use `BTreeMap` or `BTreeSet`";

/// Cells that need no watching as long as the compiler keeps them to one thread.
pub(super) const UNWATCHED: &[&str] = &[
    "std::cell::Cell",
    "std::cell::LazyCell",
    "std::cell::OnceCell",
    "std::cell::RefCell",
];

/// What is said about an unwatched cell in a kata with `unsafe`.
pub(super) const UNWATCHED_REASON: &str = "with `unsafe` a cell can be shared between threads, and the model \
     checker does not see this one; use `heddle::cell::UnsafeCell` or an atomic of `heddle::sync::atomic`";

/// Why a part of std is not on the list; the longest prefix counts.
pub(super) const REASONS: &[(&str, Rule, &str)] = &[
    (
        "std::sync",
        Rule::StdSync,
        "the model checker does not see it; `heddle::sync` has what a kata may stand on, and the rest is yours to build",
    ),
    (
        "std::sync::atomic",
        Rule::StdSync,
        "the model checker does not see it; use `heddle::sync::atomic`",
    ),
    (
        "std::thread",
        Rule::StdThread,
        "the model checker does not see it; use `heddle::thread`",
    ),
    (
        "std::thread_local",
        Rule::StdThread,
        "all threads of a model share one thread of the system; use `heddle::thread_local!`",
    ),
    (
        "std::hint::spin_loop",
        Rule::StdSync,
        "the model checker must see that a loop spins; use `heddle::hint::spin_loop`",
    ),
    (
        "std::time",
        Rule::StdItem,
        "the clock of a model is not the machine's; use `heddle::time`",
    ),
    (
        "std::panic",
        Rule::StdItem,
        "a caught panic would hide a failure from the checker, and the panic hook is how failures are recorded",
    ),
    (
        "std::panic::Location",
        Rule::StdItem,
        "a subject must do the same whoever calls it",
    ),
    (
        "std::process",
        Rule::StdItem,
        "a claim has to end by itself; return or panic instead",
    ),
    (
        "std::fs",
        Rule::StdItem,
        "a subject is judged by what it does in memory, so it has no files",
    ),
    (
        "std::os",
        Rule::StdItem,
        "what belongs to one system goes past the checker",
    ),
    (
        "std::env",
        Rule::StdItem,
        "a subject must do the same whatever surrounds it",
    ),
    (
        "std::net",
        Rule::StdItem,
        "a subject is judged by what it does in memory, so it has no network",
    ),
    (
        "std::io",
        Rule::StdItem,
        "this kata needs no input or output; to see a value, `println!` and `dbg!` are allowed",
    ),
    (
        "std::any",
        Rule::StdItem,
        "a subject must not ask how it was built",
    ),
    (
        "std::arch",
        Rule::StdItem,
        "the model checker cannot see through assembly and intrinsics",
    ),
    (
        "std::alloc",
        Rule::StdItem,
        "the model checker does not see raw allocation; use `heddle::boxed::Box`",
    ),
    ("std::future", Rule::StdItem, "this kata needs no executor"),
    (
        "std::task",
        Rule::StdItem,
        "a waker is shared between threads unseen by the model checker",
    ),
];

/// Why a macro is not on the list.
pub(super) const MACRO_REASONS: &[(&str, &str)] = &[
    ("include", "the one file of a kata is all there is"),
    ("include_str", "the one file of a kata is all there is"),
    ("include_bytes", "the one file of a kata is all there is"),
    (
        "env",
        "a subject must do the same whatever surrounds its build",
    ),
    (
        "option_env",
        "a subject must do the same whatever surrounds its build",
    ),
    ("cfg", "every face of heddle must run the same code"),
    ("asm", "the model checker cannot see through assembly"),
    (
        "global_asm",
        "the model checker cannot see through assembly",
    ),
    ("naked_asm", "the model checker cannot see through assembly"),
    ("compile_error", "it has nothing to do but fail"),
    (
        "thread_local",
        "all threads of a model share one thread of the system; use `heddle::thread_local!`",
    ),
];

/// Why an attribute is not on the list.
pub(super) const ATTRIBUTE_REASONS: &[(&str, Rule, &str)] = &[
    (
        "cfg",
        Rule::Cfg,
        "every face of heddle must run the same code; tests of your own go into a file under `tests/`",
    ),
    (
        "cfg_attr",
        Rule::Cfg,
        "every face of heddle must run the same code",
    ),
    (
        "test",
        Rule::Attribute,
        "the library is built without its tests; put it into a file of your own under `tests/`",
    ),
    (
        "path",
        Rule::OtherFile,
        "the one file of a kata is all that is judged",
    ),
    (
        "unsafe",
        Rule::Attribute,
        "it reaches past the crate to the linker",
    ),
    (
        "no_mangle",
        Rule::Attribute,
        "it reaches past the crate to the linker",
    ),
    (
        "export_name",
        Rule::Attribute,
        "it reaches past the crate to the linker",
    ),
    (
        "link_section",
        Rule::Attribute,
        "it reaches past the crate to the linker",
    ),
    (
        "link",
        Rule::Attribute,
        "it reaches past the crate to the linker",
    ),
    (
        "used",
        Rule::Attribute,
        "it reaches past the crate to the linker",
    ),
    (
        "feature",
        Rule::Attribute,
        "katas are written in stable Rust",
    ),
    (
        "macro_use",
        Rule::OwnMacro,
        "a macro hides from the rules what it names",
    ),
    (
        "macro_export",
        Rule::OwnMacro,
        "a macro hides from the rules what it names",
    ),
    (
        "global_allocator",
        Rule::Attribute,
        "the allocator is the checker's, which finds leaks by it",
    ),
    (
        "panic_handler",
        Rule::Attribute,
        "panics are the checker's, which records them",
    ),
    (
        "no_main",
        Rule::Attribute,
        "a kata is a library, linked with std",
    ),
    (
        "no_std",
        Rule::Attribute,
        "a kata is a library, linked with std",
    ),
    (
        "no_core",
        Rule::Attribute,
        "a kata is a library, linked with std",
    ),
    (
        "no_implicit_prelude",
        Rule::Attribute,
        "names would then mean other things than they say",
    ),
];
