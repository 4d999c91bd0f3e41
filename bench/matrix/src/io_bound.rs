//! Work that waits: requests to a server, one worker for each of them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::thread;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Way, own_child};

/// The sum of all answers.
pub fn run(way: Way, requests: u64, port: u16) -> u64 {
    let numbers = 0..requests;
    match way {
        Way::Sequential => numbers.map(|number| ask(port, number)).sum(),
        Way::Threads => thread::scope(|scope| {
            let ask = |number| scope.spawn(move || ask(port, number));
            let threads: Vec<_> = numbers.map(ask).collect();
            threads
                .into_iter()
                .map(|it| it.join().expect("an answer"))
                .sum()
        }),
        Way::Processes => {
            let start = |number: u64| {
                own_child(&["io".to_owned(), port.to_string(), number.to_string()])
                    .stdout(Stdio::piped())
                    .spawn()
                    .expect("a child")
            };
            let children: Vec<_> = numbers.map(start).collect();
            let answers = children.into_iter().map(|child| {
                let output = child.wait_with_output().expect("a child that ends");
                number(&output.stdout)
            });
            answers.sum()
        }
        Way::Async => super::one_thread().block_on(async {
            let ask = |number| tokio::spawn(ask_and_let_others(port, number));
            let tasks: Vec<_> = numbers.map(ask).collect();
            let mut sum = 0;
            for task in tasks {
                sum += task.await.expect("an answer");
            }
            sum
        }),
    }
}

/// What the sum has to be.
pub fn expected(requests: u64) -> u64 {
    (0..requests).map(|number| number * number).sum()
}

/// A child process asks once.
pub fn child(port: u16, number: u64) {
    println!("{}", ask(port, number));
}

fn ask(port: u16, asked: u64) -> u64 {
    let mut server = TcpStream::connect(("127.0.0.1", port)).expect("the server is there");
    server
        .write_all(format!("{asked}\n").as_bytes())
        .expect("the server reads");
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).expect("the server answers");
    number(&answer)
}

async fn ask_and_let_others(port: u16, asked: u64) -> u64 {
    let server = tokio::net::TcpStream::connect(("127.0.0.1", port)).await;
    let mut server = server.expect("the server is there");
    let line = format!("{asked}\n");
    server
        .write_all(line.as_bytes())
        .await
        .expect("the server reads");
    let mut answer = Vec::new();
    server
        .read_to_end(&mut answer)
        .await
        .expect("the server answers");
    number(&answer)
}

fn number(text: &[u8]) -> u64 {
    let text = std::str::from_utf8(text).expect("the answer is text");
    text.trim().parse().expect("the answer is a number")
}
