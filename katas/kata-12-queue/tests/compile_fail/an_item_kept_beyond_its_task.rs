//! A reference to the item does not outlive the task, whose end says that the work is over.
//@ error: E0505

use kata_12_queue::Queue;

fn main() {
    let queue = Queue::new(1);
    drop(queue.put(vec![1]));
    let task = queue.get_task().unwrap();
    let first: &i32 = &task[0];
    assert_eq!(*first, 1);
    #[cfg(refused)]
    drop(task);
    #[cfg(refused)]
    assert_eq!(*first, 1);
}
