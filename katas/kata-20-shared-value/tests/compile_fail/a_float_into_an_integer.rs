//! A fraction cannot be set where an integer is shared.
//@ error: E0308

use kata_20_shared_value::Value;

fn main() {
    let value = Value::create(1).unwrap();
    #[cfg(refused)]
    let _ = value.set(1.5);
    let _ = value.set(2);
}
