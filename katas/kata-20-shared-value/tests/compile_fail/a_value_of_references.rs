//! A reference cannot be shared: in another process its address means nothing.
//@ error: E0277

use kata_20_shared_value::Value;

fn main() {
    let number = 5_u32;
    #[cfg(refused)]
    let _value = Value::create(&number);
    let _value = Value::create(number);
}
