//! Running other programs so that each of them ends, whatever it does.

mod children;
mod group;
mod limits;
mod pipes;
mod slots;
mod supervise;

pub use group::{Group, ProcessError, check_interrupted, kill_all};
pub use limits::Limits;
pub(crate) use slots::room;
pub use slots::{Slot, share_cores};
pub use supervise::{End, Ended, Job, run};
