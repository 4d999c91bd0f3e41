//! A condition variable's queue of waiting threads.

use std::time::Duration;

use super::lock::Held;
use super::monitor::{self, Doing, Limit, Object};
use super::notes::Action;
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
        self.wait_until(held, Limit::None, place).0
    }

    /// Waits with a limit; returns whether the time was up.
    pub(crate) fn wait_timeout<'a>(
        &self,
        held: Held<'a>,
        timeout: Duration,
        place: Place,
    ) -> (Held<'a>, bool) {
        self.wait_until(held, Limit::after(timeout), place)
    }

    fn wait_until<'a>(&self, held: Held<'a>, limit: Limit, place: Place) -> (Held<'a>, bool) {
        let me = threads::current();
        let lock = held.into_lock();
        let mut monitor = monitor::enter();
        let doing = Doing::Wait {
            queue: self.object,
            arrival: monitor.next_arrival(),
            notified: false,
            limit,
        };
        monitor.begin(&me, doing, place);
        let queue = self.object;
        let action = Action::Wait {
            queue,
            lock: lock.object(),
            timed: limit.is_timed(),
        };
        me.note(Some(place), action);
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
            if limit.is_over() {
                break true;
            }
            monitor = monitor.sleep(&me, limit);
        };
        monitor.end(&me);
        if timed_out && monitor.owners.contains_key(&lock.object().number) {
            me.note(Some(place), Action::Leave { queue });
        }
        monitor.acquire(&me, lock.object(), place, Some(queue));
        (lock.held(), timed_out)
    }

    pub(crate) fn notify_one(&self, place: Place) {
        self.notify(1, place);
    }

    pub(crate) fn notify_all(&self, place: Place) {
        self.notify(usize::MAX, place);
    }

    /// Notifies up to `most` of the threads that wait, the earliest first.
    fn notify(&self, most: usize, place: Place) {
        let me = threads::current();
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
        let woken = waiting.into_iter().take(most).map(|(_, number)| number);
        let woken: Vec<u64> = woken.collect();
        let action = Action::Notify {
            queue: self.object,
            all: most > 1,
            woken: woken.clone(),
        };
        let by = me.note(Some(place), action);
        for number in woken {
            if let Some(record) = monitor.live.get_mut(&number)
                && let Doing::Wait { notified, .. } = &mut record.doing
            {
                *notified = true;
                record.notified_by = Some(by);
                record.thread.wake().notify_all();
            }
        }
    }
}
