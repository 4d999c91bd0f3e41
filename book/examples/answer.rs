//! A future with one reader: a channel with room for one.

use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

fn main() {
    // ANCHOR: answer
    let (promise, future) = sync_channel(1);
    let worker = thread::spawn(move || promise.send(6 * 7).unwrap());
    let answer = future.recv_timeout(Duration::from_secs(60));
    assert_eq!(answer, Ok(42));

    let (promise, future) = sync_channel::<u32>(1);
    drop(promise); // the worker is gone without an answer
    assert!(future.recv().is_err()); // and the reader learns of it
    // ANCHOR_END: answer
    worker.join().unwrap();
}
