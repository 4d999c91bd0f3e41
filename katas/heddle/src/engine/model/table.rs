//! A schedule as a table of plain text, one column for each thread.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use super::counterexample::Names;
use super::event::{Action, Event, ObjectId, ThreadSet, Unpark, Wake};
use super::failure::Cause;
use super::world::{ObjectState, World};
use crate::claim::record::{Kind, ThreadState};
use crate::engine::Place;

/// How many events are shown; of a longer schedule only the end.
const SHOWN: usize = 80;

/// The widest a column gets.
const WIDEST: usize = 44;

/// Renders the schedule, with what its threads wait for.
pub(super) fn render(
    world: &World,
    cause: &Cause,
    names: &Names,
    threads: &[ThreadState],
) -> String {
    let columns = world.threads.len();
    let main_file = main_file(world);
    let mut rows: Vec<(usize, String, String)> = world
        .log
        .iter()
        .map(|event| {
            let place = event.place.map_or(String::new(), |it| line(it, main_file));
            (usize::from(event.thread), text(world, names, event), place)
        })
        .collect();
    rows.push(last_row(cause, main_file));
    let left_out = rows.len().saturating_sub(SHOWN);
    let mut widths: Vec<usize> = (0..columns)
        .map(|thread| world.thread_name(thread as u8).chars().count())
        .collect();
    for (thread, text, place) in &rows[left_out..] {
        let width = text.chars().count() + 1 + place.chars().count();
        widths[*thread] = widths[*thread].max(width.min(WIDEST));
    }
    let mut table = String::new();
    let _ = writeln!(
        table,
        "{} switches, found in schedule {} of {}\n",
        switches(world),
        world.schedules,
        world.rung
    );
    let heads = widths.iter().enumerate().map(|(thread, width)| {
        let name = world.thread_name(thread as u8);
        format!("   {name:width$}")
    });
    let _ = writeln!(table, "    {}", heads.collect::<String>().trim_end());
    if left_out > 0 {
        let _ = writeln!(table, "    … {left_out} earlier events are left out");
    }
    for (number, (thread, text, place)) in rows.iter().enumerate().skip(left_out) {
        let before: usize = widths[..*thread].iter().map(|width| width + 3).sum();
        let room = widths[*thread].saturating_sub(place.chars().count() + 1);
        let text = shortened(text, room);
        let row = format!("{:4}{:before$}   {text:room$} {place}", number + 1, "");
        let _ = writeln!(table, "{}", row.trim_end());
    }
    let _ = writeln!(table);
    for thread in threads {
        let place = thread.place.as_ref().map_or(String::new(), |place| {
            format!("   {}:{}", place.file, place.line)
        });
        let _ = writeln!(table, "  {} {}{place}", thread.name, thread.doing);
    }
    table
}

fn last_row(cause: &Cause, main_file: &str) -> (usize, String, String) {
    let place = cause.place.as_ref().map_or(String::new(), |place| {
        short_line(&place.file, place.line, main_file)
    });
    let what = match cause.kind {
        Kind::Assertion => "panics",
        Kind::Todo => "todo!",
        Kind::DataRace => "data race",
        Kind::UseAfterFree => "use after free",
        Kind::Deadlock => "deadlock",
        Kind::Livelock => "livelock",
        Kind::Leak => "leak",
        Kind::Limit => "limit",
        Kind::Timeout => "timeout",
    };
    (usize::from(cause.thread), format!("✗ {what}"), place)
}

fn text(world: &World, names: &Names, event: &Event) -> String {
    let name = |object: ObjectId| names.of_object(object);
    let thread = |index| world.thread_name(index);
    match event.action {
        Action::Spawn { child } => format!("spawn {}", thread(child)),
        Action::Join { child } => format!("join {}", thread(child)),
        Action::End => "ends".to_owned(),
        Action::Lock { lock } => format!("lock {}", name(lock)),
        Action::Unlock { lock } => format!("unlock {}", name(lock)),
        Action::Wait { queue, lock, timed } => {
            let limit = if timed { "_timeout" } else { "" };
            format!("wait{limit} {} (releases {})", name(queue), name(lock))
        }
        Action::Wake { lock, why } => {
            let how = match why {
                Wake::Notified => "wakes",
                Wake::Spurious => "wakes SPURIOUSLY",
                Wake::TimedOut => "TIMES OUT",
            };
            format!("{how}, has {}", name(lock))
        }
        Action::Notify {
            queue,
            all,
            woken,
            out_of_turn,
        } => {
            let call = if all { "notify_all" } else { "notify_one" };
            let turn = if out_of_turn { " OUT OF TURN" } else { "" };
            format!("{call} {} → {}{turn}", name(queue), wakes(world, woken))
        }
        Action::Park { timed } => if timed { "park_timeout" } else { "park" }.to_owned(),
        Action::Unparked { why } => match why {
            Unpark::TokenWasThere => "park: the token is there".to_owned(),
            Unpark::Token => "is unparked".to_owned(),
            Unpark::Spurious => "park returns SPURIOUSLY".to_owned(),
            Unpark::TimedOut => "park TIMES OUT".to_owned(),
        },
        Action::Unpark { thread: target } => format!("unpark {}", thread(target)),
        Action::Sleep { until_nanos } => {
            format!("sleeps until {}ms", until_nanos / 1_000_000)
        }
        Action::Read { cell } => format!("read {}", name(cell)),
        Action::Write { cell } => format!("write {}", name(cell)),
        Action::Allocate { node, reused } => {
            let old = if reused { " at a FREED address" } else { "" };
            format!("make {}{old}", name(node))
        }
        Action::Free { node } => format!("free {}", name(node)),
        Action::Fence { order } => format!("fence {}", order_name(order)),
        memory => memory_text(world, names, memory),
    }
}

/// The text of an operation on an atomic.
fn memory_text(world: &World, names: &Names, action: Action) -> String {
    let name = |object: ObjectId| names.of_object(object);
    let show = |word: ObjectId, value| show(world, word, value);
    match action {
        Action::Load {
            word,
            value,
            stale,
            order,
        } => format!(
            "{} → {}{} {}",
            name(word),
            show(word, value),
            if stale { " STALE" } else { "" },
            order_name(order)
        ),
        Action::Store { word, value, order } => {
            format!(
                "{} = {} {}",
                name(word),
                show(word, value),
                order_name(order)
            )
        }
        Action::Update {
            word,
            name: call,
            before,
            after,
            order,
        } => format!(
            "{}.{call} {} → {} {}",
            name(word),
            show(word, before),
            show(word, after),
            order_name(order)
        ),
        Action::Exchange {
            word,
            before,
            after,
            order,
        } => format!(
            "{} {} → {} exchanged {}",
            name(word),
            show(word, before),
            show(word, after),
            order_name(order)
        ),
        Action::ExchangeFailed {
            word,
            found,
            wanted,
            spurious,
            order,
        } => format!(
            "{} is {}, wanted {}{} {}",
            name(word),
            show(word, found),
            show(word, wanted),
            if spurious { ": fails SPURIOUSLY" } else { "" },
            order_name(order)
        ),
        other => unreachable!("heddle: {other:?} is no operation on an atomic"),
    }
}

fn show(world: &World, word: ObjectId, value: u64) -> String {
    match world.objects.get(word as usize).map(|object| &object.state) {
        Some(ObjectState::Word { format, .. }) => format.show(value),
        _ => value.to_string(),
    }
}

fn order_name(order: Ordering) -> String {
    format!("{order:?}")
}

fn wakes(world: &World, woken: ThreadSet) -> String {
    if woken.is_empty() {
        return "nobody".to_owned();
    }
    let names: Vec<String> = woken.iter().map(|it| world.thread_name(it)).collect();
    format!("wakes {}", names.join(", "))
}

fn switches(world: &World) -> usize {
    let pairs = world.log.windows(2);
    pairs
        .filter(|pair| pair[0].thread != pair[1].thread)
        .count()
}

/// The file in which most of the events are; its lines are shown without its name.
fn main_file(world: &World) -> &'static str {
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    for place in world.log.iter().filter_map(|event| event.place) {
        match counts.iter_mut().find(|(file, _)| *file == place.file()) {
            Some((_, count)) => *count += 1,
            None => counts.push((place.file(), 1)),
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map_or("", |(file, _)| file)
}

fn line(place: Place, main_file: &str) -> String {
    short_line(place.file(), place.line(), main_file)
}

fn short_line(file: &str, line: u32, main_file: &str) -> String {
    if file == main_file {
        return format!(":{line}");
    }
    let name = file.rsplit('/').next().unwrap_or(file);
    format!("{name}:{line}")
}

fn shortened(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room.saturating_sub(1)).collect();
    format!("{kept}…")
}
