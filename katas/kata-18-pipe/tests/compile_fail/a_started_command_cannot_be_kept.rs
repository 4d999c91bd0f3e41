//! The command that started a child is used up, for it would hold the child's end open.
//@ error: E0382

use kata_18_pipe::Connection;
use std::process::Command;

fn main() {
    let command = Command::new("true");
    let _started = Connection::spawn(command);
    #[cfg(refused)]
    drop(command.get_program());
}
