//! Three kinds of work, each done in four ways: the time in nanoseconds of one of them.
//!
//! `matrix WORK WAY SIZE [PORT]` does it and prints the time; `matrix serve` is the server that the
//! first kind of work asks; `matrix child …` is a child process of the way that has them.

mod cpu_bound;
mod io_bound;
mod server;
mod shared_state;

use std::env;
use std::process::Command;
use std::str::FromStr;
use std::time::Instant;

use tokio::runtime::{Builder, Runtime};

/// How many workers share the work that has a few.
const WORKERS: u64 = 4;

/// How a work is done.
#[derive(Clone, Copy)]
enum Way {
    Sequential,
    Threads,
    Processes,
    Async,
}

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["serve"] => server::serve(),
        ["child", "io", port, number] => io_bound::child(parsed(port), parsed(number)),
        ["child", "cpu", share, limit] => cpu_bound::child(parsed(share), parsed(limit)),
        ["child", "shared", share, updates] => shared_state::child(parsed(share), parsed(updates)),
        ["io", way, requests, port] => {
            let (requests, port) = (parsed(requests), parsed(port));
            timed(
                || io_bound::run(way_of(way), requests, port),
                io_bound::expected(requests),
            );
        }
        ["cpu", way, limit] => {
            let limit = parsed(limit);
            timed(
                || cpu_bound::run(way_of(way), limit),
                cpu_bound::expected(limit),
            );
        }
        ["shared", way, updates] => {
            let updates = parsed(updates);
            let expected = shared_state::expected(updates);
            timed(|| shared_state::run(way_of(way), updates), expected);
        }
        _ => panic!("matrix io|cpu|shared sequential|threads|processes|async SIZE [PORT]"),
    }
}

/// Does a work, checks what came of it, and prints how long it took.
fn timed<T: PartialEq + std::fmt::Debug>(work: impl FnOnce() -> T, expected: T) {
    let start = Instant::now();
    let found = work();
    let took = start.elapsed();
    assert_eq!(found, expected, "the work was not done");
    println!("{}", took.as_nanos());
}

fn way_of(word: &str) -> Way {
    match word {
        "sequential" => Way::Sequential,
        "threads" => Way::Threads,
        "processes" => Way::Processes,
        "async" => Way::Async,
        other => panic!("there is no way {other}"),
    }
}

fn parsed<T: FromStr>(word: &str) -> T {
    word.parse()
        .unwrap_or_else(|_| panic!("{word} is no number"))
}

/// This program as a child process.
fn own_child(arguments: &[String]) -> Command {
    let mut command = Command::new(env::current_exe().expect("the path of this program"));
    command.arg("child").args(arguments);
    command
}

/// One thread that runs all tasks, as an event loop in Python does.
fn one_thread() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().build().expect("an executor")
}
