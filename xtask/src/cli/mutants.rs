//! `cargo xtask mutants`: the kill matrix.

mod matrix;
mod pool;
mod table;
