//! `cargo xtask book`: make the book, or serve it.

use std::os::unix::process::CommandExt;
use std::process::Command;

use super::args::Request;
use super::companion::Companion;
use super::console::{Outcome, Trouble};
use super::site::Site;

/// Where the book is served when no port is asked for.
const PORT: u16 = 3005;

/// What makes the book: a package outside the workspace.
const BOOK: Companion = Companion {
    package: "heddle-book",
    manifest: "book/Cargo.toml",
    target: "target/book-build",
    building: "building what makes the book; this happens once and takes minutes …",
    without: "its chapters can be read as they are in book/chapters",
};

/// Builds what makes the book, and becomes it.
pub fn run(request: &Request) -> Outcome {
    let port = match request.words.first() {
        Some(_) if !request.has("serve") => {
            return Err(Trouble::Usage(
                "a port goes with --serve: `cargo xtask book --serve 3005`".to_owned(),
            ));
        }
        Some(word) => word
            .parse::<u16>()
            .map_err(|_| Trouble::Usage(format!("`{word}` is no port")))?,
        None => PORT,
    };
    let root = Site::discover()?.workspace.root;
    let mut book = Command::new(BOOK.built(&root)?);
    book.arg(&root);
    if request.has("serve") {
        book.args(["--serve", &port.to_string()]);
    }
    // It is this process from now on: its signals and its exit code are its own.
    Err(Trouble::Fault(format!(
        "cannot start {}: {}",
        BOOK.package,
        book.exec()
    )))
}
