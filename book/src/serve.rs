//! The book on loopback, made anew when something changes that it is made from.
//!
//! A page asks over and over for the number of the build that it was made by; when another one answers,
//! it loads itself again. What asks is put into pages as they are served, and stands in none of the files.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use notify::{EventKind, RecursiveMode, Watcher};
use tiny_http::{Header, Request, Response, Server};

use crate::{BookError, binding};

/// What the book is made from, below the root of the repository.
const WATCHED: [&str; 6] = [
    "book",
    "katas",
    "solutions",
    "tests/mutants",
    "tests/counterexamples",
    "xtask/replay/src/page",
];

/// The address at which a page asks for the number of the build.
const BUILD: &str = "/.build";

/// How long nothing has to change before the book is made: an editor writes more than once.
const QUIET: Duration = Duration::from_millis(80);

/// What is served, and which build it is.
#[derive(Debug)]
struct Shelf {
    folder: PathBuf,
    build: AtomicU64,
    /// Held while pages are exchanged, so that none is asked for meanwhile.
    pages: RwLock<()>,
}

/// Serves the book until the process ends.
///
/// # Errors
///
/// When the port is taken, or the files cannot be watched.
pub fn serve(root: &Path, port: u16) -> Result<(), BookError> {
    let failed = |error: &dyn std::fmt::Display| BookError::Serve(error.to_string());
    // Loopback alone: nobody else on the network sees it.
    let server = Server::http(("127.0.0.1", port)).map_err(|error| failed(&error))?;
    let shelf = Arc::new(Shelf {
        folder: root.join("target/book/html"),
        build: AtomicU64::new(0),
        pages: RwLock::new(()),
    });
    let (send, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading a file is no change of it.
        let changed = event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_)));
        if changed {
            let _ = send.send(());
        }
    })
    .map_err(|error| failed(&error))?;
    for folder in WATCHED.map(|folder| root.join(folder)) {
        let watched = watcher.watch(&folder, RecursiveMode::Recursive);
        watched.map_err(|error| failed(&error))?;
    }
    make(root, &shelf);
    let address = server.server_addr();
    println!("http://{address}/ (Ctrl-C ends it)");
    let (builder, root) = (Arc::clone(&shelf), root.to_owned());
    std::thread::spawn(move || rebuild(&root, &builder, &changes));
    for request in server.incoming_requests() {
        // A reader who went away in the middle is no trouble of ours.
        let _ = answer(&shelf, request);
    }
    drop(watcher);
    Ok(())
}

fn rebuild(root: &Path, shelf: &Shelf, changes: &Receiver<()>) {
    while changes.recv().is_ok() {
        while changes.recv_timeout(QUIET).is_ok() {}
        make(root, shelf);
    }
}

/// Makes the book and says how it went; after an error the last book stays.
fn make(root: &Path, shelf: &Shelf) {
    let start = Instant::now();
    let pages = shelf
        .pages
        .write()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    let built = binding::build(root, &root.join("target/book"));
    drop(pages);
    match built {
        Ok(built) => {
            // ORDERING: Relaxed: the lock of the pages orders them; this only has to change.
            shelf.build.fetch_add(1, Ordering::Relaxed);
            let took = start.elapsed().as_secs_f64();
            println!("{} pages in {took:.1} s", built.pages);
        }
        Err(error) => eprintln!("error: {error}"),
    }
}

fn answer(shelf: &Shelf, request: Request) -> std::io::Result<()> {
    let path = request.url().split(['?', '#']).next().unwrap_or_default();
    // ORDERING: Relaxed: see `make`.
    let build = shelf.build.load(Ordering::Relaxed);
    if path == BUILD {
        return request.respond(Response::from_string(build.to_string()));
    }
    let pages = shelf
        .pages
        .read()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    let Some(file) = file_of(&shelf.folder, path).filter(|file| file.is_file()) else {
        let text = Response::from_string("there is no such page").with_status_code(404);
        return request.respond(text);
    };
    let kind = header("Content-Type", media_type(&file));
    let fresh = header("Cache-Control", "no-store");
    if file.extension() == Some(OsStr::new("html")) {
        let text = std::fs::read_to_string(&file)?.replace("</body>", &asking(build));
        drop(pages);
        return request.respond(
            Response::from_string(text)
                .with_header(kind)
                .with_header(fresh),
        );
    }
    let file = File::open(&file)?;
    drop(pages);
    request.respond(
        Response::from_file(file)
            .with_header(kind)
            .with_header(fresh),
    )
}

/// The file behind an address; none for one that leads out of the folder.
fn file_of(folder: &Path, path: &str) -> Option<PathBuf> {
    let name = match path.trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    let relative = Path::new(name);
    let inside = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    inside.then(|| folder.join(relative))
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).unwrap_or_else(|()| unreachable!("both are plain words"))
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(OsStr::to_str) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

/// The end of a page that asks for the number of the build.
fn asking(build: u64) -> String {
    format!(
        "<script>setInterval(async () => {{ try {{ const now = await (await fetch('{BUILD}')).text(); \
         if (now !== '{build}') location.reload(); }} catch {{ /* the server has ended */ }} }}, 400);\
         </script></body>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nothing but pages of the book is served.
    #[test]
    fn no_address_leads_out_of_the_book() {
        let folder = Path::new("html");
        for path in ["/../Cargo.toml", "//etc/passwd/..", "/a/../../b", "/./x/.."] {
            assert_eq!(file_of(folder, path), None, "{path}");
        }
        assert_eq!(file_of(folder, "/"), Some(folder.join("index.html")));
        assert_eq!(
            file_of(folder, "/css/general.css"),
            Some(folder.join("css/general.css"))
        );
    }
}
