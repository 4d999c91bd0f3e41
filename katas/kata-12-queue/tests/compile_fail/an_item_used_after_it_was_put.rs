//! An item that was put belongs to the queue: nobody changes it while another thread works on it.
//@ error: E0382

use kata_12_queue::Queue;

fn main() {
    let queue = Queue::new(1);
    let mut item = vec![1];
    item.push(2);
    drop(queue.put(item));
    #[cfg(refused)]
    item.push(3);
}
