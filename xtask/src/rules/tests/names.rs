//! Names of one's own, and sources that are hard to follow.

use super::super::{Refusal, judge};
use super::{accepted, broken, refused};
use heddle_terms::catalogue::RulesTable;

/// A module called std would make every path through it doubtful.
#[test]
fn a_name_that_hides_a_crate_is_refused() {
    refused("hidden-name", "mod std { pub fn f() {} }");
    refused("hidden-name", "mod r#core {}");
    refused("hidden-name", "struct heddle;");
    refused("hidden-name", "fn f() { mod alloc {} }");
    refused("hidden-name", "use self::inner as std; mod inner {}");
    accepted("use heddle; use ::std; use std::{self}; fn f() { let core = 1; }");
}

/// A hidden crate is refused for what is behind it as well.
#[test]
fn a_crate_renamed_to_another_is_followed() {
    let rules: Vec<_> = broken("use std as heddle; use heddle::sync::Mutex;")
        .into_iter()
        .map(|one| one.rule)
        .collect();
    assert_eq!(rules, ["hidden-name", "std-sync"]);
}

/// Some letters are compiled as others that look alike.
#[test]
fn a_name_that_is_not_ascii_is_refused() {
    refused("unreadable", "fn f() { let größe = 1; }");
    refused("unreadable", "mod m { struct \u{212a}elvin; }");
    refused("unreadable", "fn f() { vec![größe] }");
    accepted("//! Größe.\nconst A: &str = \"größe\"; // größe");
}

/// Imports that feed each other end in a refusal, not in an endless search.
#[test]
fn imports_that_never_end_are_refused() {
    let mut source = String::new();
    for module in 0..12 {
        source.push_str(&format!("mod m{module} {{"));
        for other in 0..12 {
            source.push_str(&format!("pub use super::m{other}::*;"));
        }
        source.push_str("}\n");
    }
    source.push_str("fn f() { m0::x::y() }");
    assert!(
        broken(&source).iter().all(|one| one.rule == "unreadable"),
        "accepted"
    );
    broken("use a::b as c; use c::d as a; fn f() { c::a::f(); }");
}

/// `super` above the root leads nowhere.
#[test]
fn a_path_above_the_root_is_refused() {
    refused("unreadable", "use super::std;");
}

/// A source that does nothing but nest does not end the grader.
#[test]
fn deep_nesting_is_judged_or_refused() {
    for (before, open, close, after) in [
        ("fn f() { ", "!", "", "1 }"),
        ("fn f() { ", "|| ", "", "1 }"),
        ("fn f() { ", "1+", "", "1 }"),
        ("fn f() { a", ".b()?", "", " }"),
        ("fn f() { ", "if a {} else ", "", "{} }"),
        ("fn f() { ", "(", ")", " }"),
        ("fn f() { ", "{", "}", " }"),
        ("fn f() { ", "[&", "]", " }"),
        ("fn f() { ", "a!(", ")", " }"),
        ("type A = ", "&", "", "u8;"),
        ("type A = ", "A<", ">", ";"),
        ("type A = ", "fn() -> ", "", "u8;"),
        ("", "mod a { ", "}", ""),
    ] {
        for size in [3_000, 12_000, 60_000, 120_000] {
            let times = size / (open.len() + close.len());
            let source = format!(
                "{before}{}u8{}{after}",
                open.repeat(times),
                close.repeat(times)
            );
            let refusal = judge(&source, "src/lib.rs", &RulesTable::default());
            if size == 120_000 {
                assert!(refusal.is_err(), "{open}");
            }
        }
    }
    accepted(&format!(
        "fn f() {{ {}1{} }}",
        "(!".repeat(100),
        ")".repeat(100)
    ));
}

/// What is too long to be a kata is not read.
#[test]
fn an_endless_source_is_refused() {
    refused("unreadable", &"// x\n".repeat(100_000));
}

/// A source that is no Rust is left to rustc, which says it better.
#[test]
fn a_source_that_does_not_parse_breaks_no_rule() {
    let refusal = judge(
        "fn f() {\n    let = 1;\n}",
        "src/lib.rs",
        &RulesTable::default(),
    );
    let Err(Refusal::Unparsable { place, .. }) = refusal else {
        panic!("{refusal:?}");
    };
    assert_eq!(place.to_string(), "src/lib.rs:2:9");
    for source in ["fn f() {", "fn f() }", "\"", "fn f() { $ }"] {
        let refusal = judge(source, "src/lib.rs", &RulesTable::default());
        assert!(
            matches!(refusal, Err(Refusal::Unparsable { .. })),
            "{source}: {refusal:?}"
        );
    }
}

/// A byte order mark or a line for a shell do not move anything out of sight.
#[test]
fn what_stands_before_the_text_hides_nothing() {
    refused("std-sync", "\u{feff}use std::sync::Mutex;");
    refused("std-sync", "#!/usr/bin/env x\nuse std::sync::Mutex;");
    refused("unreadable", "#!/usr/bin/env 'x\nstruct größe;");
    refused("unreadable", "\u{feff}#! 'x\nstruct größe;");
    assert_eq!(broken("#!/bin/x\n\nuse std::sync::Mutex;")[0].place.line, 3);
}

/// `unsafe` in every position.
#[test]
fn unsafe_code_is_refused_where_the_kata_does_not_allow_it() {
    let with_unsafe = super::table("unsafe = true");
    for source in [
        "fn f() { unsafe { g() } }",
        "unsafe fn f() {}",
        "unsafe impl Send for A {} struct A;",
        "unsafe trait T {}",
        "struct A; impl A { unsafe fn f() {} }",
        "trait T { unsafe fn f(); }",
        "fn f() { vec![unsafe { g() }] }",
        "fn f() { assert!({ let x = || unsafe { g() }; x() }) }",
    ] {
        refused("unsafe", source);
        super::accepted_with(source, &with_unsafe);
    }
}

/// State that outlives a schedule is not seen.
#[test]
fn a_mutable_static_is_refused() {
    refused("static-mut", "static mut X: u8 = 0;");
    refused(
        "static-mut",
        "fn f() { vec![{ static mut X: u8 = 0; 1 }]; }",
    );
    accepted(
        "const X: u8 = 0; fn f(x: &'static mut u8) { dbg!({ let y: &'static mut u8 = x; }); }",
    );
}

/// Nothing is declared outside of the one file.
#[test]
fn foreign_code_and_other_files_are_refused() {
    refused("extern", "extern \"C\" { fn exit(code: i32) -> !; }");
    refused("extern", "unsafe extern \"C\" { fn exit(code: i32) -> !; }");
    refused("extern", "extern crate std as s;");
    refused("extern", "extern crate alloc;");
    refused("extern", "#[macro_use] extern crate libc;");
    refused("other-file", "mod other;");
    refused("other-file", "#[allow(unused)] mod other;");
    refused("other-file", "mod a { mod other; }");
}

/// A static outlives the schedules of a model, whatever hides in it; a constant does not.
#[test]
fn a_static_is_refused() {
    refused("static", "static X: u8 = 0;");
    refused(
        "static",
        "fn f() { static COUNT: Hidden = Hidden::new(); } struct Hidden;",
    );
    refused("static", "fn f() { vec![{ static X: u8 = 0; 1 }]; }");
    refused(
        "static",
        "heddle::thread_local! { static A: u8 = { static B: u8 = 1; B }; }",
    );
    accepted("const NAMES: [&'static str; 1] = [\"a\"]; fn f<T: 'static>(x: &'static u8) {}");
    accepted("heddle::thread_local! { static A: u8 = 1; static B: u8 = 2; }");
}
