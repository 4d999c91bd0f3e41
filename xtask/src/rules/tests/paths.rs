//! Paths, however they are written.

use super::{accepted, broken, refused};

/// An everyday solution needs nothing that is refused.
#[test]
fn an_everyday_source_is_accepted() {
    accepted(
        r#"
        //! Docs.
        use heddle::sync::atomic::{AtomicU32, Ordering::{self, *}};
        use heddle::sync::{Arc, Condvar as Bell, Mutex, MutexGuard};
        use heddle::thread;
        use heddle::{cell, time::{Duration, Instant}};
        use std::collections::{self, VecDeque};
        use std::fmt::{self, Display};
        use std::{mem, ops::Deref as _};

        #[derive(Debug, Clone, Default, PartialEq, Eq, std::hash::Hash)]
        pub struct Queue<T> { items: VecDeque<T>, more: collections::BTreeMap<u8, Vec<T>> }

        pub enum State { Free, Taken }
        use State::*;
        use self::inner::{helper, Deep};

        mod inner {
            use super::*;
            pub(crate) fn helper() -> State { Free }
            pub(in crate::inner) struct Hidden;
            pub mod deep { pub fn low() -> u32 { super::super::limit() } }
            pub use deep::low as Deep;
        }

        fn limit() -> u32 { u32::MAX.min(str::len("x") as u32) }

        impl<T: fmt::Debug> Display for Queue<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{:?}", self.items) }
        }

        impl<T> Queue<T> where <T as Iterator>::Item: Default, T: Iterator {
            pub fn new() -> Self { let std = 5; let _ = std; Self { items: Default::default(), more: <_>::default() } }
            fn go(&mut self) -> Option<<T as Iterator>::Item> {
                thread::yield_now();
                heddle::hint::spin_loop();
                let taken = mem::take(&mut self.items);
                let many = vec![Instant::now(); 3].into_iter().map(|at| at.elapsed());
                assert!(matches!(many.last(), Some(_)), "{}", taken.len());
                println!("{}", core::cmp::max(1, 2));
                self.items.front_mut()?.next()
            }
        }
        heddle::thread_local! { static DEPTH: std::cell::Cell<u32> = const { std::cell::Cell::new(0) }; }
        "#,
    );
}

/// The three names of std's locks, threads and the rest of it.
#[test]
fn what_heddle_replaces_is_refused() {
    refused("std-sync", "use std::sync::Mutex;");
    refused("std-sync", "use core::sync::atomic::AtomicU8;");
    refused("std-sync", "fn f(x: &std::sync::Arc<u8>) {}");
    refused("std-sync", "fn f() { std::hint::spin_loop() }");
    refused("std-sync", "use std::cell::UnsafeCell;");
    refused("std-thread", "fn f() { std::thread::yield_now() }");
    refused("std-item", "use std::time::Instant;");
    for module in [
        "process",
        "fs",
        "os",
        "env",
        "net",
        "io",
        "alloc",
        "arch",
        "task",
        "backtrace",
        "intrinsics",
    ] {
        refused("std-item", &format!("use std::{module};"));
        refused("std-item", &format!("fn f() {{ std::{module}::f() }}"));
    }
}

/// The refusal says what to write instead.
#[test]
fn the_message_names_what_was_written_and_the_way_out() {
    let broken = broken("use std as s;\n\nfn f() { s::thread::yield_now() }");
    assert_eq!(broken[0].place.to_string(), "src/lib.rs:3:10");
    assert_eq!(
        broken[0].message,
        "`s::thread::yield_now` means `std::thread::yield_now`, which is not allowed: \
         the model checker does not see it; use `heddle::thread`"
    );
}

/// The panic hook records failures and a caught panic hides one.
#[test]
fn the_panic_hook_is_refused() {
    refused("std-item", "use std::panic::set_hook;");
    refused("std-item", "use std::panic; fn f() { panic::take_hook(); }");
    refused(
        "std-item",
        "use std::panic; fn f() { let _ = panic::catch_unwind(|| ()); }",
    );
    accepted("use std::panic; impl panic::UnwindSafe for X {} struct X;");
}

/// A new name for a crate is no new crate.
#[test]
fn a_renamed_std_is_still_refused() {
    refused("std-item", "use std as s; fn f() { s::process::exit(0) }");
    refused("std-item", "use ::std as s; fn f() { s::process::exit(0) }");
    refused(
        "std-item",
        "use core as c; use c as d; fn f() { d::arch::f() }",
    );
    refused(
        "std-item",
        "use {std as s}; use s::{process as p}; fn f() { p::exit(0) }",
    );
    refused(
        "std-item",
        "use std::{self as s}; fn f() { s::process::exit(0) }",
    );
    refused(
        "std-item",
        "pub use std as s; fn f() { crate::s::process::exit(0) }",
    );
    refused("std-item", "use std; fn f() { std::process::exit(0) }");
    refused(
        "std-item",
        "use std; fn f() { self::std::process::exit(0) }",
    );
}

/// `::std` is std whatever surrounds it.
#[test]
fn a_leading_colon_changes_nothing() {
    refused("std-item", "fn f() { ::std::process::exit(0) }");
    refused("std-sync", "use ::std::sync::Mutex;");
    refused("std-sync", "struct A(::core::sync::atomic::AtomicBool);");
    accepted("use ::std::fmt; struct A(::std::vec::Vec<u8>);");
}

/// A raw identifier is the identifier.
#[test]
fn a_raw_identifier_is_still_refused() {
    refused("std-item", "fn f() { r#std::process::exit(0) }");
    refused("std-sync", "use std::r#sync::Mutex;");
    refused(
        "std-sync",
        "use r#std as s; struct A(s::r#sync::Mutex<u8>);",
    );
}

/// Groups inside groups are taken apart.
#[test]
fn a_nested_group_is_taken_apart() {
    refused("std-sync", "use std::{fmt, {ops::Deref, {sync::{Arc}}}};");
    let broken = broken("use std::{fmt,\n    sync::Mutex as M,\n};");
    assert_eq!(broken[0].place.to_string(), "src/lib.rs:2:11");
}

/// A glob of a module of which only a part is allowed would bring the rest unseen.
#[test]
fn a_glob_of_a_partly_allowed_module_is_refused() {
    refused("glob", "use std::*;");
    refused("glob", "use heddle::*;");
    refused("glob", "use heddle::thread::*;");
    refused("glob", "use std::{time::*};");
    refused("glob", "use std as s; use s::*;");
    refused("std-sync", "use std::sync::*;");
    accepted(
        "use std::collections::btree_map::*; use heddle::sync::*; fn f(m: Mutex<VecDeque<atomic::AtomicU8>>) {}",
    );
}

/// Names that come through modules of one's own are followed.
#[test]
fn a_path_through_own_modules_is_followed() {
    refused(
        "std-item",
        "mod a { pub use std as s; } fn f() { a::s::process::exit(0) }",
    );
    refused(
        "std-item",
        "mod a { pub use std as s; } use a::*; fn f() { s::process::exit(0) }",
    );
    refused(
        "std-item",
        "mod a { pub mod b { pub use std as s; } pub use self::b::*; } use crate::a::s as t; fn f() { t::process::exit(0) }",
    );
    refused(
        "std-item",
        "use std as s; mod a { fn f() { super::s::process::exit(0) } }",
    );
    refused(
        "std-item",
        "use std as s; mod a { mod b { use super::super::*; fn f() { s::process::exit(0) } } }",
    );
    refused(
        "std-item",
        "mod a { pub use super::b::*; } mod b { pub use super::a::*; pub use std as s; } fn f() { a::s::process::exit(0) }",
    );
    refused(
        "std-item",
        "fn f() { { use std as s; { s::process::exit(0) } } }",
    );
    refused(
        "std-item",
        "fn f() { fn g() { use std as s; mod m {} s::process::exit(0) } }",
    );
}

/// Paths in types, bounds, patterns and qualified paths are paths.
#[test]
fn every_place_for_a_path_is_searched() {
    for source in [
        "type A = std::process::Child;",
        "struct A<T: std::os::fd::AsFd>(T);",
        "fn f<T>() where T: std::io::Read {}",
        "impl std::io::Read for A {} struct A;",
        "fn f() { <std::process::Command>::new(\"x\"); }",
        "fn f() { <A as std::io::Read>::read(); } struct A;",
        "fn f() -> <A as std::io::Seek>::Out { todo!() } struct A;",
        "fn f() { if let std::io::ErrorKind::Other = g() {} }",
        "fn f() { let std::process::Output { .. } = g(); }",
        "fn f() { std::process::Output { status: 1 }; }",
        "fn f() { let x: Vec<Option<&dyn std::io::Write>> = vec![]; }",
        "fn f() { x.into::<std::process::ExitCode>(); }",
        "const A: fn(i32) -> ! = std::process::exit;",
        "fn f() { let exit = std::process::exit; exit(0) }",
        "impl A { const B: u8 = std::process::X; } struct A;",
        "fn f() { for x in std::env::args() {} }",
        "fn f() -> impl std::io::Write { todo!() }",
        "trait T: std::io::Read {}",
        "enum A { B = std::process::X }",
        "fn f(x: [u8; std::process::X]) {}",
        "fn f() { async { std::process::exit(0) }; || std::process::exit(0); }",
    ] {
        refused("std-item", source);
    }
}

/// What stands behind `<Type>::` belongs to the type.
#[test]
fn an_associated_name_is_no_crate() {
    accepted("fn f() { <u8>::std::x(); <Vec<u8> as Iterator>::process::x(); }");
}

/// What answers differently from run to run hides schedules from the model checker.
#[test]
fn tables_of_random_order_are_refused() {
    for source in [
        "use std::collections::HashMap;",
        "use std::collections::HashSet as Set;",
        "use std::collections::hash_map::Entry;",
        "use std::collections as c; fn f() { c::hash_set::HashSet::<u8>::new(); }",
        "use std::hash::RandomState;",
    ] {
        refused("random", source);
    }
    let told = &broken("use std::collections::HashMap;")[0].message;
    assert!(told.contains("BTreeMap"), "{told}");
    refused("glob", "use std::collections::*;");
    accepted(
        "use std::collections::{BTreeMap, BTreeSet, VecDeque, btree_map::Entry}; use std::hash::{Hash, Hasher};",
    );
}

/// Who calls is which claim calls.
#[test]
fn asking_who_calls_is_refused() {
    refused("std-item", "use std::panic::Location;");
    refused("std-item", "fn f() { core::panic::Location::caller(); }");
}
