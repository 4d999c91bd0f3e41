//! Threads that share a queue.

use heddle::sync::Arc;
use heddle::thread::{Builder, JoinHandle, until_blocked};
use kata_12_queue::Queue;

/// A queue with these items in it.
pub fn holding<T>(capacity: usize, items: impl IntoIterator<Item = T>) -> Arc<Queue<T>> {
    let queue = Queue::new(capacity);
    for item in items {
        assert!(queue.try_put(item).is_ok(), "there is room");
    }
    Arc::new(queue)
}

/// Starts a thread that shares `what`.
pub fn spawn<S, R, F>(name: &str, what: &Arc<S>, body: F) -> JoinHandle<R>
where
    S: Send + Sync + 'static,
    R: Send + 'static,
    F: FnOnce(&S) -> R + Send + 'static,
{
    let what = Arc::clone(what);
    let body = move || body(&what);
    Builder::new().name(name.into()).spawn(body).unwrap()
}

/// Starts a thread that shares `what`; when this returns, it waits for something, or has ended.
pub fn waiting<S, R, F>(name: &str, what: &Arc<S>, body: F) -> JoinHandle<R>
where
    S: Send + Sync + 'static,
    R: Send + 'static,
    F: FnOnce(&S) -> R + Send + 'static,
{
    let thread = spawn(name, what, body);
    until_blocked(thread.thread());
    thread
}
