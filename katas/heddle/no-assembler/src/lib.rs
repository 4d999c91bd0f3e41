//! The part of `cc` that the build script of `generator` names.
//!
//! generator switches the stacks of loom's threads, and assembles a file for it on one processor
//! alone, 64-bit PowerPC. On every other one the whole of cc would be compiled for nothing, before
//! loom can be.

use std::path::Path;

/// What would compile a file.
#[derive(Debug, Default)]
pub struct Build(());

impl Build {
    /// Begins to describe a build.
    pub fn new() -> Build {
        Build::default()
    }

    /// Takes a file and forgets it.
    pub fn file(&mut self, _file: impl AsRef<Path>) -> &mut Build {
        self
    }

    /// Refuses.
    ///
    /// # Panics
    ///
    /// Always: whoever comes here needs cc itself.
    pub fn compile(&self, _library: &str) {
        panic!(
            "this processor needs the crate cc: take `cc` out of [patch.crates-io] in Cargo.toml"
        );
    }
}
