//! Where every thread stands at the end of a schedule that is stuck: who waits for what, held by whom.

use super::missing;
use super::page::{Line, Places, Role};
use super::words::Names;
use heddle_terms::record::{Blocked, Inside};
use heddle_terms::report::Kind;

const INDENT: &str = "    ";

/// A line for each thread that cannot go on, those first that do not just wait for another's end.
///
/// Of a schedule in which somebody could still have gone on there is nothing to say.
pub fn lines(places: Places<'_>, width: usize) -> Vec<Line> {
    let record = places.record;
    let is_stuck = matches!(
        record.failure.kind,
        Kind::Deadlock | Kind::Livelock | Kind::Timeout
    );
    if !is_stuck {
        return Vec::new();
    }
    let mut blocked: Vec<&Blocked> = record.blocked.iter().collect();
    blocked.sort_by_key(|one| is_patient(one.inside));
    let mut lines = Vec::new();
    for one in blocked {
        let words = words(places, one);
        let place = one.at.map_or(String::new(), |at| places.short(at));
        let whole = format!("{INDENT}{words}   {place}");
        if whole.chars().count() <= width {
            lines.push(Line::new(Role::Plain, whole));
        } else {
            let words = format!("{words} ({place})");
            lines.extend(Line::wrapped(Role::Plain, &words, INDENT, width));
        }
    }
    lines
}

/// Whether a thread only waits for what another does, so that the trouble is not there.
pub fn is_patient(inside: Inside) -> bool {
    matches!(
        inside,
        Inside::Join | Inside::EndScope | Inside::UntilBlocked | Inside::Next
    )
}

/// What a thread waits for.
pub fn words(places: Places<'_>, blocked: &Blocked) -> String {
    let names = Names::of(places.record);
    let object = blocked.object.map_or("something", |it| names.object(it));
    let target = blocked.target.map_or("a thread", |it| names.thread(it));
    let does = match blocked.inside {
        Inside::Lock => match blocked.holder {
            Some(holder) => {
                let since = match holder.at {
                    Some(at) => format!(" since {}", place_words(places, at)),
                    None => String::new(),
                };
                match holder.thread == blocked.thread {
                    true => format!("waits for {object}, which it holds itself{since}"),
                    false => {
                        let holder = names.thread(holder.thread);
                        format!("waits for {object}, which {holder} has held{since}")
                    }
                }
            }
            None => format!("is about to lock {object}"),
        },
        Inside::Wait if blocked.timed => format!("waits on {object}, with a time limit"),
        Inside::Wait => match missing::notify(places.record, blocked) {
            Some(missing) => format!("waits on {object} since {missing}"),
            None => format!("waits on {object}; nobody is left to notify it"),
        },
        Inside::Park if blocked.timed => "is parked, with a time limit".to_owned(),
        Inside::Park => match missing::unpark(places.record, blocked) {
            Some(missing) => format!("is parked since {missing}"),
            None => "is parked; nobody is left to unpark it".to_owned(),
        },
        Inside::Join => format!("waits for {target} to end"),
        Inside::EndScope => format!("is at the end of a scope and waits for {target} to end"),
        Inside::Spin => "spins: it looks again and again, and nothing changes".to_owned(),
        Inside::UntilBlocked => format!("waits until {target} is blocked"),
        Inside::Sleep => "sleeps".to_owned(),
        Inside::Next => blocked.doing.clone(),
    };
    format!("{} {does}", names.thread(blocked.thread))
}

/// A place within a sentence: `line 38`, or `model.rs:41`.
pub fn place_words(places: Places<'_>, at: heddle_terms::record::At) -> String {
    let short = places.short(at);
    match short.strip_prefix(':') {
        Some(line) => format!("line {line}"),
        None => short,
    }
}
