//! The rules by name.

/// The rules, by the name that reports give them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// `std::sync` and whatever else of std heddle replaces.
    StdSync,
    /// `std::thread` and a bare `thread_local!`.
    StdThread,
    /// A module or item of std that is not on the list.
    StdItem,
    /// A crate that is not on the list.
    Crate,
    /// A part of heddle that is meant for claims.
    HeddleInternals,
    /// A glob import of a module only part of which is allowed.
    Glob,
    /// A macro that is not on the list.
    Macro,
    /// A declaration inside the arguments of a macro.
    MacroArguments,
    /// A macro of one's own.
    OwnMacro,
    /// An attribute that is not on the list.
    Attribute,
    /// Conditional compilation.
    Cfg,
    /// A derive that is not on the list.
    Derive,
    /// `extern` blocks and `extern crate`.
    Extern,
    /// A module in another file.
    OtherFile,
    /// `unsafe` where the kata does not allow it.
    Unsafe,
    /// A `static mut`.
    StaticMut,
    /// A `static` outside of `heddle::thread_local!`.
    Static,
    /// What answers differently from run to run.
    Random,
    /// A name of one's own that hides a crate's.
    HiddenName,
    /// A name that cannot be followed, or a source too long to judge.
    Unreadable,
}

impl Rule {
    /// The rule's name in reports, such as `std-sync`.
    pub fn id(self) -> &'static str {
        match self {
            Rule::StdSync => "std-sync",
            Rule::StdThread => "std-thread",
            Rule::StdItem => "std-item",
            Rule::Crate => "crate",
            Rule::HeddleInternals => "heddle-internals",
            Rule::Glob => "glob",
            Rule::Macro => "macro",
            Rule::MacroArguments => "macro-arguments",
            Rule::OwnMacro => "own-macro",
            Rule::Attribute => "attribute",
            Rule::Cfg => "cfg",
            Rule::Derive => "derive",
            Rule::Extern => "extern",
            Rule::OtherFile => "other-file",
            Rule::Unsafe => "unsafe",
            Rule::StaticMut => "static-mut",
            Rule::Static => "static",
            Rule::Random => "random",
            Rule::HiddenName => "hidden-name",
            Rule::Unreadable => "unreadable",
        }
    }
}
