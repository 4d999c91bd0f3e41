//! The browser's protocol over a pair of pipes: JSON messages that end with a zero byte.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::BrowserError;

/// A browser that says nothing for so long hangs.
const WATCHDOG: Duration = Duration::from_secs(120);

/// The two ends of the conversation.
#[derive(Debug)]
pub(crate) struct Pipe {
    to: ChildStdin,
    from: Receiver<Value>,
    events: VecDeque<Value>,
    last: u64,
}

impl Pipe {
    pub(crate) fn new(to: ChildStdin, from: ChildStdout) -> Pipe {
        let (sender, receiver) = channel();
        std::thread::spawn(move || read(from, &sender));
        Pipe {
            to,
            from: receiver,
            events: VecDeque::new(),
            last: 0,
        }
    }

    /// Asks for something and waits for the answer; events that come meanwhile are kept.
    pub(crate) fn call(
        &mut self,
        session: Option<&str>,
        method: &str,
        params: Value,
    ) -> Result<Value, BrowserError> {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to
            .write_all(&bytes)
            .map_err(BrowserError::broken("asked"))?;
        loop {
            let answer = self.receive(method)?;
            if answer["id"] == self.last {
                return match answer["error"]["message"].as_str() {
                    None => Ok(answer["result"].clone()),
                    Some(message) => Err(BrowserError::Refused {
                        method: method.to_owned(),
                        message: message.to_owned(),
                    }),
                };
            }
            self.events.push_back(answer);
        }
    }

    /// The next event, kept or still to come.
    pub(crate) fn event(&mut self, waiting_for: &str) -> Result<Value, BrowserError> {
        match self.events.pop_front() {
            Some(event) => Ok(event),
            None => self.receive(waiting_for),
        }
    }

    /// The events that have come so far.
    pub(crate) fn events(&mut self) -> Vec<Value> {
        self.events.drain(..).collect()
    }

    fn receive(&self, method: &str) -> Result<Value, BrowserError> {
        self.from.recv_timeout(WATCHDOG).map_err(|error| {
            let why = match error {
                RecvTimeoutError::Timeout => "it has said nothing for two minutes",
                RecvTimeoutError::Disconnected => "it has ended",
            };
            BrowserError::Silent {
                method: method.to_owned(),
                why,
            }
        })
    }
}

fn read(from: ChildStdout, sender: &Sender<Value>) {
    let mut from = BufReader::new(from);
    let mut bytes = Vec::new();
    while from.read_until(0, &mut bytes).is_ok_and(|read| read > 0) {
        bytes.pop();
        if let Ok(message) = serde_json::from_slice(&bytes)
            && sender.send(message).is_err()
        {
            return;
        }
        bytes.clear();
    }
}
