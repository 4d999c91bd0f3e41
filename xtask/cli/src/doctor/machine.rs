//! The machine and the limits it can enforce.

use std::path::Path;
use std::process::Command;

use super::Finding;

/// Below this much free disk a build is likely to fail.
const SCARCE: u64 = 1 << 30;
/// With less memory to map, compiler and claims may fail for no reason of their own.
const ENOUGH: u64 = 4 << 30;

/// Looks at platform, user, disk and cores.
pub fn look(root: &Path) -> Vec<Finding> {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut findings = vec![platform(std::env::consts::OS, &release, root)];
    findings.push(disk(root));
    findings.push(writable(root));
    findings.extend(limits());
    findings.extend(cores());
    findings
}

fn platform(os: &str, kernel: &str, root: &Path) -> Finding {
    match os {
        "linux" if kernel.to_lowercase().contains("microsoft") => wsl(kernel, root),
        "linux" => Finding::fine("Linux"),
        "macos" => Finding::notice(
            "macOS: Heddle has never been tested here",
            "katas that declare `platform = \"linux\"` cannot be graded; for those use Linux, \
             such as in a virtual machine",
        ),
        other => Finding::problem(
            format!("{other} is not supported"),
            "use Linux, or on Windows the Linux of WSL: https://learn.microsoft.com/windows/wsl",
        ),
    }
}

fn wsl(kernel: &str, root: &Path) -> Finding {
    if root.starts_with("/mnt") {
        return Finding::notice(
            "WSL, with this repository on a Windows drive: builds are many times slower there",
            "clone it into the Linux side, such as ~/heddle",
        );
    }
    // The kernel of WSL 2 is named in lower case, the emulation of WSL 1 is not.
    if kernel.contains("Microsoft") {
        return Finding::notice(
            "WSL 1: process limits and /proc are incomplete there",
            "convert it: `wsl --set-version <distribution> 2`",
        );
    }
    Finding::fine("Linux, in WSL 2")
}

fn disk(root: &Path) -> Finding {
    let target = root.join("target");
    let folder = if target.is_dir() { &target } else { root };
    let mut df = Command::new("df");
    let said = df.arg("-Pk").arg(folder).env("LC_ALL", "C").output();
    match said.ok().and_then(|said| free_space(&said.stdout)) {
        Some(free) => judge_disk(free),
        None => Finding::notice(
            "free disk is unknown: `df` does not tell",
            format!("look at it with `df -Pk {}`", folder.display()),
        ),
    }
}

/// The bytes that a table of `df -Pk` calls available; they stand in front of a percentage.
fn free_space(table: &[u8]) -> Option<u64> {
    let table = String::from_utf8_lossy(table);
    let words: Vec<&str> = table.lines().nth(1)?.split_whitespace().collect();
    let used = words.iter().position(|word| word.ends_with('%'))?;
    let free: u64 = words.get(used.checked_sub(1)?)?.parse().ok()?;
    Some(free.saturating_mul(1024))
}

fn judge_disk(free: u64) -> Finding {
    let shown = format!("{:.1} GiB", free as f64 / (1_u64 << 30) as f64);
    if free < SCARCE {
        return Finding::problem(
            format!("only {shown} free for target/"),
            "free some disk; `cargo clean` empties target/, in which no work of yours is kept",
        );
    }
    Finding::fine(format!("{shown} free for target/"))
}

fn writable(root: &Path) -> Finding {
    let folder = root.join("target");
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&probe, b"ok"));
    // A probe that was not written cannot be removed either.
    let _ = std::fs::remove_file(&probe);
    match written {
        Ok(()) => Finding::fine("target/ can be written"),
        Err(error) => Finding::problem(
            format!("target/ cannot be written: {error}"),
            "see who owns it: `ls -ld target`; files made by root are a common cause",
        ),
    }
}

/// The limits on a claim that this platform does not enforce, or that it makes narrower.
fn limits() -> Vec<Finding> {
    let mut findings = Vec::new();
    if rustix::process::geteuid().is_root() {
        findings.push(Finding::notice(
            "you are root, whose number of processes the kernel does not limit",
            "a claim that forks without end is stopped by counting, which may come late; work as \
             an ordinary user, also in a container (`--user`)",
        ));
    }
    if !Path::new("/proc/thread-self/children").exists() {
        findings.push(Finding::notice(
            "the processes of a claim cannot be counted: /proc/thread-self/children is missing",
            "only the clock stops a claim that starts too many; mount /proc, or use a kernel with \
             CONFIG_PROC_CHILDREN",
        ));
    }
    let memory = rustix::process::getrlimit(rustix::process::Resource::As).maximum;
    findings.extend(memory.and_then(judge_memory));
    findings
}

/// A limit on this shell's memory is one on every claim too.
fn judge_memory(limit: u64) -> Option<Finding> {
    (limit < ENOUGH).then(|| {
        Finding::notice(
            format!(
                "this shell limits memory to {} MiB (`ulimit -v`)",
                limit >> 20
            ),
            "correct code may exceed that, and so may the compiler; open a shell without the limit",
        )
    })
}

fn cores() -> Vec<Finding> {
    match std::thread::available_parallelism() {
        Ok(cores) if cores.get() == 1 => vec![Finding::notice(
            "there is one core: the two builds of a check run one after the other",
            "expect a check to take twice as long",
        )],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Weight;
    use super::*;

    #[test]
    fn a_repository_on_a_windows_drive_is_noticed() {
        let kernel = "5.15.153.1-microsoft-standard-WSL2";
        let finding = platform("linux", kernel, Path::new("/mnt/c/heddle"));
        assert_eq!(finding.weight, Weight::Notice);
        let finding = platform("linux", kernel, Path::new("/home/me/heddle"));
        assert_eq!(finding, Finding::fine("Linux, in WSL 2"));
    }

    #[test]
    fn macos_is_said_to_be_untested() {
        let finding = platform("macos", "", Path::new("/Users/me/heddle"));
        assert!(finding.found.contains("never been tested"));
    }

    #[test]
    fn free_space_is_read_from_what_df_says() {
        let table = b"Filesystem 1024-blocks Used Available Capacity Mounted on\n\
                      a disk of mine 264212084 38199728 57086160 41% /with a space\n";
        assert_eq!(free_space(table), Some(57_086_160 << 10));
        assert_eq!(free_space(b"df: no such file\n"), None);
    }

    #[test]
    fn a_narrow_limit_of_the_shell_is_noticed() {
        let found = judge_memory(512 << 20).map(|finding| finding.found);
        let expected = "this shell limits memory to 512 MiB (`ulimit -v`)";
        assert_eq!(found.as_deref(), Some(expected));
        assert_eq!(judge_memory(8 << 30), None);
    }

    #[test]
    fn scarce_disk_is_a_problem_with_a_remedy() {
        let finding = judge_disk(200 << 20);
        assert_eq!(finding.weight, Weight::Problem);
        assert_eq!(finding.found, "only 0.2 GiB free for target/");
        assert_eq!(judge_disk(20 << 30).weight, Weight::Fine);
    }
}
