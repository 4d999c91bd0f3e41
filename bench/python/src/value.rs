//! Four processes add to one shared value, 100,000 times in all: the time in nanoseconds.

#[path = "../../../solutions/kata-20-shared-value/src/lib.rs"]
#[allow(dead_code, reason = "a solution offers more than is measured")]
mod shared_value;

use std::env;
use std::process::Command;
use std::time::Instant;

use shared_value::Value;

const PROCESSES: i64 = 4;
const ADDITIONS: i64 = 25_000;

fn main() {
    match env::args().nth(1) {
        Some(name) => add(&Value::open(&name).expect("the parent's value")),
        None => measure(),
    }
}

fn add(value: &Value<i64>) {
    for _ in 0..ADDITIONS {
        let guard = value.lock().expect("nobody dies");
        guard.set(guard.get() + 1);
    }
}

fn measure() {
    let program = env::current_exe().expect("the path of this program");
    let value = Value::create(0).expect("a segment");
    let start = Instant::now();
    let children: Vec<_> = (0..PROCESSES)
        .map(|_| Command::new(&program).arg(value.name()).spawn())
        .collect();
    for child in children {
        let status = child.and_then(|mut child| child.wait());
        assert!(status.expect("a child").success());
    }
    let took = start.elapsed();
    assert_eq!(value.get(), Ok(PROCESSES * ADDITIONS));
    println!("{}", took.as_nanos());
}
