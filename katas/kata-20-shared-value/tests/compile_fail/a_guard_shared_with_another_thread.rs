//! A guard is not used by two threads at once: only one of them owns the lock.
//@ error: E0277

use kata_20_shared_value::Value;

fn main() {
    let value = Value::create(1).unwrap();
    let guard = value.lock().unwrap_or_else(|died| died.into_inner());
    heddle::thread::scope(|scope| {
        #[cfg(refused)]
        scope.spawn(|| guard.set(2));
        guard.set(3);
        scope.spawn(|| drop(value.name().len()));
    });
}
