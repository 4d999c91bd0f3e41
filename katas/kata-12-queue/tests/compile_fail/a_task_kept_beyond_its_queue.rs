//! A task does not outlive the queue that counts it.
//@ error: E0505

use kata_12_queue::Queue;

fn main() {
    let queue = Queue::new(1);
    drop(queue.put(1));
    let task = queue.get_task();
    #[cfg(refused)]
    drop(queue);
    drop(task);
}
