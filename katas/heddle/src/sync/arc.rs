//! Shared ownership whose owners are counted.

use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::panic::{Location, RefUnwindSafe, UnwindSafe};
use std::sync;
use std::sync::atomic::Ordering::{Acquire, Relaxed};

use crate::engine::{Life, LifeId, in_last_drop};

/// A shared owner, with the methods of `std::sync::Arc` that katas use.
///
/// It wraps `std`'s and counts the owners of each schedule: one that is left when all threads
/// have ended is reported as a leak, with the line that made it. An `Arc<T>` does not turn into
/// an `Arc<dyn Trait>` by itself, as only the language's own types may do that. Weak references
/// are not counted: `weak_count` is left out.
pub struct Arc<T> {
    value: ManuallyDrop<sync::Arc<T>>,
    life: ManuallyDrop<Life>,
}

// As for `std`'s: an owner gives out shared references only.
impl<T: RefUnwindSafe> UnwindSafe for Arc<T> {}

/// A reference that does not keep the value alive.
pub struct Weak<T> {
    value: sync::Weak<T>,
    life: Option<LifeId>,
}

impl<T> Arc<T> {
    /// Moves a value to the heap, with one owner.
    #[track_caller]
    #[must_use]
    pub fn new(value: T) -> Self {
        let life = Life::begin("Arc", Location::caller());
        Arc::from_parts(sync::Arc::new(value), life)
    }

    /// Makes a value that holds a weak reference to itself.
    #[track_caller]
    pub fn new_cyclic(make: impl FnOnce(&Weak<T>) -> T) -> Self {
        let life = Life::begin("Arc", Location::caller());
        let id = life.id();
        let value = sync::Arc::new_cyclic(|weak| {
            make(&Weak {
                value: weak.clone(),
                life: Some(id.clone()),
            })
        });
        Arc::from_parts(value, life)
    }

    /// How many owners there are.
    #[must_use]
    pub fn strong_count(this: &Self) -> usize {
        this.life.id().look(Relaxed);
        sync::Arc::strong_count(&this.value)
    }

    /// Whether two owners share one value.
    #[must_use]
    pub fn ptr_eq(this: &Self, other: &Self) -> bool {
        sync::Arc::ptr_eq(&this.value, &other.value)
    }

    /// The address of the value.
    #[must_use]
    pub fn as_ptr(this: &Self) -> *const T {
        sync::Arc::as_ptr(&this.value)
    }

    /// A reference that does not keep the value alive.
    #[must_use]
    pub fn downgrade(this: &Self) -> Weak<T> {
        Weak {
            value: sync::Arc::downgrade(&this.value),
            life: Some(this.life.id()),
        }
    }

    /// The value, if there is one owner and no weak reference.
    pub fn get_mut(this: &mut Self) -> Option<&mut T> {
        this.life.id().look(Acquire);
        sync::Arc::get_mut(&mut this.value)
    }

    /// Takes the value out, if there is one owner.
    ///
    /// # Errors
    ///
    /// When there are others; the error carries this one.
    pub fn try_unwrap(this: Self) -> Result<T, Self> {
        this.life.id().look(Acquire);
        let (value, life) = this.into_parts();
        sync::Arc::try_unwrap(value).map_err(|value| Arc::from_parts(value, life))
    }

    /// Gives up this owner, and takes the value out if it was the last.
    pub fn into_inner(this: Self) -> Option<T> {
        let (value, life) = this.into_parts();
        life.id().look(Relaxed);
        drop(life);
        sync::Arc::into_inner(value)
    }

    fn from_parts(value: sync::Arc<T>, life: Life) -> Self {
        Arc {
            value: ManuallyDrop::new(value),
            life: ManuallyDrop::new(life),
        }
    }

    fn into_parts(self) -> (sync::Arc<T>, Life) {
        let mut this = ManuallyDrop::new(self);
        // SAFETY: `this` is never dropped, so both parts have one owner.
        unsafe {
            (
                ManuallyDrop::take(&mut this.value),
                ManuallyDrop::take(&mut this.life),
            )
        }
    }
}

impl<T> Clone for Arc<T> {
    fn clone(&self) -> Self {
        Arc::from_parts(sync::Arc::clone(&self.value), Life::clone(&self.life))
    }
}

impl<T> Drop for Arc<T> {
    fn drop(&mut self) {
        // SAFETY: both parts are dropped here, once, and not used after it.
        let (value, life) = unsafe {
            (
                ManuallyDrop::take(&mut self.value),
                ManuallyDrop::take(&mut self.life),
            )
        };
        drop(life);
        if sync::Arc::strong_count(&value) == 1 {
            in_last_drop(|| drop(value));
        }
    }
}

impl<T> Deref for Arc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> AsRef<T> for Arc<T> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T> From<T> for Arc<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Arc::new(value)
    }
}

impl<T: Default> Default for Arc<T> {
    #[track_caller]
    fn default() -> Self {
        Arc::new(T::default())
    }
}

impl<T: PartialEq> PartialEq for Arc<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Arc<T> {}

impl<T: fmt::Debug> fmt::Debug for Arc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: fmt::Display> fmt::Display for Arc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl<T> Weak<T> {
    /// A reference to nothing.
    #[must_use]
    pub fn new() -> Self {
        Weak {
            value: sync::Weak::new(),
            life: None,
        }
    }

    /// An owner of the value, if it still has one.
    #[must_use]
    pub fn upgrade(&self) -> Option<Arc<T>> {
        let life = self.life.as_ref()?;
        life.look(Acquire);
        // Nothing switches between the two: the count and the value agree.
        let value = self.value.upgrade()?;
        Some(Arc::from_parts(value, life.another()))
    }

    /// How many owners there are.
    #[must_use]
    pub fn strong_count(&self) -> usize {
        self.life.iter().for_each(|life| life.look(Relaxed));
        self.value.strong_count()
    }

    /// Whether two references are to one value.
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.value.ptr_eq(&other.value)
    }
}

impl<T> Clone for Weak<T> {
    fn clone(&self) -> Self {
        Weak {
            value: self.value.clone(),
            life: self.life.clone(),
        }
    }
}

impl<T> Default for Weak<T> {
    fn default() -> Self {
        Weak::new()
    }
}

impl<T> fmt::Debug for Weak<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(Weak)")
    }
}
