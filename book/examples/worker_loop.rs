//! The loop of a pool's worker, with the lock given back before the job is run.

use std::sync::{Barrier, Mutex, mpsc};
use std::thread;

type Job = Box<dyn FnOnce() + Send>;

// ANCHOR: loop
fn work(jobs: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let next = jobs.lock().unwrap().recv(); // the guard is gone at this semicolon
        match next {
            Ok(job) => job(),
            Err(mpsc::RecvError) => return, // every sender is gone
        }
    }
}
// ANCHOR_END: loop

fn main() {
    let (sender, receiver) = mpsc::channel::<Job>();
    let jobs = Mutex::new(receiver);
    let meeting = std::sync::Arc::new(Barrier::new(2));
    for _ in 0..2 {
        let meeting = std::sync::Arc::clone(&meeting);
        let meet: Job = Box::new(move || drop(meeting.wait())); // needs both workers at once
        sender.send(meet).unwrap();
    }
    drop(sender);
    thread::scope(|scope| {
        scope.spawn(|| work(&jobs));
        scope.spawn(|| work(&jobs));
    });
}
