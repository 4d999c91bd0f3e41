//! A task counts as done once: dropping it uses it up.
//@ error: E0382

use kata_12_queue::Queue;

fn main() {
    let queue = Queue::new(1);
    drop(queue.put(1));
    let task = queue.get_task();
    drop(task);
    #[cfg(refused)]
    drop(task);
}
