//! 200,000 items pass through a queue with room for 1,024: the time in nanoseconds.

#[path = "../../../solutions/kata-12-queue/src/lib.rs"]
#[allow(dead_code, reason = "a solution offers more than is measured")]
mod queue;

use std::thread;
use std::time::Instant;

use queue::Queue;

const ITEMS: u64 = 200_000;
const CAPACITY: usize = 1_024;

fn main() {
    let queue = Queue::new(CAPACITY);
    let start = Instant::now();
    let sum = thread::scope(|scope| {
        scope.spawn(|| {
            for item in 0..ITEMS {
                assert!(queue.put(item).is_ok(), "nobody shuts the queue down");
            }
        });
        let taken = (0..ITEMS).map(|_| queue.get().expect("nobody shuts the queue down"));
        taken.sum::<u64>()
    });
    let took = start.elapsed();
    assert_eq!(sum, ITEMS * (ITEMS - 1) / 2);
    println!("{}", took.as_nanos());
}
