//! What a thread is doing and what an object holds, in a few words.

use heddle_terms::record::{Inside, WhyUnparked, WhyWoken};

use super::Names;
use crate::state::{ObjectState, Status, ThreadState};

/// What a thread is doing.
pub fn thread(names: &Names<'_>, state: &ThreadState) -> String {
    let limit = |timed: bool| if timed { ", with a time limit" } else { "" };
    let text = match &state.status {
        Status::NotStarted => "not started".to_owned(),
        Status::Running => "runs".to_owned(),
        Status::Blocked { object, holder } => {
            let (lock, holder) = (names.object(*object), names.holder(holder));
            format!("blocked: waits for {lock}, held by {holder}")
        }
        Status::Free { object } => format!("could take {} now", names.object(*object)),
        Status::Waiting { object, timed, .. } => {
            format!(
                "asleep: waits on {}{}",
                names.object(*object),
                limit(*timed)
            )
        }
        Status::Woken { lock, by } => {
            let (lock, by) = (names.object(*lock), names.step(*by));
            format!("notified by {by}, needs {lock} to go on")
        }
        Status::Awake(WhyWoken::Notified) => "runs: was notified".to_owned(),
        Status::Awake(WhyWoken::Spurious) => "runs: woke by itself".to_owned(),
        Status::Awake(WhyWoken::TimedOut) => "runs: its wait timed out".to_owned(),
        Status::Parked { timed } => format!("asleep: parked{}", limit(*timed)),
        Status::Unparked { by } => format!("unparked by {}", names.step(*by)),
        Status::Up(WhyUnparked::TokenWasThere) => {
            "runs: did not sleep, a token was there".to_owned()
        }
        Status::Up(WhyUnparked::Token) => "runs: was unparked".to_owned(),
        Status::Up(WhyUnparked::Spurious) => "runs: woke by itself".to_owned(),
        Status::Up(WhyUnparked::TimedOut) => "runs: its park timed out".to_owned(),
        Status::Joining { child } => format!("blocked: waits for {} to end", names.thread(*child)),
        Status::Panicked => "panicked".to_owned(),
        Status::Failed => "fails here".to_owned(),
        Status::Ended => "ended".to_owned(),
        Status::Next { doing } => format!("could run: {doing}"),
        Status::Last(Inside::Spin) => "spins: looks again and again".to_owned(),
        Status::Last(Inside::UntilBlocked) => "waits until a thread is blocked".to_owned(),
        Status::Last(Inside::Sleep) => "asleep".to_owned(),
        Status::Last(_) => "waits".to_owned(),
    };
    if state.token {
        return format!("{text}; has a park token");
    }
    text
}

/// What an object holds, and who waits for it.
pub fn object(names: &Names<'_>, index: usize, state: &ObjectState) -> String {
    let mut parts = Vec::new();
    // What is under a lock that somebody holds may be something else by now.
    let is_held = state.owner.is_some();
    if let Some(value) = state.value.as_ref().filter(|_| !is_held) {
        parts.push(value.clone());
    }
    if let Some((value, touch)) = &state.stale {
        let thread = names.thread(touch.thread);
        parts.push(format!("{thread} still saw {value}"));
    }
    match names.record.objects[index].kind.as_str() {
        "Mutex" => parts.push(match state.owner {
            Some(owner) => format!(
                "held by {} since {}",
                names.thread(owner.thread),
                Names::number(owner.step)
            ),
            None => "free".to_owned(),
        }),
        "Condvar" if state.waiters.is_empty() => parts.push("nobody waits".to_owned()),
        _ => {}
    }
    for (what, touch) in [
        ("made", state.made),
        ("written", state.written),
        ("read", state.read),
        ("freed", state.freed),
    ] {
        if let Some(touch) = touch {
            parts.push(format!("{what} by {}", names.touch(touch)));
        }
    }
    if !state.waiters.is_empty() {
        let verb = if state.waiters.len() == 1 {
            "waits"
        } else {
            "wait"
        };
        parts.push(format!("{} {verb}", names.threads(&state.waiters)));
    }
    parts.join("; ")
}
