//! A small HTTP server on this machine, and as much of a client as it takes to ask it.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use heddle::thread::{self, JoinHandle};

/// A server that answers a number of requests and then ends.
pub struct Server {
    address: SocketAddr,
    thread: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Starts a server at a port that the system has chosen.
    pub fn start(requests: usize) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let thread = thread::spawn(move || {
            for _ in 0..requests {
                answer(listener.accept()?.0)?;
            }
            Ok(())
        });
        Self { address, thread }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Waits until all requests have been answered.
    pub fn end(self) {
        self.thread.join().unwrap().unwrap();
    }
}

/// Knows the paths that begin with `/users`, and no others.
fn answer(stream: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(&stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    // The head ends with an empty line.
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    let path = request.split(' ').nth(1).unwrap_or_default();
    let (status, body) = match path.starts_with("/users") {
        true => ("200 OK", path),
        false => ("404 Not Found", ""),
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n");
    write!(&stream, "{head}\r\n{body}")
}

/// Fetches a URL and returns the status of the answer.
///
/// # Panics
///
/// When there is nobody at the address, or what answers does not speak HTTP.
pub fn fetch(url: &str) -> u16 {
    let (host, path) = url
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .expect("the URL has a host and a path");
    let mut stream = TcpStream::connect(host).expect("there is a server");
    let head = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).expect("the answer has a status");
    status.parse().expect("the status is a number")
}

/// An address at which nobody answers: its listener is gone.
pub fn nobodys_url() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    format!("http://{}/", listener.local_addr().unwrap())
}
