//! Attributes and derives.

use super::{accepted, accepted_with, refused, table};

/// Attributes that say something to people, lints and tools.
#[test]
fn everyday_attributes_are_accepted() {
    accepted(
        "#![doc = \"x\"] #![warn(missing_docs)] #![forbid(unsafe_code)]\n\
         #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, std::hash::Hash)] #[repr(u8)] #[non_exhaustive]\n\
         #[must_use = \"x\"] #[expect(clippy::all, reason = \"x\")] enum A { #[default] #[doc(alias = \"b\")] B }\n\
         #[inline(always)] #[track_caller] #[cold] #[rustfmt::skip] #[clippy::msrv = \"1\"] #[deprecated(note = \"x\")] fn f() { #[allow(unused)] let x = 1; }\n\
         #[diagnostic::on_unimplemented(message = \"x\")] trait T {}",
    );
    assert!(
        accepted("#![allow(dead_code)]\n#[allow(unused)]\nfn f() {}")
            .allow_unused
            .is_none()
    );
}

/// A subject must not know on which face it runs.
#[test]
fn conditional_compilation_is_refused() {
    for source in [
        "#[cfg(test)] mod tests {}",
        "#[cfg(feature = \"model\")] fn f() {}",
        "#[cfg(not(debug_assertions))] use heddle::sync::Mutex;",
        "#![cfg(all())]",
        "#[cfg_attr(all(), no_mangle)] fn f() {}",
        "#![cfg_attr(all(), allow(unused))]",
        "fn f() { #[cfg(test)] { g() } }",
        "fn f() { match x { #[cfg(test)] 1 => 2, _ => 3 } }",
        "struct A { #[cfg(test)] x: u8 }",
        "fn f(#[cfg(test)] x: u8) {}",
        "fn f() { g(#[cfg(test)] 1); A { #[cfg(test)] x: 1 }; }",
        "enum A { #[cfg(test)] B }",
        "impl A { #[cfg(test)] fn f() {} } struct A;",
        "fn f<#[cfg(test)] T>() {}",
    ] {
        refused("cfg", source);
    }
}

/// Attributes that reach past the crate, whatever form they take.
#[test]
fn attributes_for_the_linker_are_refused() {
    for source in [
        "#[no_mangle] pub fn f() {}",
        "#[unsafe(no_mangle)] pub fn f() {}",
        "#[unsafe(link_section = \".init_array\")] fn f() {}",
        "#[export_name = \"exit\"] pub fn f() {}",
        "#[unsafe(export_name = \"exit\")] pub fn f() {}",
        "#[used] const A: u8 = 1;",
        "#[global_allocator] const A: u8 = 1;",
        "#[panic_handler] fn f() {}",
        "#![no_main]",
        "#![no_std]",
        "#![feature(asm)]",
        "#![no_implicit_prelude]",
        "#[test] fn f() {}",
        "#[r#test] fn f() {}",
        "#[core::prelude::v1::test] fn f() {}",
        "#![recursion_limit = \"1000\"]",
        "#[target_feature(enable = \"x\")] fn f() {}",
    ] {
        refused("attribute", source);
    }
}

/// Another file under a module's name.
#[test]
fn a_path_attribute_is_refused() {
    refused("other-file", "#[path = \"/tmp/x.rs\"] mod other { }");
    refused("other-file", "#[path = \"/tmp/x.rs\"] mod other;");
}

/// Docs made by a macro could come from a file.
#[test]
fn a_macro_in_an_attribute_is_refused() {
    refused(
        "attribute",
        "#[doc = include_str!(\"/etc/passwd\")] fn f() {}",
    );
    refused(
        "attribute",
        "#[deprecated(note = concat!(\"a\", env!(\"B\")))] fn f() {}",
    );
    refused("attribute", "#![doc = concat!(\"a\", \"b\")]");
}

/// A derive runs code that the rules do not see.
#[test]
fn an_unknown_derive_is_refused() {
    refused("derive", "#[derive(Debug, Serialize)] struct A;");
    refused("derive", "#[derive(CoercePointee)] struct A;");
    accepted_with(
        "#[derive(Serialize)] struct A;",
        &table("attributes = [\"Serialize\"]"),
    );
    accepted_with(
        "#[target_feature(enable = \"x\")] fn f() {}",
        &table("attributes = [\"target_feature\"]"),
    );
}
