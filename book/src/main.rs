//! What `cargo xtask book` runs: `heddle-book ROOT [--serve PORT]`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use heddle_book::{BookError, binding, serve};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [root] => build(Path::new(root)),
        [root, "--serve", port] => match port.parse() {
            Ok(port) => serve::serve(Path::new(root), port),
            Err(_) => return usage(),
        },
        _ => return usage(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("error: this is what `cargo xtask book` runs; run that");
    ExitCode::from(2)
}

fn build(root: &Path) -> Result<(), BookError> {
    let start = Instant::now();
    let built = binding::build(root, &root.join("target/book"))?;
    println!(
        "{} pages in {:.1} s: {}/index.html",
        built.pages,
        start.elapsed().as_secs_f64(),
        built.folder.display()
    );
    Ok(())
}
