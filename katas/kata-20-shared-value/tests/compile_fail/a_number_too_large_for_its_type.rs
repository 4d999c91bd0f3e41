//! A number that does not fit is not cut off silently.
//@ error: E0308

use kata_20_shared_value::Value;

fn main() {
    let value = Value::create(1_i32).unwrap();
    let large = 1_i64 << 31;
    #[cfg(refused)]
    let _ = value.set(large);
    let _ = value.set(i32::try_from(large).unwrap_or(i32::MAX));
}
