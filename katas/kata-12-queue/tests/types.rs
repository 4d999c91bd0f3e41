//! What the types must accept; what they must refuse is under `compile_fail`.

use std::cell::Cell;
use std::fmt::Debug;
use std::rc::Rc;

use heddle::time::Duration;
use kata_12_queue::{GetError, PutError, Queue, Shutdown, Task, TooManyDone};

fn shared_between_threads<T: Sync>() {}
fn sent_to_another_thread<T: Send>() {}
fn plain_value<T: Copy + PartialEq + Debug>() {}

/// A queue is shared between threads although its items may only change threads, not be shared.
#[test]
fn a_queue_needs_items_that_are_only_send() {
    heddle::spec(|| {
        shared_between_threads::<Queue<Cell<u8>>>();
        sent_to_another_thread::<Queue<Cell<u8>>>();
    });
}

/// A queue takes any items: in one thread also such as may not leave it, or are borrowed.
#[test]
fn a_queue_takes_any_items() {
    heddle::spec(|| {
        let (local, queue) = (Cell::new(7), Queue::new(1));
        queue.put(Rc::new(&local)).unwrap();
        queue.get_task().unwrap().set(8);
        assert_eq!(local.get(), 8);
    });
}

/// A task may be handed on to another thread, which then is the one to finish it.
#[test]
fn a_task_may_change_threads() {
    heddle::spec(|| {
        sent_to_another_thread::<Task<'_, Cell<u8>>>();
    });
}

/// Reasons and ways to shut down are plain values that can be copied, compared and printed.
#[test]
fn reasons_are_plain_values() {
    heddle::spec(|| {
        plain_value::<PutError<u8>>();
        plain_value::<GetError>();
        plain_value::<TooManyDone>();
        plain_value::<Shutdown>();
    });
}

/// Each way to put takes the item and may give it back; each way to get gives one or says why not.
#[test]
fn what_goes_in_comes_out_or_back() {
    fn every_way(queue: &Queue<String>, item: &str) -> Result<(), PutError<String>> {
        queue.put(item.to_owned())?;
        queue.try_put(item.to_owned())?;
        queue.put_timeout(item.to_owned(), Duration::ZERO)
    }
    fn every_way_back(queue: &Queue<String>) -> Result<[String; 3], GetError> {
        Ok([
            queue.get()?,
            queue.try_get()?,
            queue.get_timeout(Duration::ZERO)?,
        ])
    }
    heddle::spec(|| {
        let queue = Queue::new(0);
        every_way(&queue, "item").unwrap();
        assert_eq!(every_way_back(&queue).unwrap(), ["item"; 3]);
    });
}

/// A task reads through `&` and changes its item through `&mut`.
#[test]
fn a_task_reads_and_writes_its_item() {
    heddle::spec(|| {
        fn read(task: &Task<'_, Vec<u8>>) -> usize {
            task.len()
        }
        fn write(task: &mut Task<'_, Vec<u8>>) {
            task.push(1);
        }
        let queue = Queue::new(0);
        queue.put(Vec::new()).unwrap();
        let mut task = queue.get_task().unwrap();
        write(&mut task);
        assert_eq!(read(&task), 1);
    });
}
