//! `cargo xtask replay` is this program, built when it is first asked for.

fn main() {}
