//! From a fresh clone to the first verdict.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::edit::{Check, check, parts};
use super::processor::used_by_children;
use super::statistics::{against, median, share, spread};
use heddle_cli::args::Request;
use heddle_cli::console::{Trouble, complain, say};
use heddle_cli::site::Site;
use heddle_cli::text::kata_title;

/// What it must not exceed.
const TARGET: Duration = Duration::from_secs(35);

/// The steps from nothing to a verdict.
struct Steps {
    clone: Duration,
    program: Duration,
    check: Check,
}

/// Clones the last commit into target/, and checks a solution there from nothing.
pub fn run(request: &Request, rounds: usize) -> Result<(), Trouble> {
    let site = Site::discover()?;
    let name = request.words.get(1).map_or("kata-05", String::as_str);
    let kata = site.catalogue.find(name).map_err(Trouble::fault)?;
    let root = &site.workspace.root;
    complain("measures the last commit: changes that are not committed are not in a clone");
    let mut all = Vec::new();
    for _ in 0..rounds {
        let folder = root.join("target/bench/clone");
        clear(&folder)?;
        let steps = from_nothing(root, &folder, &format!("{:02}", kata.number));
        clear(&folder)?;
        all.push(steps?);
    }
    let wholes: Vec<Duration> = all.iter().map(|steps| steps.whole()).collect();
    let whole = median(&wholes);
    let of = |part: &dyn Fn(&Steps) -> Duration| {
        let parts: Vec<Duration> = all.iter().map(part).collect();
        median(&parts)
    };
    let mut text = format!(
        "{}: from a fresh clone to the first verdict: {}\n  {}\n",
        kata_title(&kata.id),
        spread(&wholes),
        against(whole, TARGET)
    );
    text += &share("git clone", of(&|steps| steps.clone), whole);
    text += &share("compiling xtask", of(&|steps| steps.program), whole);
    let checks: Vec<Check> = all.into_iter().map(|steps| steps.check).collect();
    text += &parts(&checks, whole);
    say(&text)
}

impl Steps {
    fn whole(&self) -> Duration {
        self.clone + self.program + self.check.wall
    }
}

fn from_nothing(root: &Path, folder: &Path, number: &str) -> Result<Steps, Trouble> {
    let before = used_by_children();
    let clone = timed(
        Command::new("git")
            .args(["clone", "--quiet", "--no-hardlinks"])
            .arg(root)
            .arg(folder),
    )?;
    let program = timed(
        Command::new("cargo")
            .args(["build", "--quiet", "--package", "heddle-cli"])
            .current_dir(folder)
            .env_remove("CARGO")
            .env_remove("CARGO_TARGET_DIR")
            .env("CARGO_NET_OFFLINE", "true"),
    )?;
    let mut check = check(folder, &["check", number, "--solution", "--json"])?;
    // That of all three steps.
    check.processor = used_by_children()
        .zip(before)
        .map(|(after, before)| after.saturating_sub(before));
    Ok(Steps {
        clone,
        program,
        check,
    })
}

fn timed(command: &mut Command) -> Result<Duration, Trouble> {
    let start = Instant::now();
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| Trouble::Fault(format!("{command:?}: {error}")))?;
    if output.status.success() {
        return Ok(start.elapsed());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Trouble::Fault(format!("{command:?}: {}", said.trim())))
}

fn clear(folder: &Path) -> Result<(), Trouble> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Trouble::Fault(format!(
            "cannot remove {}: {error}; remove it by hand",
            folder.display()
        ))),
        _ => Ok(()),
    }
}
