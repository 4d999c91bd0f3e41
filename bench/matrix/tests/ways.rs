//! Every work is done in every way, and whoever does it checks what came of it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_matrix");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/matrix.py");
const WAYS: [&str; 4] = ["sequential", "threads", "processes", "async"];

/// The server while it runs; it ends with its standard input.
struct Server(Child, String);

impl Server {
    fn start() -> Server {
        let mut child = Command::new(PROGRAM)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a server");
        let mut port = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut port).expect("a port");
        Server(child, port.trim().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Does all works in all ways by one language.
fn every_way(program: &str, before: &[&str]) {
    let server = Server::start();
    let works: [&[&str]; 3] = [&["8", &server.1], &["2000"], &["999"]];
    for (work, sizes) in ["io", "cpu", "shared"].into_iter().zip(works) {
        for way in WAYS {
            let mut command = Command::new(program);
            let command = command.args(before).args([work, way]).args(sizes);
            let output = command.output().expect("it can be started");
            let said = String::from_utf8_lossy(&output.stdout);
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{work} {way}: {complaint}");
            assert!(said.trim().parse::<u64>().is_ok(), "{work} {way}: {said}");
        }
    }
}

/// Rust does every work in every way.
#[test]
fn rust_does_every_work_in_every_way() {
    every_way(PROGRAM, &[]);
}

/// Python does so too, where there is one.
#[test]
fn python_does_every_work_in_every_way() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3 here");
        return;
    }
    every_way("python3", &["-I", SCRIPT]);
}
