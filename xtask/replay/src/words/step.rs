//! A step in the few words of a table's cell.

use xtask::counterexample::record::{Op, WhyUnparked, WhyWoken};

use super::Names;

/// What a step did, without who and where: `lock items`, `load flag -> 0 (stale, newest 1)`.
pub fn label(names: &Names<'_>, op: &Op) -> String {
    match op {
        Op::Load { .. } | Op::Store { .. } | Op::Update { .. } => memory(names, op),
        Op::Exchange { .. } | Op::ExchangeFailed { .. } => memory(names, op),
        Op::Spawn { child } => format!("spawn {}", names.thread(*child)),
        Op::Join { child } => format!("join {}", names.thread(*child)),
        Op::End {} => "end".to_owned(),
        Op::Lock { object } => format!("lock {}", names.object(*object)),
        Op::Blocks { object, holder } => {
            let (lock, holder) = (names.object(*object), names.thread(holder.thread));
            format!("waits for {lock} (held by {holder})")
        }
        Op::Unlock { object } => format!("unlock {}", names.object(*object)),
        Op::Wait {
            object,
            lock,
            timed,
        } => {
            let call = if *timed { "wait_timeout" } else { "wait" };
            format!(
                "{call} {} (releases {})",
                names.object(*object),
                names.object(*lock)
            )
        }
        Op::Wake { lock, why, .. } => {
            let has = names.object(*lock);
            match why {
                WhyWoken::Notified => format!("wakes, has {has}"),
                WhyWoken::Spurious => format!("wakes by itself, has {has}"),
                WhyWoken::TimedOut => format!("wait times out, has {has}"),
            }
        }
        Op::Notify {
            object,
            all,
            woken,
            out_of_turn,
        } => {
            let call = if *all { "notify_all" } else { "notify_one" };
            let turn = if *out_of_turn { ", out of turn" } else { "" };
            let object = names.object(*object);
            format!(
                "{call} {object} \u{2192} wakes {}{turn}",
                names.threads(woken)
            )
        }
        Op::Fence { ordering } => format!("fence {ordering}"),
        Op::Read { object } => format!("read {}", names.object(*object)),
        Op::Write { object } => format!("write {}", names.object(*object)),
        Op::Allocate { object, reused } => {
            let reused = if *reused {
                " (address used before)"
            } else {
                ""
            };
            format!("new {}{reused}", names.object(*object))
        }
        Op::Free { object } => format!("free {}", names.object(*object)),
        Op::Park { timed: false } => "park".to_owned(),
        Op::Park { timed: true } => "park_timeout".to_owned(),
        Op::Unparked { why, .. } => match why {
            WhyUnparked::TokenWasThere => "goes on, a token was there".to_owned(),
            WhyUnparked::Token => "wakes, unparked".to_owned(),
            WhyUnparked::Spurious => "wakes by itself".to_owned(),
            WhyUnparked::TimedOut => "park times out".to_owned(),
        },
        Op::Unpark { target } => format!("unpark {}", names.thread(*target)),
        Op::Sleep { until_ms } => format!("sleep until {until_ms} ms"),
        Op::Panic { message } => format!("panic: {message}"),
        Op::Call { call, object: None } => call.clone(),
        Op::Call {
            call,
            object: Some(object),
        } => format!("{call} {}", names.object(*object)),
    }
}

fn memory(names: &Names<'_>, op: &Op) -> String {
    match op {
        Op::Load {
            object,
            value,
            stale,
            newest,
            ..
        } => {
            let object = names.object(*object);
            match (stale, newest) {
                (false, _) => format!("load {object} -> {value}"),
                (true, Some(newest)) => {
                    format!("load {object} -> {value} (stale, newest {newest})")
                }
                (true, None) => format!("load {object} -> {value} (stale)"),
            }
        }
        Op::Store {
            object,
            value,
            overwrote,
            ..
        } => {
            format!(
                "store {} = {value} (was {overwrote})",
                names.object(*object)
            )
        }
        Op::Update {
            object,
            call,
            before,
            after,
            ..
        }
        | Op::Exchange {
            object,
            call,
            before,
            after,
            ..
        } => {
            format!("{call} {}: {before} -> {after}", names.object(*object))
        }
        Op::ExchangeFailed {
            object,
            call,
            found,
            wanted,
            spurious,
            ..
        } => {
            let object = names.object(*object);
            if *spurious {
                format!("{call} {object} fails by itself (is {found})")
            } else {
                format!("{call} {object} fails: is {found}, wanted {wanted}")
            }
        }
        _ => String::new(),
    }
}
