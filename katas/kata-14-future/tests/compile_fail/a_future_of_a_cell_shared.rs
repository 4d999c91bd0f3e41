//! A future whose value cannot be shared between threads cannot be sent: both would have the value.
//@ error: E0277

use std::cell::Cell;

use kata_14_future::{Future, promise};

fn sent<T: Send>(_: T) {}

fn main() {
    let (_, number): (_, Future<u8>) = promise();
    sent(number);
    let (_, cell): (_, Future<Cell<u8>>) = promise();
    #[cfg(refused)]
    sent(&cell);
    drop(cell);
}
