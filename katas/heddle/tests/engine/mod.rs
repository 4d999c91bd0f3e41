//! The engine check: random programs under the model, compared with two brute-force enumerators.

pub mod program;
pub mod sequential;
pub mod weak;
