//! Several gradings at a time, with their results in order.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

/// Does `work` for every item on so many threads, and hands the results to `take` in the order
/// of the items, each as soon as it and all before it are there.
///
/// When `take` says no, what has not been begun is left undone.
pub fn in_order<I: Sync, R: Send>(
    items: &[I],
    threads: usize,
    work: impl Fn(&I) -> R + Sync,
    mut take: impl FnMut(&I, R) -> bool,
) {
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // A worker hands over before it goes on: who says no stops it there and then.
        let (sender, results) = mpsc::sync_channel(0);
        for _ in 0..threads.clamp(1, items.len().max(1)) {
            let sender = sender.clone();
            let (next, stopped, work) = (&next, &stopped, &work);
            scope.spawn(move || {
                while !stopped.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { return };
                    if sender.send((index, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting: Vec<Option<R>> = items.iter().map(|_| None).collect();
        let mut due = 0;
        for (index, result) in results {
            waiting[index] = Some(result);
            while let Some(result) = waiting.get_mut(due).and_then(Option::take) {
                if !take(&items[due], result) {
                    stopped.store(true, Ordering::Relaxed);
                    return;
                }
                due += 1;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..50).collect();
        let mut taken = Vec::new();
        in_order(
            &items,
            4,
            |item| item * 2,
            |_, result| {
                taken.push(result);
                true
            },
        );
        assert_eq!(taken, (0..50).map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn hardly_anything_is_begun_after_the_taker_said_no() {
        let items: Vec<usize> = (0..1000).collect();
        let begun = AtomicUsize::new(0);
        in_order(
            &items,
            1,
            |_| begun.fetch_add(1, Ordering::Relaxed),
            |_, _| false,
        );
        assert!(begun.load(Ordering::Relaxed) <= 2);
    }
}
