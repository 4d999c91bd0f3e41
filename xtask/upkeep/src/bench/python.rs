//! The solutions beside what Python hands out ready-made, doing the same work in the same run.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use heddle_terms::catalogue::Kata;
use xtask::toolchain::Toolchain;

use super::statistics::median;
use heddle_cli::args::Request;
use heddle_cli::console::{Style, Trouble, complain, say, wrap};
use heddle_cli::site::Site;
use heddle_cli::text::seconds;

/// How many times as fast as Python a solution has to be.
const TARGET: f64 = 5.0;
/// Where the programs and scripts are, from the root of the repository.
const HOME: &str = "bench/python";

/// One piece of work, done by a program and by a script of that name.
struct Work {
    name: &'static str,
    /// Whose solution it measures.
    kata: &'static str,
    what: &'static str,
    /// Why it may stay below the target, where it may.
    excuse: Option<&'static str>,
}

const WORKS: [Work; 4] = [
    Work {
        name: "queue",
        kata: "kata-12-queue",
        what: "200,000 items through a queue of 1,024",
        excuse: None,
    },
    Work {
        name: "pool",
        kata: "kata-15-thread-pool",
        what: "50,000 numbers mapped by a pool of 4",
        excuse: None,
    },
    Work {
        name: "value",
        kata: "kata-20-shared-value",
        what: "100,000 locked additions by 4 processes",
        excuse: None,
    },
    Work {
        name: "pipe",
        kata: "kata-18-pipe",
        what: "20,000 round trips of a message to a child",
        excuse: Some(
            "a round trip is two changes from one process to the other, which the kernel makes \
             and both pay; bare reads and writes of the same bytes take as long as the solution",
        ),
    },
];

/// Does the works of the katas that were asked for in turns, so many times, and prints how the
/// medians compare.
pub fn run(request: &Request, rounds: usize) -> Result<(), Trouble> {
    let site = Site::discover()?;
    let katas = site.katas(request, 1)?;
    let works = works_of(&katas)?;
    let Some(python) = version_of_python() else {
        return say("skipped: there is no CPython here (`python3` does not run)\n");
    };
    let root = site.workspace.root;
    let home = root.join(HOME);
    let (works, absent): (Vec<&Work>, Vec<&Work>) = works
        .into_iter()
        .partition(|work| root.join("solutions").join(work.kata).is_dir());
    for work in absent {
        complain(&format!(
            "{}: there is no solution of {}",
            work.name, work.kata
        ));
    }
    let programs = build(&root, &home, &works)?;
    complain(&format!("{rounds} rounds, Rust and {python} in turns"));
    let mut text = format!("{:<44} {:>9} {:>9} {:>8}\n", "", "Rust", "Python", "ratio");
    let mut excuses = String::new();
    for work in works {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let script = home.join("scripts").join(format!("{}.py", work.name));
        for _ in 0..rounds {
            ours.push(time(programs.join(work.name).as_os_str(), &[])?);
            // Isolated: a script named for what it measures is no module that another imports.
            let arguments = [OsStr::new("-I"), script.as_os_str()];
            theirs.push(time(OsStr::new("python3"), &arguments)?);
        }
        let (ours, theirs) = (median(&ours), median(&theirs));
        let ratio = theirs.as_secs_f64() / ours.as_secs_f64().max(f64::MIN_POSITIVE);
        text += &line(work, ours, theirs, ratio);
        if let Some(excuse) = work.excuse.filter(|_| ratio < TARGET) {
            let excuse = format!("{}: {excuse}", work.name);
            excuses += &wrap(&excuse, "  ", Style::of_stdout().width);
        }
    }
    say(&format!(
        "{text}\n{python}, medians of {rounds}; the target is {TARGET:.0}×\n{excuses}"
    ))
}

/// What is measured of these katas.
///
/// # Errors
///
/// When nothing is.
fn works_of(katas: &[Kata]) -> Result<Vec<&'static Work>, Trouble> {
    let theirs = |work: &&Work| katas.iter().any(|kata| kata.id == work.kata);
    let works: Vec<&Work> = WORKS.iter().filter(theirs).collect();
    if works.is_empty() {
        let known: Vec<&str> = WORKS.iter().map(|work| work.kata).collect();
        return Err(Trouble::Usage(format!(
            "nothing of that kata is measured beside Python: name one of {}, or none for all",
            known.join(", ")
        )));
    }
    Ok(works)
}

fn line(work: &Work, ours: Duration, theirs: Duration, ratio: f64) -> String {
    let sign = match work.excuse {
        _ if ratio >= TARGET => "✓",
        Some(_) => "•",
        None => "✗",
    };
    let (ours, theirs) = (seconds(ours), seconds(theirs));
    format!(
        "{sign} {:<42} {ours:>9} {theirs:>9} {ratio:>7.1}×\n",
        work.what
    )
}

/// The name and version of the Python that `python3` is; `None` unless it is CPython.
pub fn version_of_python() -> Option<String> {
    let ask = "import platform as p; print(p.python_implementation(), p.python_version())";
    let output = Command::new("python3")
        .args(["-c", ask])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let said = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && said.starts_with("CPython ")).then_some(said)
}

/// Builds the programs, and returns their folder.
fn build(root: &Path, home: &Path, works: &[&Work]) -> Result<std::path::PathBuf, Trouble> {
    let target = root.join("target/bench-python");
    let toolchain = Toolchain::find(root).map_err(Trouble::fault)?;
    let mut command = toolchain.cargo(home);
    command
        .args(["build", "--release", "--locked", "--target-dir"])
        .arg(&target)
        .args(works.iter().flat_map(|work| ["--bin", work.name]))
        .stdin(Stdio::null());
    output_of(&mut command)?;
    Ok(target.join("release"))
}

/// How long a program's work took, as it says itself: the start of an interpreter is no work.
///
/// # Errors
///
/// When it fails, or prints no number.
pub fn time(program: &OsStr, arguments: &[&OsStr]) -> Result<Duration, Trouble> {
    let said = output_of(Command::new(program).args(arguments).stdin(Stdio::null()))?;
    let nanoseconds = said.trim().parse().map_err(|_| {
        let program = Path::new(program).display();
        Trouble::Fault(format!(
            "{program} printed no number of nanoseconds: {said}"
        ))
    })?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// What a program prints.
///
/// # Errors
///
/// When it cannot be started, or fails.
pub fn output_of(command: &mut Command) -> Result<String, Trouble> {
    let output = command.output();
    let output = output.map_err(|error| Trouble::Fault(format!("{command:?}: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Trouble::Fault(format!("{command:?}: {}", said.trim())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_below_the_target_is_marked_unless_it_has_an_excuse() {
        let (ours, theirs) = (Duration::from_secs(1), Duration::from_secs(2));
        let [_, _, value, pipe] = &WORKS;
        assert!(line(value, ours, theirs, 2.0).starts_with('✗'));
        assert!(line(pipe, ours, theirs, 2.0).starts_with('•'));
        assert!(line(value, ours, theirs, 5.0).starts_with('✓'));
    }

    #[test]
    fn every_work_has_its_program_and_its_script() {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(HOME);
        for work in &WORKS {
            assert!(home.join(format!("src/{}.rs", work.name)).is_file());
            assert!(home.join(format!("scripts/{}.py", work.name)).is_file());
        }
    }
}
