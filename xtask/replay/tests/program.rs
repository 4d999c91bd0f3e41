//! The program itself, in a terminal that `script` lends it, and without one.

mod samples;

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use heddle_replay::{Detail, Timeline};

/// A program that says nothing for so long hangs.
const WATCHDOG: Duration = Duration::from_secs(60);

const LEAVE_ALTERNATE_SCREEN: &str = "\x1b[?1049l";
const SHOW_CURSOR: &str = "\x1b[?25h";

/// A repository in which one kata was checked, which is gone with this value.
struct Repository(PathBuf);

impl Repository {
    fn new(name: &str) -> Repository {
        let folder = format!("heddle-replay-program-{name}-{}", std::process::id());
        let root = std::env::temp_dir().join(folder);
        let kata = root.join("katas/kata-12-queue");
        write(
            &kata.join("src/lib.rs"),
            include_str!("samples/queue.rs.txt"),
        );
        write(
            &kata.join("tests/model.rs"),
            include_str!("samples/model.rs.txt"),
        );
        let report = samples::report(samples::STOLEN);
        let json = serde_json::to_string(&report).expect("a report is JSON");
        write(&root.join("target/heddle/last/kata-12-queue.json"), &json);
        Repository(root)
    }

    fn program(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_heddle-replay"));
        command.arg(&self.0).arg("kata-12-queue").args(words);
        command
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().expect("a file has a folder")).expect("a folder");
    fs::write(file, text).expect("a file");
}

/// The program in a terminal of 80 columns and 24 rows.
struct Shown {
    child: Child,
    keys: ChildStdin,
    bytes: Receiver<Vec<u8>>,
    seen: String,
}

impl Shown {
    fn start(repository: &Repository) -> Option<Shown> {
        let program = env!("CARGO_BIN_EXE_heddle-replay");
        let root = repository.0.display();
        let script = format!("stty cols 80 rows 24; exec '{program}' '{root}' kata-12-queue");
        let started = Command::new("script")
            .args(["-qec", &script, "/dev/null"])
            .env("TERM", "xterm")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut child) = started else {
            // Not by a macro: what those print in a test that passes is never seen.
            let skipped = "\nskipped: there is no `script` here that lends a terminal\n";
            let _ = std::io::stderr().write_all(skipped.as_bytes());
            return None;
        };
        let keys = child.stdin.take().expect("asked for");
        let mut out = child.stdout.take().expect("asked for");
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(length @ 1..) = out.read(&mut chunk) {
                if sender.send(chunk[..length].to_vec()).is_err() {
                    return;
                }
            }
        });
        Some(Shown {
            child,
            keys,
            bytes,
            seen: String::new(),
        })
    }

    fn press(&mut self, keys: &str) {
        self.keys
            .write_all(keys.as_bytes())
            .expect("the program reads its keys");
        self.keys.flush().expect("the program reads its keys");
    }

    /// Waits until the program has shown that, counted from what was waited for before.
    #[track_caller]
    fn wait_for(&mut self, text: &str) {
        loop {
            if let Some(at) = self.seen.find(text) {
                self.seen.drain(..at + text.len());
                return;
            }
            let chunk = self.bytes.recv_timeout(WATCHDOG);
            let chunk = chunk.unwrap_or_else(|_| panic!("{text:?} was never shown: {}", self.seen));
            self.seen += &String::from_utf8_lossy(&chunk);
        }
    }

    /// The exit code, after all that was still to be shown.
    fn end(mut self) -> Option<i32> {
        self.wait_for(SHOW_CURSOR);
        self.wait_for(LEAVE_ALTERNATE_SCREEN);
        drop(self.keys);
        self.child.wait().expect("the program ends").code()
    }
}

/// Keys lead to the failure and back out, and the terminal is given back.
#[test]
fn keys_lead_through_the_schedule() {
    let repository = Repository::new("keys");
    let Some(mut shown) = Shown::start(&repository) else {
        return;
    };
    let record = samples::read(samples::STOLEN);
    let timeline = Timeline::of(&record, Detail::Rows);
    let end = timeline.end();
    shown.wait_for(&format!(" 0 of {end}"));
    shown.press("\x1b[C");
    shown.wait_for(&format!(" 1 of {end}"));
    shown.press("n");
    let switch = timeline.next_switch(1);
    shown.wait_for(&format!(" {switch} of {end}"));
    shown.press("\x1b[D");
    shown.wait_for(&format!(" {} of {end}", switch - 1));
    shown.press("\x1b[F");
    shown.wait_for(&format!(" {end} of {end}"));
    shown.wait_for("✗ failure");
    shown.press("q");
    assert_eq!(shown.end(), Some(0));
}

/// Ctrl-C leaves like any other way out.
#[test]
fn ctrl_c_gives_the_terminal_back() {
    let repository = Repository::new("ctrl-c");
    let Some(mut shown) = Shown::start(&repository) else {
        return;
    };
    shown.wait_for(" 0 of ");
    shown.press("\x03");
    assert_eq!(shown.end(), Some(0));
}

/// Without a terminal the error names what works there.
#[test]
fn without_a_terminal_a_page_is_offered() {
    let repository = Repository::new("pipe");
    let run = repository.program(&[]).stdin(Stdio::null()).output();
    let run = run.expect("the program starts");
    assert_eq!(run.status.code(), Some(2));
    assert!(run.stdout.is_empty());
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(told.contains("--html FILE"), "{told}");
}

/// The page is written whole, in the place of an older one.
#[test]
fn a_page_is_written() {
    let repository = Repository::new("page");
    let file = repository.0.join("schedule.html");
    write(&file, "old");
    let name = file.to_str().expect("a path of text");
    let run = repository
        .program(&["--html", name, "--claim", "stolen"])
        .output();
    let run = run.expect("the program starts");
    assert_eq!(
        run.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let page = fs::read_to_string(&file).expect("the page");
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    let leftovers = fs::read_dir(&repository.0).expect("a folder").flatten();
    let leftovers = leftovers.filter(|it| it.file_name().to_string_lossy().starts_with(".replay"));
    assert_eq!(leftovers.count(), 0);
}
