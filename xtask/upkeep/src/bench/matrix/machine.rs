//! On what was measured, and when.

use std::fs;
use std::path::Path;
use std::thread::available_parallelism;
use std::time::{SystemTime, UNIX_EPOCH};

use xtask::toolchain::Toolchain;

use super::super::python::output_of;
use heddle_cli::console::Trouble;

/// The processor's name and how many cores this program may use.
pub fn processor() -> String {
    let about = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = field(&about, "model name", ':').unwrap_or_else(|| std::env::consts::ARCH.into());
    match available_parallelism().map_or(1, usize::from) {
        1 => format!("{name}, 1 core"),
        cores => format!("{name}, {cores} cores"),
    }
}

/// The operating system and its kernel.
pub fn system() -> String {
    let about = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let name = field(&about, "PRETTY_NAME", '=');
    let mut name = name.unwrap_or_else(|| std::env::consts::OS.into());
    // The rest of it names a build, not a kernel.
    let kernel: Vec<&str> = kernel.split(['.', '-']).take(2).collect();
    if let [major, minor] = kernel[..] {
        name += &format!(", Linux {major}.{minor}");
    }
    name
}

/// The compiler and its version, without its day.
pub fn rust(root: &Path) -> Result<String, Trouble> {
    let toolchain = Toolchain::find(root).map_err(Trouble::fault)?;
    let said = output_of(toolchain.rustc(root).arg("--version"))?;
    let words: Vec<&str> = said.split_whitespace().take(2).collect();
    Ok(words.join(" "))
}

/// This day, as `2026-01-31`.
pub fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    day(since.unwrap_or_default().as_secs() / 86_400)
}

/// The value of the first line with that name, without quotes.
fn field(text: &str, name: &str, sign: char) -> Option<String> {
    let value = text.lines().find_map(|line| {
        let (known, value) = line.split_once(sign)?;
        (known.trim() == name).then(|| value.trim().trim_matches('"').to_owned())
    });
    value.filter(|value| !value.is_empty())
}

/// The day so many days after the first of January 1970.
fn day(days: u64) -> String {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let (mut year, mut left) = (1970, days);
    while left >= 365 + u64::from(is_leap(year)) {
        left -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", left + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_leap_years() {
        let told = [0, 59, 11_016, 11_017, 20_089, 20_453].map(day);
        let expected = [
            "1970-01-01",
            "1970-03-01",
            "2000-02-29",
            "2000-03-01",
            "2025-01-01",
            "2025-12-31",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        let text = "PRETTY_NAME_OF=x\nPRETTY_NAME=\"Debian 12\"\n";
        assert_eq!(
            field(text, "PRETTY_NAME", '=').as_deref(),
            Some("Debian 12")
        );
        assert_eq!(field(text, "NAME", '='), None);
    }
}
