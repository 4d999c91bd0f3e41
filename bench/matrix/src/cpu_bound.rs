//! Work that computes: how many primes there are, found by trial division in a few shares.

use std::process::Stdio;
use std::thread;

use super::{WORKERS, Way, own_child};

/// How many primes there are below the limit.
pub fn run(way: Way, limit: u64) -> u64 {
    match way {
        Way::Sequential => (0..WORKERS).map(|share| primes(share, limit)).sum(),
        Way::Threads => thread::scope(|scope| {
            let count = |share| scope.spawn(move || primes(share, limit));
            let threads: Vec<_> = (0..WORKERS).map(count).collect();
            threads
                .into_iter()
                .map(|it| it.join().expect("a count"))
                .sum()
        }),
        Way::Processes => {
            let start = |share: u64| {
                own_child(&["cpu".to_owned(), share.to_string(), limit.to_string()])
                    .stdout(Stdio::piped())
                    .spawn()
                    .expect("a child")
            };
            let children: Vec<_> = (0..WORKERS).map(start).collect();
            let counts = children.into_iter().map(|child| {
                let output = child.wait_with_output().expect("a child that ends");
                let count = String::from_utf8(output.stdout).expect("a count is text");
                count.trim().parse::<u64>().expect("a count is a number")
            });
            counts.sum()
        }
        Way::Async => super::one_thread().block_on(async {
            let count = |share| tokio::spawn(async move { primes(share, limit) });
            let tasks: Vec<_> = (0..WORKERS).map(count).collect();
            let mut sum = 0;
            for task in tasks {
                sum += task.await.expect("a count");
            }
            sum
        }),
    }
}

/// The same number by a sieve.
pub fn expected(limit: u64) -> u64 {
    let mut composite = vec![false; limit as usize];
    let mut count = 0;
    for number in 2..limit as usize {
        if !composite[number] {
            count += 1;
            (number * number..limit as usize)
                .step_by(number)
                .for_each(|multiple| composite[multiple] = true);
        }
    }
    count
}

/// A child process counts one share.
pub fn child(share: u64, limit: u64) {
    println!("{}", primes(share, limit));
}

/// The primes of a share: blocks of numbers dealt round, so that all shares are as much work.
fn primes(share: u64, limit: u64) -> u64 {
    const BLOCK: u64 = 100;
    let mine = |number: &u64| number / BLOCK % WORKERS == share;
    (2..limit)
        .filter(mine)
        .filter(|number| is_prime(*number))
        .count() as u64
}

fn is_prime(number: u64) -> bool {
    let mut divisor = 2;
    while divisor * divisor <= number {
        if number.is_multiple_of(divisor) {
            return false;
        }
        divisor += 1;
    }
    true
}
