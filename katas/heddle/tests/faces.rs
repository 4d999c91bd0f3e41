//! What the items of heddle can do is the same on every face, as far as the types can tell.

use std::panic::{RefUnwindSafe, UnwindSafe};

use heddle::cell::UnsafeCell;
use heddle::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize};
use heddle::sync::{Arc, Condvar, Mutex, MutexGuard, Weak};
use heddle::thread::{self, JoinHandle, Scope, ScopedJoinHandle, Thread, ThreadId};

fn is_shared<T: Send + Sync>() {}

fn is_sent<T: Send>() {}

fn survives_a_panic<T: UnwindSafe + RefUnwindSafe>() {}

/// What threads share can be shared, and what one thread hands over can be sent.
#[test]
fn the_items_are_sent_and_shared_as_in_std() {
    is_shared::<Mutex<u32>>();
    is_shared::<Mutex<std::cell::Cell<u32>>>();
    is_shared::<Condvar>();
    is_shared::<Arc<Mutex<u32>>>();
    is_shared::<Weak<Mutex<u32>>>();
    is_shared::<AtomicBool>();
    is_shared::<AtomicUsize>();
    is_shared::<AtomicPtr<std::rc::Rc<u32>>>();
    is_shared::<Thread>();
    is_shared::<ThreadId>();
    is_shared::<JoinHandle<u32>>();
    is_shared::<Scope<'_, '_>>();
    is_shared::<ScopedJoinHandle<'_, u32>>();
    is_sent::<UnsafeCell<u32>>();
    is_shared::<&MutexGuard<'_, u32>>();
}

/// What `std` lets cross a `catch_unwind` crosses it.
#[test]
fn the_items_cross_a_catch_unwind_as_in_std() {
    survives_a_panic::<Mutex<std::cell::Cell<u32>>>();
    survives_a_panic::<Condvar>();
    survives_a_panic::<AtomicBool>();
    survives_a_panic::<AtomicUsize>();
    survives_a_panic::<AtomicPtr<u32>>();
    survives_a_panic::<Arc<Mutex<u32>>>();
}

/// A panic while a lock is held poisons it, with the value still to be had.
#[cfg(not(feature = "model"))]
#[test]
fn a_panic_poisons_the_lock() {
    let lock = Mutex::new(1);
    let result = std::panic::catch_unwind(|| {
        let _guard = lock.lock().unwrap();
        panic!("on purpose");
    });
    assert!(result.is_err());
    assert!(lock.is_poisoned());
    assert_eq!(*lock.lock().unwrap_err().into_inner(), 1);
    lock.clear_poison();
    assert_eq!(*lock.lock().unwrap(), 1);
}

/// A thread of a scope may make another one, and the scope waits for both.
#[test]
fn a_scope_waits_for_threads_of_threads() {
    let claim = || {
        let total = AtomicUsize::new(0);
        thread::scope(|scope| {
            scope.spawn(|| {
                scope.spawn(|| total.fetch_add(1, std::sync::atomic::Ordering::SeqCst));
            });
        });
        assert_eq!(total.into_inner(), 1);
    };
    #[cfg(feature = "model")]
    heddle::model(claim);
    #[cfg(not(feature = "model"))]
    heddle::spec(claim);
}

/// A panic of a thread reaches its join, and one that nobody joins reaches the end of the scope.
#[cfg(not(feature = "model"))]
#[test]
fn a_panic_reaches_the_join() {
    let joined = thread::spawn(|| panic!("on purpose")).join();
    assert!(joined.is_err());
    let scoped = std::panic::catch_unwind(|| {
        thread::scope(|scope| {
            let caught = scope.spawn(|| panic!("on purpose")).join();
            assert!(caught.is_err());
        });
    });
    assert!(scoped.is_ok(), "a panic that was joined is nobody else's");
    let left = std::panic::catch_unwind(|| {
        thread::scope(|scope| {
            scope.spawn(|| panic!("on purpose"));
        });
    });
    assert!(left.is_err());
}
