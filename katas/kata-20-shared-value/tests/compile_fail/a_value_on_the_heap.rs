//! What owns memory of this process cannot be shared with another one.
//@ error: E0277

use kata_20_shared_value::Value;

fn main() {
    let text = String::from("five");
    #[cfg(refused)]
    let _value = Value::create(text.clone());
    let _value = Value::create(text.len());
}
