//! What the tests of the book share: the book, made once for each test program.

#![allow(dead_code, reason = "each of the test programs uses some of these")]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use heddle_book::binding;
use heddle_book::library::Library;

/// The root of the repository.
pub fn root() -> &'static Path {
    let book = Path::new(env!("CARGO_MANIFEST_DIR"));
    book.parent().expect("the book lies in the repository")
}

/// What the book is made from.
pub fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| Library::open(root()).unwrap_or_else(|error| panic!("{error}")))
}

/// The folder of the pages.
pub fn html() -> &'static Path {
    static HTML: OnceLock<PathBuf> = OnceLock::new();
    HTML.get_or_init(|| {
        // Each test program has a folder of its own: they may run side by side.
        let program = std::env::current_exe().expect("a program knows its name");
        let name = program.file_stem().expect("it has a name");
        let home = root().join("target/book/tests").join(name);
        let built = binding::build(root(), &home).unwrap_or_else(|error| panic!("{error}"));
        built.folder
    })
}

/// The names of all pages, such as `glossary.html`, in order.
pub fn pages() -> Vec<String> {
    let entries = std::fs::read_dir(html()).expect("the pages can be listed");
    let names = entries.map(|entry| entry.expect("the pages can be listed").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    // Seen without scripts only, inside another page.
    let is_page = |name: &String| name.ends_with(".html") && name != "toc.html";
    let mut names: Vec<String> = names.filter(is_page).collect();
    names.sort();
    names
}

/// The text of a page.
pub fn page(name: &str) -> String {
    let file = html().join(name);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The values of an attribute in a page, as a browser reads them.
pub fn values(html: &str, attribute: &str) -> Vec<String> {
    let start = format!(" {attribute}=\"");
    let pieces = html.split(&start).skip(1);
    let value = |piece: &str| {
        let value = piece.split('"').next().unwrap_or_default();
        value.replace("&amp;", "&").replace("&#x27;", "'")
    };
    pieces.map(value).collect()
}
