//! The ordinary face's cell: `std`'s, with accesses as closures.

/// A cell for data that several threads may reach, without any protection of its own.
///
/// `std::cell::UnsafeCell` hands out a pointer that nobody can watch. Here every access is a
/// closure, so that the model knows where it begins and ends.
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct UnsafeCell<T: ?Sized> {
    value: std::cell::UnsafeCell<T>,
}

impl<T> UnsafeCell<T> {
    /// Puts a value into a new cell.
    pub const fn new(value: T) -> Self {
        UnsafeCell {
            value: std::cell::UnsafeCell::new(value),
        }
    }

    /// Takes the value out of the cell.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> UnsafeCell<T> {
    /// Calls `read` with a pointer to the value, for reading.
    pub fn with<R>(&self, read: impl FnOnce(*const T) -> R) -> R {
        read(self.value.get())
    }

    /// Calls `write` with a pointer to the value, for reading and writing.
    pub fn with_mut<R>(&self, write: impl FnOnce(*mut T) -> R) -> R {
        write(self.value.get())
    }

    /// The value, for the cell's only owner.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }
}

impl<T> From<T> for UnsafeCell<T> {
    fn from(value: T) -> Self {
        UnsafeCell::new(value)
    }
}
