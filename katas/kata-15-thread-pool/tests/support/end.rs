//! The ways to end a pool.

use heddle::sync::Arc;
use heddle::thread;
use kata_15_thread_pool::{Pending, Pool, TaskError, Wait};

use super::early::drop_it;
use super::gate::{Gate, Held, pool_of};
use super::outcome::value;

/// How a pool ends, with a wait for its workers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    Drop,
    Panic,
    Run,
    Cancel,
}

impl End {
    pub const ALL: [Self; 4] = [Self::Drop, Self::Panic, Self::Run, Self::Cancel];

    /// Has a task end its own pool of two, and returns what became of a pending one.
    ///
    /// # Panics
    ///
    /// When the task does not wait for the other worker.
    pub fn by_a_task(self) -> Result<u8, TaskError> {
        let (pool, gate) = (Arc::new(pool_of(2)), Gate::default());
        let (own, waits, held) = (Arc::clone(&pool), gate.clone(), Held::new(&pool, 1));
        let worker = value(pool.submit(thread::current));
        let future = pool.submit(move || {
            waits.pass();
            self.of_the_last(own);
        });
        let pending = pool.submit(|| 2);
        drop(pool);
        gate.open();
        thread::until_blocked(&worker);
        assert!(!future.is_done(), "it has not waited for the other worker");
        assert_eq!(value(held.let_go()), 1);
        value(future);
        pending.result()
    }

    /// Ends a pool that has no other owner any more.
    fn of_the_last(self, owner: Arc<Pool>) {
        let pool = Arc::into_inner(owner).expect("nobody else owns the pool");
        match self {
            Self::Drop => drop_it(pool, false),
            Self::Panic => drop_it(pool, true),
            Self::Run => pool.shutdown(Wait::Workers, Pending::Run),
            Self::Cancel => pool.shutdown(Wait::Workers, Pending::Cancel),
        }
    }
}
