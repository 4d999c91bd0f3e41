//! The other process: it opens the value that it is told of and plays the part named by its argument.
//!
//! A part that goes wrong panics, and the claim that started it sees the exit status.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use heddle::process::Word;
use kata_20_shared_value::{SharedWord, Value};
use shared_memory::ShmemConf;

fn main() {
    let mut arguments = env::args().skip(1);
    let part = arguments.next().expect("the name of a part");
    let name = arguments.next().unwrap_or_default();
    match part.as_str() {
        "set" => set(&open(&name)),
        "add" => add(&open(&name)),
        "hold" => hold(&open(&name)),
        "look" => look(&open(&name)),
        "fail_reading" => fail(&name, |value| _ = value.get()),
        "fail_writing" => fail(&name, |value| _ = value.set([2; LARGE])),
        "slumber" => slumber(&name),
        "create" => create(),
        "create_and_panic" => create_and_panic(),
        _ => panic!("there is no part `{part}`"),
    }
}

fn open(name: &str) -> Value<i64> {
    Value::open(name).expect("the parent's value is there")
}

/// Says one line.
fn say(word: &str) {
    let mut output = io::stdout();
    writeln!(output, "{word}").expect("somebody listens");
    output.flush().expect("somebody listens");
}

/// Waits for a word to go on; it never comes to a process that will be killed.
fn wait_for_order() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).expect("lines of text");
}

/// Writes once and is gone.
fn set(value: &Value<i64>) {
    value.set(42).expect("nobody died");
}

/// Adds one a thousand times, as soon as it may begin.
fn add(value: &Value<i64>) {
    say("ready");
    wait_for_order();
    for _ in 0..1000 {
        let guard = value.lock().expect("nobody died");
        guard.set(guard.get() + 1);
    }
}

/// Holds the lock two levels deep, with half of a change done.
fn hold(value: &Value<i64>) {
    let outer = value.lock().expect("nobody died");
    let inner = value.lock().expect("it is the owner itself");
    inner.set(7);
    say("held");
    wait_for_order();
    drop(inner);
    outer.set(8);
    drop(outer);
    say("released");
    wait_for_order();
}

/// Has the value open until it may go.
fn look(value: &Value<i64>) {
    value.get().expect("nobody died");
    say("open");
    wait_for_order();
}

/// So large that a page of memory is the value's alone, wherever in the segment it begins.
const LARGE: usize = 4 * PAGE;
const PAGE: usize = 1 << 16;

/// Is killed by the system in the middle of an access, by a page that may not be touched.
fn fail(name: &str, access: impl FnOnce(&Value<[u8; LARGE]>)) {
    let value = Value::open(name).expect("the parent's value is there");
    let maps = fs::read_to_string("/proc/self/maps").expect("/proc is mounted");
    let mapping = maps.lines().find(|line| line.ends_with(name));
    let (start, _) = mapping
        .and_then(|line| line.split_once('-'))
        .expect("it is mapped");
    let start = usize::from_str_radix(start, 16).expect("an address");
    unsafe extern "C" {
        fn mprotect(address: usize, length: usize, protection: i32) -> i32;
    }
    // SAFETY: the page is inside the value, so whoever touches it is about to read or write that.
    let protected = unsafe { mprotect(start + PAGE, PAGE, 0) };
    assert_eq!(protected, 0, "the page can be protected");
    access(&value);
}

/// Sleeps on a word that begins its segment.
fn slumber(name: &str) {
    let segment = ShmemConf::new().os_id(name).open().expect("a segment");
    // SAFETY: the segment is longer than a word, aligned, and zero.
    let word = unsafe { &*segment.as_ptr().cast::<SharedWord>() };
    say("going to sleep");
    word.wait(0, Duration::from_secs(3600));
}

/// Creates a value in a thread that ends, and keeps it until it is killed.
fn create() {
    let creator = thread::spawn(|| Value::create(1_i64).expect("a segment"));
    let value = creator.join().expect("the thread comes through");
    say(value.name());
    wait_for_order();
}

/// Creates a value and panics.
fn create_and_panic() {
    let value = Value::create(1_i64).expect("a segment");
    let _held = value.lock();
    say(value.name());
    wait_for_order();
    // Quietly: this is meant to be.
    std::panic::resume_unwind(Box::new(()));
}
