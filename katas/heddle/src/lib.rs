//! The concurrency facade that every kata is written against, and the runners of its claims.

#[cfg(all(feature = "trace", feature = "model"))]
compile_error!("the faces `trace` and `model` of heddle exclude each other: enable one of them");

mod claim;
