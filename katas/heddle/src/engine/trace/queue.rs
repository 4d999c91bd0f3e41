//! A condition variable's queue of waiting threads.

use std::time::{Duration, Instant};

use super::lock::Held;
use super::monitor::{self, Doing, Object};
use super::threads;
use crate::engine::Place;

/// The threads that wait on a condition variable.
#[derive(Debug)]
pub(crate) struct Queue {
    object: Object,
}

impl Queue {
    pub(crate) fn new(place: Place) -> Self {
        Queue {
            object: Object::new("Condvar", place),
        }
    }

    pub(crate) fn wait<'a>(&self, held: Held<'a>, place: Place) -> Held<'a> {
        self.wait_until(held, false, None, place).0
    }

    /// Waits with a limit; returns whether the time was up.
    pub(crate) fn wait_timeout<'a>(
        &self,
        held: Held<'a>,
        timeout: Duration,
        place: Place,
    ) -> (Held<'a>, bool) {
        // A time too far away to be told is as good as none.
        let deadline = Instant::now().checked_add(timeout);
        self.wait_until(held, true, deadline, place)
    }

    fn wait_until<'a>(
        &self,
        held: Held<'a>,
        timed: bool,
        deadline: Option<Instant>,
        place: Place,
    ) -> (Held<'a>, bool) {
        let me = threads::current();
        let lock = held.into_lock();
        let mut monitor = monitor::enter();
        let doing = Doing::Wait {
            queue: self.object,
            arrival: monitor.next_arrival(),
            notified: false,
            timed,
        };
        monitor.begin(&me, doing, place);
        monitor.release(lock.object());
        let timed_out = loop {
            let notified = !matches!(
                monitor.doing(me.number()),
                Some(Doing::Wait {
                    notified: false,
                    ..
                })
            );
            if notified {
                break false;
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                break true;
            }
            monitor = monitor.sleep(&me, deadline);
        };
        monitor.end(&me);
        monitor.acquire(&me, lock.object(), place);
        (lock.held(), timed_out)
    }

    pub(crate) fn notify_one(&self, place: Place) {
        threads::current().note("Condvar::notify_one", place);
        self.notify(1);
    }

    pub(crate) fn notify_all(&self, place: Place) {
        threads::current().note("Condvar::notify_all", place);
        self.notify(usize::MAX);
    }

    /// Notifies up to `most` of the threads that wait, the earliest first.
    fn notify(&self, most: usize) {
        monitor::count();
        let mut monitor = monitor::enter();
        let mut waiting: Vec<(u64, u64)> = monitor
            .live
            .iter()
            .filter_map(|(&number, record)| match record.doing {
                Doing::Wait {
                    queue,
                    arrival,
                    notified: false,
                    ..
                } if queue.number == self.object.number => Some((arrival, number)),
                _ => None,
            })
            .collect();
        waiting.sort_unstable();
        for (_, number) in waiting.into_iter().take(most) {
            if let Some(record) = monitor.live.get_mut(&number)
                && let Doing::Wait { notified, .. } = &mut record.doing
            {
                *notified = true;
                record.thread.wake().notify_all();
            }
        }
    }
}
