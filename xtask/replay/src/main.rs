//! `cargo xtask replay` is this program, built when it is first asked for.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use heddle_replay::{Replay, page, terminal};
use lexopt::Arg;

/// What it is asked for: which schedule, and where it is to be shown.
#[derive(Debug, Default)]
struct Request {
    root: PathBuf,
    kata: String,
    claim: Option<String>,
    html: Option<PathBuf>,
}

fn main() -> ExitCode {
    let shown = request(std::env::args_os().skip(1)).and_then(|request| show(&request));
    match shown {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

/// `ROOT KATA [--claim NAME] [--html FILE]`, as `cargo xtask replay` puts it together.
fn request(words: impl IntoIterator<Item = OsString>) -> Result<Request, String> {
    let mut parser = lexopt::Parser::from_args(words);
    let mut request = Request::default();
    let mut plain = Vec::new();
    while let Some(arg) = parser.next().map_err(|error| error.to_string())? {
        match arg {
            Arg::Long("claim") => {
                let name = parser.value().map_err(|error| error.to_string())?;
                request.claim = Some(name.to_string_lossy().into_owned());
            }
            Arg::Long("html") => {
                let file = parser.value().map_err(|error| error.to_string())?;
                request.html = Some(PathBuf::from(file));
            }
            Arg::Value(word) => plain.push(word),
            other => return Err(other.unexpected().to_string()),
        }
    }
    let Ok([root, kata]) = <[OsString; 2]>::try_from(plain) else {
        return Err("this is what `cargo xtask replay` runs; run that".to_owned());
    };
    request.root = PathBuf::from(root);
    request.kata = kata.to_string_lossy().into_owned();
    Ok(request)
}

fn show(request: &Request) -> Result<(), String> {
    let claim = request.claim.as_deref();
    let replay = Replay::last(&request.root, &request.kata, claim).map_err(|e| e.to_string())?;
    match &request.html {
        Some(file) => {
            write(file, &page::document(&replay))?;
            println!("{} · {}", replay.title(), replay.claim_name());
            println!("written to {}; open it in a browser", file.display());
            Ok(())
        }
        None => terminal::run(&replay).map_err(|error| error.to_string()),
    }
}

/// Writes a file whole or not at all.
fn write(file: &Path, text: &str) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", file.display());
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let fresh = folder.join(format!(".replay-{}.html", std::process::id()));
    std::fs::write(&fresh, text).map_err(failed)?;
    std::fs::rename(&fresh, file).map_err(|error| {
        // Half a page is of no use to anybody.
        let _ = std::fs::remove_file(&fresh);
        failed(error)
    })
}
