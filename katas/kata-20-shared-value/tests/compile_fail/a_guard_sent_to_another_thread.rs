//! A guard cannot be sent to another thread: only the owner releases.
//@ error: E0277

use kata_20_shared_value::Value;

fn main() {
    let value = Value::create(1).unwrap();
    heddle::thread::scope(|scope| {
        let guard = value.lock();
        #[cfg(refused)]
        scope.spawn(move || drop(guard));
        #[cfg(not(refused))]
        drop(guard);
        scope.spawn(|| drop(value.get()));
    });
}
