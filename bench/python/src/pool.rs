//! A pool of four threads maps 50,000 numbers to their squares: the time in nanoseconds.

#[path = "../../../solutions/kata-15-thread-pool/src/lib.rs"]
#[allow(dead_code, reason = "a solution offers more than is measured")]
mod pool;

use std::num::NonZeroUsize;
use std::time::Instant;

use pool::Pool;

const NUMBERS: u64 = 50_000;

fn main() {
    let start = Instant::now();
    let workers = NonZeroUsize::new(4).expect("more than none");
    let ahead = NonZeroUsize::new(1_024).expect("more than none");
    let pool = Pool::new(workers);
    let squares = pool.map(0..NUMBERS, ahead, |number| number * number);
    let sum: u64 = squares.map(|it| it.expect("no square panics")).sum();
    drop(pool);
    let took = start.elapsed();
    assert_eq!(sum, (0..NUMBERS).map(|number| number * number).sum());
    println!("{}", took.as_nanos());
}
