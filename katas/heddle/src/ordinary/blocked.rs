//! Waiting until another thread is blocked, as well as the kernel can tell.

use std::thread::{Thread, yield_now};

/// How many looks in a row must find the thread asleep.
const LOOKS: usize = 50;

/// How many looks that find no such thread mean that it has ended, and not that it is yet to begin.
const LOOKS_AT_NOTHING: usize = 2_000;

/// Returns once a thread is blocked in an operation that it cannot leave by itself.
///
/// It is for claims: a claim that says "while the consumer waits" first has to know that the
/// consumer does. The faces `trace` and `model` know exactly. The ordinary face can only ask
/// the kernel which threads of that name are asleep, so an unnamed thread is taken for blocked
/// when every other thread is asleep; only Linux answers at all. It returns too when the thread
/// has ended, and cannot block any more.
///
/// # Panics
///
/// On the ordinary face of a system other than Linux.
pub fn until_blocked(thread: &Thread) {
    let (mut asleep, mut absent) = (0, 0);
    while asleep < LOOKS && absent < LOOKS_AT_NOTHING {
        match look(thread) {
            Look::Awake => (asleep, absent) = (0, 0),
            Look::Asleep => asleep += 1,
            Look::Absent => absent += 1,
        }
        yield_now();
    }
}

/// What the kernel says of the threads of one name.
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "only Linux answers")
)]
enum Look {
    Awake,
    Asleep,
    /// It has not begun yet, or has ended.
    Absent,
}

#[cfg(target_os = "linux")]
fn look(thread: &Thread) -> Look {
    let own = std::fs::read_link("/proc/thread-self").expect("heddle: /proc is not mounted");
    let tasks = std::fs::read_dir("/proc/self/task").expect("heddle: /proc is not mounted");
    let mut look = Look::Absent;
    for task in tasks.flatten() {
        if Some(task.file_name().as_os_str()) == own.file_name() {
            continue;
        }
        // A thread that has ended meanwhile has no `stat` to read.
        let Ok(stat) = std::fs::read_to_string(task.path().join("stat")) else {
            continue;
        };
        let Some((name, state)) = name_and_state(&stat) else {
            continue;
        };
        let meant = thread.name().is_none_or(|it| kernel_name(it) == name);
        match (meant, state) {
            (true, 'S') => look = Look::Asleep,
            (true, _) => return Look::Awake,
            (false, _) => {}
        }
    }
    look
}

#[cfg(not(target_os = "linux"))]
fn look(_thread: &Thread) -> Look {
    panic!("heddle: only Linux can say which thread is blocked: use `cargo xtask check`")
}

/// The name and the state letter in a `stat` line such as `71 (consumer) S 1 …`.
#[cfg(target_os = "linux")]
fn name_and_state(stat: &str) -> Option<(&str, char)> {
    let (head, tail) = stat.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    Some((name, tail.trim_start().chars().next()?))
}

/// What the kernel keeps of a thread's name.
#[cfg(target_os = "linux")]
fn kernel_name(name: &str) -> &str {
    let mut end = name.len().min(15);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}
