//! Segments of shared memory that a killed creator has left behind.
//!
//! A segment's name says who created it: `heddle-value-PID-STARTED-…`, the process and the lower
//! 32 bits of its start in clock ticks. Nothing but such names is looked at, and nothing is removed
//! whose creator may still live.

use std::io::ErrorKind;
use std::path::Path;

use super::super::console::count;
use super::Finding;

/// What the name of every segment of Heddle begins with.
const PREFIX: &str = "heddle-value-";

/// Removes what was left behind in the memory of this machine.
pub fn look() -> Vec<Finding> {
    look_into(Path::new("/dev/shm"), Path::new("/proc"))
}

fn look_into(memory: &Path, processes: &Path) -> Vec<Finding> {
    // Where processes cannot be seen at all, each of them looks as if it were gone.
    let sighted = processes.join("self/stat").is_file();
    let entries = std::fs::read_dir(memory).into_iter().flatten().flatten();
    let mut left: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| sighted && creator(name).is_some_and(|it| it.is_gone(processes)))
        .collect();
    left.sort();
    let mut removed = 0_u64;
    let mut findings = Vec::new();
    for name in left {
        let path = memory.join(&name);
        match std::fs::remove_file(&path) {
            Ok(()) => removed += 1,
            // Somebody else was faster.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => findings.push(Finding::notice(
                format!("the shared memory {name} was left behind and cannot be removed: {error}"),
                format!("remove it as its owner: `rm {}`", path.display()),
            )),
        }
    }
    if removed > 0 {
        // A single wrong subject may leave thousands.
        let what = count(removed, "segment");
        findings.push(Finding::fine(format!(
            "removed {what} of shared memory that killed creators had left behind"
        )));
    }
    findings
}

/// Who created a segment.
#[derive(Debug, PartialEq, Eq)]
struct Creator {
    process: u32,
    started: u32,
}

/// The creator that a name tells; `None` when it is no name of Heddle's.
fn creator(name: &str) -> Option<Creator> {
    let mut parts = name.strip_prefix(PREFIX)?.splitn(3, '-');
    let mut number = || {
        let part = parts.next()?;
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok())?
    };
    let (process, started) = (number()?, number()?);
    // What makes it the only one of its creator.
    parts.next().filter(|rest| !rest.is_empty())?;
    Some(Creator { process, started })
}

impl Creator {
    /// Whether that very process runs no more; in doubt it does.
    fn is_gone(&self, processes: &Path) -> bool {
        let stat = processes.join(self.process.to_string()).join("stat");
        match std::fs::read_to_string(stat) {
            Ok(line) => state_and_start(&line).is_some_and(|(state, started)| {
                started as u32 != self.started || matches!(state, 'Z' | 'X')
            }),
            Err(error) => error.kind() == ErrorKind::NotFound,
        }
    }
}

/// The fields 3 and 22 of a line such as `71 (a name) S 1 …`; the name may hold brackets.
fn state_and_start(line: &str) -> Option<(char, u64)> {
    let mut fields = line.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.chars().next()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::PathBuf;
    use std::process::{Child, Command, Stdio};

    use super::super::Weight;
    use super::*;

    /// A folder in place of the machine's memory; it goes with the test.
    struct Memory(PathBuf);

    impl Memory {
        fn with(test: &str, names: &[String]) -> Memory {
            let folder = format!("heddle-doctor-{}-{test}", std::process::id());
            let folder = std::env::temp_dir().join(folder);
            fs::create_dir_all(&folder).unwrap();
            for name in names {
                File::create(folder.join(name)).unwrap();
            }
            Memory(folder)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<String> = names.collect();
            names.sort();
            names
        }
    }

    impl Drop for Memory {
        fn drop(&mut self) {
            // Nothing is lost when it stays.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn processes() -> &'static Path {
        Path::new("/proc")
    }

    fn start_of(process: u32) -> u32 {
        let line = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        state_and_start(&line).unwrap().1 as u32
    }

    /// A process that lives until its standard input is closed.
    fn child() -> Child {
        let mut command = Command::new("cat");
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        command.spawn().unwrap()
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_leavings_of_a_killed_creator_are_removed() {
        let mut creator = child();
        let (process, started) = (creator.id(), start_of(creator.id()));
        let name = format!("{PREFIX}{process}-{started}-0");
        let memory = Memory::with("killed", std::slice::from_ref(&name));
        assert_eq!(look_into(&memory.0, processes()), []);
        assert_eq!(memory.names(), [name.as_str()], "its creator lives");
        creator.kill().unwrap();
        creator.wait().unwrap();
        let findings = look_into(&memory.0, processes());
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].weight, Weight::Fine);
        assert_eq!(memory.names(), [""; 0]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_creator_that_nobody_has_waited_for_is_gone() {
        let mut creator = child();
        let (process, started) = (creator.id(), start_of(creator.id()));
        let memory = Memory::with("zombie", &[format!("{PREFIX}{process}-{started}-0")]);
        // Its end closes its output, but it stays a zombie until the last line.
        creator.kill().unwrap();
        let gone = Creator { process, started };
        while !gone.is_gone(processes()) {
            std::thread::yield_now();
        }
        assert_eq!(look_into(&memory.0, processes()).len(), 1);
        creator.wait().unwrap();
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_number_that_was_given_again_saves_nothing() {
        let process = std::process::id();
        let started = start_of(process);
        let mine = format!("{PREFIX}{process}-{started}-0");
        let earlier = format!("{PREFIX}{process}-{}-0", started.wrapping_sub(1));
        let memory = Memory::with("again", &[mine.clone(), earlier]);
        assert_eq!(look_into(&memory.0, processes()).len(), 1);
        assert_eq!(memory.names(), [mine]);
    }

    #[test]
    fn other_names_are_never_touched() {
        let names = [
            "heddle-value-",
            "heddle-value-0",
            "heddle-value-0-0",
            "heddle-value-0-0-",
            "heddle-value-+1-1-0",
            "heddle-value-1x-1-0",
            "heddle-value-99999999999-1-0",
            "heddle-valued-0-0-0",
            "sem.heddle-value-0-0-0",
            "shmem_0-0-0",
        ];
        let mut names = names.map(str::to_owned);
        names.sort();
        let memory = Memory::with("others", &names);
        assert_eq!(look_into(&memory.0, processes()), []);
        assert_eq!(memory.names(), names);
    }

    #[test]
    fn where_no_process_is_seen_nothing_is_removed() {
        let names = ["heddle-value-0-0-0".to_owned()];
        let memory = Memory::with("blind", &names);
        assert_eq!(look_into(&memory.0, &memory.0), []);
        assert_eq!(memory.names(), names);
    }
}
