//! A type that not all bytes are a value of cannot be shared: another process may write any.
//@ error: E0277

use kata_20_shared_value::Value;

fn main() {
    #[cfg(refused)]
    let _value = Value::create(true);
    let _value = Value::create(u8::from(true));
}
