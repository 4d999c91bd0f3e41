//! A bounded queue that ends when its producers do.

use std::sync::mpsc::sync_channel;
use std::thread;

fn main() {
    // ANCHOR: channel
    let (sender, receiver) = sync_channel(4); // `send` waits while four are in it
    let producers: Vec<_> = (0..2)
        .map(|producer| {
            let sender = sender.clone();
            thread::spawn(move || {
                for number in 0..5 {
                    sender.send(producer * 10 + number).unwrap();
                }
            }) // its sender is dropped here
        })
        .collect();
    drop(sender); // the last one: now only the producers hold the channel open
    let mut got: Vec<i32> = receiver.iter().collect(); // ends when nobody can send any more
    // ANCHOR_END: channel
    for producer in producers {
        producer.join().unwrap();
    }
    got.sort_unstable();
    assert_eq!(got, [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]);
}
