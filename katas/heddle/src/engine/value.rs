//! What the value under a lock looks like, for the kinds of values that are known.
//!
//! A lock asks nothing of its value, so a value cannot be asked to show itself. Whether it is of a
//! type that is known here can be found out all the same, and of such a type it is shown.

use std::any::TypeId;
use std::collections::VecDeque;
use std::marker::PhantomData;

use crate::thread::Thread;

/// The most characters of a value that are shown.
const LONGEST: usize = 48;

/// What a value under a lock looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    /// The value as text, where its type is known.
    pub(crate) text: Option<String>,
    /// Whether there is nothing to look at, as in `()`.
    pub(crate) is_nothing: bool,
}

impl Value {
    /// Looks at a value.
    pub(crate) fn of<T: ?Sized>(value: &T) -> Self {
        Value {
            text: known(value).map(cut),
            is_nothing: size_of_val(value) == 0,
        }
    }
}

/// The value as text, if it is of one of these types or an `Option`, `Vec` or `VecDeque` of one.
fn known<T: ?Sized>(value: &T) -> Option<String> {
    macro_rules! one_of {
        ($($known:ty),* $(,)?) => {
            shown::<T, Thread>(value, name)
                $(.or_else(|| shown::<T, $known>(value, |it| format!("{it:?}"))))*
        };
    }
    one_of!(
        bool,
        char,
        i32,
        i64,
        u8,
        u16,
        u32,
        u64,
        usize,
        String,
        &'static str,
        (bool, bool),
        (bool, usize),
        (usize, bool),
        (usize, usize),
        (u32, u32),
    )
}

/// The value as text, if it is a `K` or some of them.
fn shown<T: ?Sized, K: 'static>(value: &T, show: fn(&K) -> String) -> Option<String> {
    if let Some(one) = as_a::<T, K>(value) {
        return Some(show(one));
    }
    if let Some(perhaps) = as_a::<T, Option<K>>(value) {
        let some = perhaps.as_ref().map(|one| format!("Some({})", show(one)));
        return Some(some.unwrap_or_else(|| "None".to_owned()));
    }
    let several: Vec<String> = match as_a::<T, Vec<K>>(value) {
        Some(vector) => vector.iter().map(show).collect(),
        None => as_a::<T, VecDeque<K>>(value)?.iter().map(show).collect(),
    };
    Some(format!("[{}]", several.join(", ")))
}

/// What reports call a thread.
fn name(thread: &Thread) -> String {
    match thread.name() {
        Some(name) => name.to_owned(),
        None => format!("thread-{}", thread.thread.number() - 1),
    }
}

/// The value as a `K`, if it is one.
fn as_a<T: ?Sized, K: 'static>(value: &T) -> Option<&K> {
    if id_of::<T>() != TypeId::of::<K>() {
        return None;
    }
    // SAFETY: two types with one id differ in lifetimes at most, and `K` is used for no longer than
    // the value is borrowed.
    Some(unsafe { &*std::ptr::from_ref(value).cast::<K>() })
}

/// The id of a type, whatever lifetimes it has.
fn id_of<T: ?Sized>() -> TypeId {
    trait Known {
        fn id(&self) -> TypeId
        where
            Self: 'static;
    }
    impl<T: ?Sized> Known for PhantomData<T> {
        fn id(&self) -> TypeId
        where
            Self: 'static,
        {
            TypeId::of::<T>()
        }
    }
    let unbounded: &dyn Known = &PhantomData::<T>;
    // SAFETY: lifetimes are all that the two differ in, and `id` touches nothing that has one.
    let forever: &(dyn Known + 'static) = unsafe { std::mem::transmute(unbounded) };
    forever.id()
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is known is shown, alone and among others of its kind.
    #[test]
    fn a_value_of_a_known_type_is_shown() {
        assert_eq!(Value::of(&true).text.as_deref(), Some("true"));
        assert_eq!(Value::of(&Some(3_usize)).text.as_deref(), Some("Some(3)"));
        let items = VecDeque::from([1, 2]);
        assert_eq!(Value::of(&items).text.as_deref(), Some("[1, 2]"));
        let here = String::from("a");
        let borrowed: &str = &here;
        assert_eq!(Value::of(&borrowed).text.as_deref(), Some("\"a\""));
    }

    /// Of any other type nothing is known but whether there is something at all.
    #[test]
    fn a_value_of_another_type_is_not_shown() {
        struct Other {
            _it: u32,
        }
        assert_eq!(Value::of(&Other { _it: 1 }).text, None);
        assert!(!Value::of(&Other { _it: 1 }).is_nothing);
        assert!(Value::of(&()).is_nothing);
        let slice: &[u32] = &[1];
        assert_eq!(Value::of(slice).text, None);
    }
}
