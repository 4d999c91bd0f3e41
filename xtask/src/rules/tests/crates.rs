//! Other crates, heddle's inner parts, and what a kata adds to the lists.

use super::{accepted, accepted_with, broken, refused, refused_with, table};

/// Crates that the kata does not name are not part of it.
#[test]
fn another_crate_is_refused() {
    for name in [
        "loom",
        "parking_lot",
        "crossbeam_utils",
        "libc",
        "rustix",
        "proc_macro",
        "test",
    ] {
        refused("crate", &format!("use {name}::x::Y;"));
        refused("crate", &format!("use {name};"));
        refused("crate", &format!("fn f() {{ {name}::x::y() }}"));
        refused("crate", &format!("fn f() {{ ::{name}::y() }}"));
    }
    let more = table("crates = [\"rustix\"]");
    accepted_with(
        "use rustix::fd::OwnedFd; fn f() { rustix::io::read() }",
        &more,
    );
    refused_with("crate", "use libc::c_int;", &more);
}

/// The runners judge; a subject that could call them would judge itself.
#[test]
fn the_runners_of_claims_are_refused() {
    for name in [
        "spec",
        "property",
        "model",
        "model_with",
        "Require",
        "claim",
        "proptest",
        "explore",
        "x::y",
    ] {
        refused("heddle-internals", &format!("use heddle::{name};"));
        refused(
            "heddle-internals",
            &format!("use heddle as h; fn f() {{ h::{name}(); }}"),
        );
    }
    refused(
        "heddle-internals",
        "use heddle::thread; fn f() { thread::until_blocked(t) }",
    );
    refused(
        "heddle-internals",
        "use heddle::thread::until_blocked as wait;",
    );
    accepted("use heddle::thread::{self, spawn}; fn f() { thread::park() }");
}

/// A kata may allow more of std, down to one item.
#[test]
fn what_the_kata_allows_is_accepted() {
    let more = table("std = [\"std::io\", \"core::sync::atomic::AtomicU8\"]");
    accepted_with(
        "use std::io::{self, *}; use std::sync::atomic::AtomicU8; fn f() { io::stdout() }",
        &more,
    );
    refused_with("std-sync", "use std::sync::atomic::AtomicU16;", &more);
    refused_with("glob", "use std::sync::atomic::*;", &more);
}

/// With `unsafe`, a cell can be shared between threads without anybody watching.
#[test]
fn an_unwatched_cell_is_refused_where_unsafe_is_allowed() {
    let with_unsafe = table("unsafe = true");
    accepted("use std::cell::{Cell, RefCell}; struct A(Cell<u8>);");
    refused_with("std-sync", "use std::cell::Cell;", &with_unsafe);
    refused_with("glob", "use std::cell::*;", &with_unsafe);
    accepted_with(
        "use std::cell::Cell;",
        &table("unsafe = true\nstd = [\"std::cell::Cell\"]"),
    );
    accepted_with("use std::cell::Ref;", &with_unsafe);
}

/// One refused import is one fault, however often its name is used.
#[test]
fn a_refused_import_is_told_once() {
    let broken = broken(
        "use std::thread;\nfn f() { thread::park(); thread::park() }\nfn g() { std::thread::park() }",
    );
    let lines: Vec<_> = broken.iter().map(|one| one.place.line).collect();
    assert_eq!(lines, [1, 3]);
}
