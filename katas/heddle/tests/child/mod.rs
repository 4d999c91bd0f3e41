//! A claim of the running test binary, in a process of its own as the grader would start it.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::{env, io};

use serde_json::Value;

/// The test that each file using this module has: it runs the claim that the parent names.
const ENTRY: &str = "the_claim_of_a_child";

/// Where the parent puts the name of the claim; not `HEDDLE_…`, which a runner takes away.
const CLAIM: &str = "CLAIM_OF_A_CHILD";

/// The number under which the child finds its record.
const RECORD_FD: &str = "7";

/// What the parent makes up as a nonce.
pub const NONCE: &str = "00c0ffee";

/// A claim and its name.
pub type Claim = (&'static str, fn());

/// Runs the claim that this process was started for; nothing when it was not started for one.
pub fn dispatch(claims: &[Claim]) {
    let Ok(wanted) = env::var(CLAIM) else { return };
    let (_, claim) = claims
        .iter()
        .find(|(name, _)| *name == wanted)
        .unwrap_or_else(|| panic!("no claim is called {wanted}"));
    claim();
}

/// A child process to be.
pub struct Child {
    claim: &'static str,
    variables: Vec<(String, String)>,
    folder: Option<PathBuf>,
    is_heard: bool,
}

/// A child process that has ended.
pub struct Ended {
    pub records: Vec<Value>,
    pub status: ExitStatus,
    pub stderr: String,
}

impl Child {
    /// A claim that nobody grades, as under plain `cargo test`.
    pub fn ungraded(claim: &'static str) -> Self {
        Child {
            claim,
            variables: Vec::new(),
            folder: None,
            is_heard: true,
        }
    }

    /// A claim with a nonce, a record and a deadline that no sound claim reaches.
    pub fn graded(claim: &'static str) -> Self {
        Child::ungraded(claim)
            .with("HEDDLE_NONCE", NONCE)
            .with("HEDDLE_RECORD_FD", RECORD_FD)
            .with("HEDDLE_DEADLINE_MS", "120000")
    }

    /// Sets a variable, or replaces it.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts the child in another folder.
    #[allow(dead_code, reason = "each test file uses its part of this module")]
    pub fn inside(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Starts the child with an error stream that nobody reads.
    #[allow(dead_code, reason = "each test file uses its part of this module")]
    pub fn unheard(mut self) -> Self {
        self.is_heard = false;
        self
    }

    /// Runs the child to its end.
    pub fn run(self) -> Ended {
        let (mut record, record_writer) = io::pipe().expect("a pipe can be made");
        let program = env::current_exe().expect("the test binary has a path");
        // The shell moves the pipe from the standard input, which std can hand over, to a
        // number of its own.
        let script = format!("exec {RECORD_FD}<&0 0</dev/null; exec \"$@\"");
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", &script, "sh"])
            .arg(program)
            .args(["--exact", ENTRY, "--nocapture", "--test-threads=1"])
            .env_clear()
            .env(CLAIM, self.claim)
            .envs(self.variables)
            .stdin(Stdio::from(record_writer))
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        if !self.is_heard {
            let (reader, writer) = io::pipe().expect("a pipe can be made");
            drop(reader);
            command.stderr(writer);
        }
        if let Some(folder) = self.folder {
            command.current_dir(folder);
        }
        let child = command.spawn().expect("/bin/sh can be started");
        // The command still holds an end of the pipe, which would never read as closed.
        drop(command);
        // A long record would fill the pipe and never end: it is read while the child runs.
        let reader = std::thread::spawn(move || {
            let mut lines = String::new();
            record.read_to_string(&mut lines).map(|_| lines)
        });
        let output = child
            .wait_with_output()
            .expect("the child can be waited for");
        let lines = reader.join().expect("the record is read");
        let lines = lines.expect("the record is text");
        Ended {
            records: lines.lines().map(parsed).collect(),
            status: output.status,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

#[allow(dead_code, reason = "each test file uses its part of this module")]
impl Ended {
    /// The names of the events, in order, but for a failure that is told better afterwards.
    pub fn events(&self) -> Vec<&str> {
        let last = self.records.len().saturating_sub(1);
        let is_revised = |at: usize| at < last && self.records[at]["provisional"] == true;
        (0..self.records.len())
            .filter(|at| !is_revised(*at))
            .map(|at| &self.records[at])
            .map(|record| record["event"].as_str().expect("an event has a name"))
            .collect()
    }

    /// The last record, which is the end of the claim.
    pub fn end(&self) -> &Value {
        self.records.last().unwrap_or(&Value::Null)
    }

    /// A field of the last record, as text.
    #[track_caller]
    pub fn text(&self, field: &str) -> &str {
        match self.end()[field].as_str() {
            Some(text) => text,
            None => panic!("no text `{field}` in {}", self.end()),
        }
    }

    /// Asserts that the claim has failed, both in its record and to the harness.
    #[track_caller]
    pub fn assert_failed(&self, kind: &str) {
        assert_eq!(self.events(), ["started", "failed"], "{}", self.stderr);
        assert_eq!(self.text("kind"), kind, "{}", self.end());
        assert_eq!(self.status.code(), Some(101), "{}", self.stderr);
    }

    /// Asserts that the claim has passed, both in its record and to the harness.
    #[track_caller]
    pub fn assert_passed(&self) {
        assert_eq!(self.events(), ["started", "passed"], "{}", self.stderr);
        assert_eq!(self.status.code(), Some(0), "{}", self.stderr);
    }
}

/// A folder that is empty at first and gone at the end.
#[allow(dead_code, reason = "each test file uses its part of this module")]
pub struct Folder(pub PathBuf);

#[allow(dead_code, reason = "each test file uses its part of this module")]
impl Folder {
    pub fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("heddle-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder can be made");
        Folder(path)
    }

    /// Writes a file and returns its path as text.
    pub fn file(&self, name: &str, text: &str) -> String {
        use std::io::Write as _;
        let path = self.0.join(name);
        let mut file = File::create(&path).expect("a file can be made");
        file.write_all(text.as_bytes())
            .expect("a file can be written");
        path.into_os_string()
            .into_string()
            .expect("the path is text")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn parsed(line: &str) -> Value {
    let record: Value = serde_json::from_str(line).expect("each line of a record is JSON");
    assert_eq!(record["nonce"], NONCE, "{line}");
    record
}
