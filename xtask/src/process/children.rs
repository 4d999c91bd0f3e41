//! How many processes a group has, as the system sees it.

use std::path::Path;
use std::str::FromStr;

/// How many processes lie below that one, counted through its tree; stops beyond `enough`.
///
/// Cheap, but blind to those whose parent has ended.
pub(super) fn descendants(leader: i32, enough: usize) -> usize {
    let mut known = vec![leader];
    let mut next = 0;
    while next < known.len() && known.len() <= enough + 1 {
        for task in names(&format!("/proc/{}/task", known[next])) {
            let list = format!("/proc/{}/task/{task}/children", known[next]);
            let children = std::fs::read_to_string(list).unwrap_or_default();
            known.extend(
                children
                    .split_whitespace()
                    .filter_map(|pid| pid.parse::<i32>().ok()),
            );
        }
        next += 1;
    }
    known.len() - 1
}

/// How many processes have that group, the leader not counted; a look at every process there is.
pub(super) fn members(group: i32) -> usize {
    let in_group = |pid: &i32| *pid != group && group_of(*pid) == Some(group);
    names("/proc").filter(in_group).count()
}

/// How much of the processor's time a process has used, in the system's ticks.
pub(super) fn processor_time(pid: i32) -> Option<u64> {
    let field = |index| field_of::<u64>(pid, index);
    Some(field(11)? + field(12)?)
}

/// The entries of a folder whose names are numbers.
fn names(folder: &str) -> impl Iterator<Item = i32> {
    std::fs::read_dir(Path::new(folder))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn group_of(pid: i32) -> Option<i32> {
    field_of(pid, 2)
}

/// A field of `/proc/PID/stat`, counted after the second, which may hold spaces and ends with the last `)`.
fn field_of<T: FromStr>(pid: i32, index: usize) -> Option<T> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?
        .1
        .split_whitespace()
        .nth(index)?
        .parse()
        .ok()
}
