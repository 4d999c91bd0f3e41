//! Macros, and what is hidden in their arguments.

use super::{accepted, accepted_with, broken, refused, refused_with, table};

/// Macros that reach out of the source, or hide what they do.
#[test]
fn a_macro_that_is_not_listed_is_refused() {
    for name in [
        "include",
        "include_str",
        "include_bytes",
        "env",
        "option_env",
        "asm",
        "global_asm",
        "compile_error",
        "module_path",
        "nothing_known",
    ] {
        refused("macro", &format!("fn f() {{ {name}!(\"x\"); }}"));
        refused("macro", &format!("{name}!{{\"x\"}}"));
    }
    refused("cfg", "fn f() -> bool { cfg!(feature = \"model\") }");
    refused("std-thread", "thread_local! { static A: u8 = 1; }");
    refused("std-thread", "std::thread_local! { static A: u8 = 1; }");
    refused("std-item", "fn f() { core::arch::asm!(\"\") }");
    refused("crate", "fn f() { libc::m!() }");
    refused(
        "heddle-internals",
        "fn f() { heddle::proptest::proptest!() }",
    );
}

/// A macro under another name is the macro.
#[test]
fn a_renamed_macro_is_still_refused() {
    refused(
        "std-thread",
        "use std::thread_local as t; t! { static A: u8 = 1; }",
    );
    refused(
        "std-item",
        "use std::include_str as i; fn f() { i!(\"x\") }",
    );
    refused(
        "std-item",
        "mod a { pub use core::arch::asm as b; } fn f() { a::b!(\"\") }",
    );
    refused("macro", "use std as s; fn f() { s::env!(\"x\") }");
    refused("macro", "fn f() { r#env!(\"x\") }");
    accepted("use std::{assert_eq as same, println}; fn f() { same!(1, 1); println!(); }");
    accepted("use heddle::thread_local; thread_local! { static A: u8 = 1; }");
    accepted("use heddle::thread_local as each; each! { static A: u8 = 1; }");
    accepted(
        "fn f() { std::println!(); ::core::assert!(true); std::ptr::addr_of!(x); std::pin::pin!(x); }",
    );
}

/// A function of the same name does not stand for the macro.
#[test]
fn a_function_with_the_name_of_a_macro_hides_nothing() {
    refused("macro", "fn env() {} fn f() { env!(\"x\") }");
    assert_eq!(accepted("fn todo() {} fn f() { todo!() }").todos.len(), 1);
}

/// The arguments of a macro are searched however deep.
#[test]
fn a_path_hidden_in_macro_arguments_is_refused() {
    for source in [
        "fn f() { vec![std::process::exit(0)]; }",
        "fn f() { vec![1; { ::std::process::exit(0) }]; }",
        "fn f() { assert!(matches!(x, std::io::ErrorKind::Other)); }",
        "fn f() { println!(\"{}\", (|| [std :: process :: id()])()[0]); }",
        "use std as s; fn f() { vec![s::process::exit(0)]; }",
        "fn f() { use std as s; vec![s::process::exit(0)]; }",
        "fn f() { vec![r#std::process::exit(0)]; }",
        "fn f() { vec![<std::process::Command>::new(x)]; }",
        "fn f() { vec![<A as std::io::Read>::read(x)]; }",
        "fn f() { vec![Vec::<std::process::Command>::new()]; }",
        "fn f() { vec![a > ::std::process::id()]; }",
        "fn f() { dbg!(std/**/::process::exit(0)); }",
        "fn f() { debug_assert!(std::process::exit(0)); }",
        "heddle::thread_local! { static A: std::process::Command = x(); }",
        "fn f() { panic!(\"{}\", self::a::s::process::id()) } mod a { pub use std as s; }",
    ] {
        refused("std-item", source);
    }
    refused("std-sync", "fn f() { vec![std::sync::Mutex::new(0)] }");
    refused("crate", "fn f() { vec![libc::x::y()] }");
    refused("macro", "fn f() { vec![env!(\"x\")] }");
    refused("macro", "fn f() { vec![std::include!(\"x\")] }");
    refused("std-thread", "fn f() { vec![{ thread_local! {} }] }");
    refused("cfg", "fn f() { assert!(cfg!(test)) }");
    refused("cfg", "fn f() { vec![{ #[cfg(test)] let x = 1; x }] }");
    refused("attribute", "fn f() { vec![{ #[no_mangle] fn g() {} }] }");
    refused("derive", "fn f() { vec![{ #[derive(Own)] struct A; }] }");
    refused("heddle-internals", "fn f() { vec![heddle::model(|| ())] }");
}

/// Declarations inside arguments would need a parser to be followed.
#[test]
fn a_declaration_in_macro_arguments_is_refused() {
    refused("macro-arguments", "fn f() { vec![{ use std as s; 1 }]; }");
    refused("macro-arguments", "fn f() { vec![{ mod m {} 1 }]; }");
    refused("extern", "fn f() { vec![{ extern \"C\" { fn x(); } 1 }]; }");
    refused(
        "own-macro",
        "fn f() { vec![{ macro_rules! m { () => {} } 1 }]; }",
    )
}

/// What looks like a path inside a macro but is none.
#[test]
fn everyday_macro_arguments_are_accepted() {
    accepted(
        "fn f() { assert!(a.std < b.process && x != (1), \"{std}\"); vec![A { std: 1, fmt: std::fmt::Error }]; \
         assert_eq!(<u8>::max_value(), u8::MAX); matches!(x, Some(y) if y::<'static, u8>()); write!(f, \"{:?}\", T::default()); \
         vec![Vec::<u8>::new()]; format!(\"{x:>1$}\", a!=[1]); }",
    );
}

/// A macro of one's own could name anything.
#[test]
fn an_own_macro_is_refused() {
    refused("own-macro", "macro_rules! m { () => {} }");
    refused(
        "own-macro",
        "mod a { macro_rules! m { ($x:ident) => { std::$x::exit(0) } } }",
    );
    refused("own-macro", "fn f() { macro_rules! m { () => {} } }");
    refused("own-macro", "pub macro m() { 1 }");
    let rules: Vec<_> = broken("macro_rules! m { () => {} } fn f() { m!() }")
        .into_iter()
        .map(|one| one.rule)
        .collect();
    assert_eq!(rules, ["own-macro", "macro"]);
}

/// A kata may allow a macro by its name.
#[test]
fn what_the_kata_allows_of_macros_is_accepted() {
    let more = table("macros = [\"module_path\"]");
    accepted_with(
        "fn f() { module_path!(); std::module_path!(); } use std::module_path;",
        &more,
    );
    refused_with("macro", "fn f() { env!(\"x\") }", &more);
}

/// Every `todo!` is reported, wherever it hides, with what it says.
#[test]
fn every_todo_is_found() {
    let judged = accepted(
        "#![allow(unused, reason = \"x\")]\nfn f() { todo!(\"keep {{it}}\") }\nfn g() { vec![todo!()]; std::unimplemented!(\"x\"); }\nuse std::todo as later; fn h() { later!() }",
    );
    let found: Vec<_> = judged
        .todos
        .iter()
        .map(|todo| (todo.place.line, todo.place.column, todo.message.as_str()))
        .collect();
    assert_eq!(
        found,
        [(2, 10, "keep {it}"), (3, 15, ""), (3, 25, "x"), (4, 34, "")]
    );
    let allow = judged.allow_unused.expect("the stub's line is there");
    assert_eq!(allow.to_string(), "src/lib.rs:1:1");
}
