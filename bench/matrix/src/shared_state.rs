//! Work on shared state: workers update one table, one key at a time.
//!
//! Threads share it behind a lock. Processes share nothing, so one of them owns the table and the
//! others send it every update. Tasks on one thread need neither: nothing comes between two awaits.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::rc::Rc;
use std::sync::Mutex;
use std::thread;

use super::{WORKERS, Way, own_child};

/// How many updates a task makes before it lets the others go on.
const TURN: u64 = 64;

/// How often each key was updated.
pub type Table = HashMap<u64, u64>;

/// The table after all updates.
pub fn run(way: Way, updates: u64) -> Table {
    match way {
        Way::Sequential => expected(updates),
        Way::Threads => {
            let table = Mutex::new(Table::new());
            thread::scope(|scope| {
                for share in 0..WORKERS {
                    let table = &table;
                    scope.spawn(move || {
                        for key in keys(share, updates) {
                            *table.lock().expect("nobody panics").entry(key).or_default() += 1;
                        }
                    });
                }
            });
            table.into_inner().expect("nobody panics")
        }
        Way::Processes => owned_by_this_process(updates),
        Way::Async => {
            let table = Rc::new(RefCell::new(Table::new()));
            let tasks = tokio::task::LocalSet::new();
            for share in 0..WORKERS {
                let table = Rc::clone(&table);
                tasks.spawn_local(async move {
                    for (done, key) in (1..).zip(keys(share, updates)) {
                        *table.borrow_mut().entry(key).or_default() += 1;
                        if done % TURN == 0 {
                            tokio::task::yield_now().await;
                        }
                    }
                });
            }
            super::one_thread().block_on(tasks);
            table.take()
        }
    }
}

/// What it has to be: each share after the other, without anything between worker and table.
pub fn expected(updates: u64) -> Table {
    let mut table = Table::new();
    for key in (0..WORKERS).flat_map(|share| keys(share, updates)) {
        *table.entry(key).or_default() += 1;
    }
    table
}

/// A child process sends each of its updates at once.
pub fn child(share: u64, updates: u64) {
    let out = io::stdout().as_fd().try_clone_to_owned();
    let mut out = File::from(out.expect("the owner's pipe"));
    for key in keys(share, updates) {
        // So short a message is never mixed with another one.
        out.write_all(&key.to_le_bytes()).expect("the owner reads");
    }
}

fn owned_by_this_process(updates: u64) -> Table {
    let (reader, writer) = io::pipe().expect("a pipe");
    let start = |share: u64| {
        let child = ["shared".to_owned(), share.to_string(), updates.to_string()];
        let out = writer.try_clone().expect("another end of the pipe");
        own_child(&child).stdout(out).spawn().expect("a child")
    };
    let children: Vec<_> = (0..WORKERS).map(start).collect();
    drop(writer);
    let mut table = Table::new();
    let mut messages = BufReader::new(reader);
    let mut key = [0; 8];
    // The end of the last child is the end of the pipe.
    while messages.read_exact(&mut key).is_ok() {
        *table.entry(u64::from_le_bytes(key)).or_default() += 1;
    }
    for mut child in children {
        assert!(child.wait().expect("a child that ends").success());
    }
    table
}

/// The keys that one worker updates, in order.
fn keys(share: u64, updates: u64) -> impl Iterator<Item = u64> {
    let mine = share * updates / WORKERS..(share + 1) * updates / WORKERS;
    mine.map(|number| number * 7 % 251)
}
