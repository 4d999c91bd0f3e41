//! The programs and files that a check builds with.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Finding;

/// Looks at toolchain, linker, crates, locks and the environment.
pub fn look(root: &Path) -> Vec<Finding> {
    let mut findings = vec![toolchain(root), linker(), crates(root)];
    findings.extend(locks(root));
    findings.extend(environment());
    findings
}

/// What a program wrote to stdout, or what it complained of.
fn ask(program: &str, args: &[&str], folder: &Path) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).stdin(Stdio::null());
    // Under `cargo xtask` these name the toolchain that built xtask: what is asked for here is
    // the one that a new build would take.
    command.env_remove("RUSTC").env_remove("CARGO");
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn toolchain(root: &Path) -> Finding {
    let file = root.join("rust-toolchain.toml");
    let Ok(text) = std::fs::read_to_string(&file) else {
        return Finding::problem(
            "rust-toolchain.toml cannot be read: which toolchain is pinned is unknown",
            "get it back with `git checkout rust-toolchain.toml`",
        );
    };
    let pinned = pinned_channel(&text).unwrap_or_default();
    judge_toolchain(&pinned, ask("rustc", &["--version"], root))
}

fn pinned_channel(text: &str) -> Option<String> {
    let table: serde_json::Value = basic_toml::from_str(text).ok()?;
    let channel = table.get("toolchain")?.get("channel")?.as_str()?;
    Some(channel.to_owned())
}

fn judge_toolchain(pinned: &str, found: Result<String, String>) -> Finding {
    let version = match found {
        Ok(version) => version,
        Err(error) => {
            let first = error.lines().next().unwrap_or_default();
            return Finding::problem(
                format!("rustc does not run: {first}"),
                format!("install it with `rustup toolchain install {pinned}` (https://rustup.rs)"),
            );
        }
    };
    let number = version.split_whitespace().nth(1).unwrap_or_default();
    if number == pinned {
        Finding::fine(format!("rustc {number}, as rust-toolchain.toml pins it"))
    } else {
        Finding::problem(
            format!("rustc is {number}, but rust-toolchain.toml pins {pinned}"),
            format!(
                "use rustup, which reads that file: `rustup toolchain install {pinned}`; \
                 RUSTUP_TOOLCHAIN and `cargo +…` overrule it"
            ),
        )
    }
}

fn linker() -> Finding {
    match ask("cc", &["--version"], Path::new(".")) {
        Ok(version) => {
            let first = version.lines().next().unwrap_or_default();
            Finding::fine(format!("linker cc: {first}"))
        }
        Err(_) => Finding::problem(
            "there is no `cc`: nothing can be linked",
            "install a C compiler, such as `sudo apt install build-essential`",
        ),
    }
}

fn crates(root: &Path) -> Finding {
    let mut args = vec!["metadata", "--format-version=1", "--locked", "--offline"];
    // Without the platform cargo asks for the crates of every other platform too.
    let version = ask("rustc", &["-vV"], root).unwrap_or_default();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    if let Some(host) = host {
        args.extend(["--filter-platform", host]);
    }
    match ask("cargo", &args, root) {
        Ok(_) => Finding::fine("all crates are downloaded: checks need no network"),
        Err(error) => judge_crates(&error),
    }
}

fn judge_crates(error: &str) -> Finding {
    if error.contains("because --locked was passed") {
        return Finding::problem(
            "Cargo.lock does not fit the manifests",
            "get it back with `git checkout Cargo.lock`, or see what `git diff` shows",
        );
    }
    let mut lines = error.lines().map(str::trim);
    match lines.find(|line| line.starts_with("failed to download")) {
        Some(line) => Finding::problem(
            format!("crates are missing: {line}"),
            "get them once, with a network: `cargo fetch --locked`",
        ),
        None => Finding::problem(
            format!("cargo cannot read this workspace: {}", error.trim()),
            "see what `git status` shows, and whether each folder of katas/ has its Cargo.toml",
        ),
    }
}

/// Who holds the locks of cargo right now.
fn locks(root: &Path) -> Vec<Finding> {
    let mut places = vec![(
        root.join("target/debug/.cargo-lock"),
        "another cargo, such as one of the editor, builds in target/ at the moment",
        "checks wait for it; give rust-analyzer a target folder of its own with \
         `rust-analyzer.cargo.targetDir`, as the editor settings of this repository do",
    )];
    if let Some(home) = cargo_home() {
        places.push((
            home.join(".package-cache"),
            "another cargo holds the lock of the package cache, perhaps downloading",
            "let it finish; if nothing is running, look for a stray cargo with `ps`",
        ));
    }
    let mut findings: Vec<Finding> = places
        .into_iter()
        .filter(|(lock, _, _)| held(lock))
        .map(|(_, found, remedy)| Finding::notice(found, remedy))
        .collect();
    if findings.is_empty() {
        findings.push(Finding::fine("nobody else holds a lock of cargo"));
    }
    findings
}

fn cargo_home() -> Option<PathBuf> {
    match std::env::var_os("CARGO_HOME") {
        Some(home) => Some(PathBuf::from(home)),
        None => Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")),
    }
}

fn held(lock: &Path) -> bool {
    let Ok(file) = File::open(lock) else {
        return false;
    };
    matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// Variables that change builds elsewhere; the grader starts from a cleared environment.
fn environment() -> Vec<Finding> {
    let names: Vec<String> = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| meddles(name))
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    vec![Finding::notice(
        format!(
            "set in this shell, and ignored by checks: {}",
            names.join(", ")
        ),
        "plain `cargo test` does see them; unset what you do not need",
    )]
}

fn meddles(name: &str) -> bool {
    let families = ["LOOM_", "PROPTEST_", "RUST_TEST_"];
    let single = [
        "RUSTFLAGS",
        "CARGO_TARGET_DIR",
        "RUSTC_WRAPPER",
        "CARGO_BUILD_RUSTFLAGS",
    ];
    families.iter().any(|family| name.starts_with(family)) || single.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::super::Weight;
    use super::*;

    #[test]
    fn a_toolchain_other_than_the_pinned_one_is_a_problem() {
        let finding = judge_toolchain("1.95.0", Ok("rustc 1.94.1 (abc 2026-01-01)\n".into()));
        assert_eq!(finding.weight, Weight::Problem);
        assert_eq!(
            finding.found,
            "rustc is 1.94.1, but rust-toolchain.toml pins 1.95.0"
        );
    }

    #[test]
    fn the_pinned_toolchain_is_fine() {
        let finding = judge_toolchain("1.95.0", Ok("rustc 1.95.0 (abc 2026-04-14)\n".into()));
        assert_eq!(finding.weight, Weight::Fine);
    }

    #[test]
    fn a_missing_rustc_says_how_to_install_it() {
        let finding = judge_toolchain("1.95.0", Err("No such file or directory".into()));
        assert!(finding.remedy.contains("rustup toolchain install 1.95.0"));
    }

    #[test]
    fn missing_crates_name_the_command_that_gets_them() {
        let finding = judge_crates(
            "error: failed to download `loom v0.7.2`\n\nCaused by:\n  unable to get packages from \
             source\n\nCaused by:\n  failed to download from index\n",
        );
        assert!(finding.remedy.contains("cargo fetch --locked"));
    }

    #[test]
    fn the_channel_is_read_from_the_pin() {
        let text = "[toolchain]\nchannel = \"1.95.0\"\n";
        assert_eq!(pinned_channel(text).as_deref(), Some("1.95.0"));
    }

    #[test]
    fn a_lock_that_another_holds_is_seen() {
        let path = std::env::temp_dir().join(format!("heddle-doctor-{}", std::process::id()));
        let holder = File::create(&path).unwrap();
        assert!(!held(&path));
        holder.lock().unwrap();
        assert!(held(&path));
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn settings_of_the_model_checker_count_as_meddling() {
        assert!(meddles("LOOM_MAX_PREEMPTIONS") && meddles("PROPTEST_CASES"));
        assert!(!meddles("HOME"));
    }
}
