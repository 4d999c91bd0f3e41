//! A guard cannot be kept beyond its value, whose memory is gone by then.
//@ error: E0505

use kata_20_shared_value::Value;

fn main() {
    let value = Value::create(1).unwrap();
    let guard = value.lock();
    #[cfg(refused)]
    drop(value);
    drop(guard);
}
