//! A negative timeout cannot be written: the units of a `Duration` are unsigned.
//@ error: E0600

use heddle::time::Duration;
use kata_12_queue::Queue;

fn main() {
    let queue = Queue::new(1);
    drop(queue.put_timeout('a', Duration::from_millis(1)));
    #[cfg(refused)]
    drop(queue.get_timeout(Duration::from_millis(-1_u64)));
}
