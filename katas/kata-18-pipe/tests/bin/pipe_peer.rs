//! The other process: it takes the end it was given and plays the part named by its argument.
//!
//! A part that goes wrong panics, and the claim that started it sees the exit status.

use kata_18_pipe::{Connection, MAX_MESSAGE};
use std::env;
use std::io::{self, Read, Write};
use std::process::{self, Command};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

fn main() {
    let part = env::args().nth(1).expect("the name of a part");
    match part.as_str() {
        "echo" => echo(),
        "leave" => leave(),
        "leave_a_grandchild" => leave_a_grandchild(),
        "stay" => stay(),
        "send_without_end" => send_without_end(),
        "send_the_greatest" => send_the_greatest(),
        "send_before_receiving" => send_before_receiving(),
        "answer_without_receiving" => answer_without_receiving(),
        "read_standard_input" => read_standard_input(),
        "take_twice" => take_twice(),
        "take_nothing" => take_nothing(),
        "poll_through_a_signal" => poll_through_a_signal(),
        "poll_among_signals" => poll_among_signals(),
        _ => panic!("there is no part `{part}`"),
    }
}

fn end() -> Connection {
    Connection::inherited().expect("a child takes its end")
}

/// Sends back whatever comes, until the end.
fn echo() {
    let mut parent = end();
    while let Some(message) = parent
        .receiver
        .recv()
        .expect("the parent's frames are whole")
    {
        parent.sender.send(&message).expect("the parent listens");
    }
}

/// Says one word and is gone without running a destructor, as a crash would.
fn leave() {
    let mut parent = end();
    parent
        .sender
        .send(b"last words")
        .expect("the parent listens");
    process::exit(0);
}

/// Is gone at once, but leaves a process of its own behind.
fn leave_a_grandchild() {
    let _parent = end();
    let own = env::current_exe().expect("the path of this program");
    Command::new(own).arg("stay").spawn().expect("a grandchild");
    process::exit(0);
}

/// Lives until nobody reads its standard error any more.
fn stay() {
    while io::stderr().write_all(&[b'.'; 4096]).is_ok() {}
}

/// Sends to a parent that does not receive, and waits for room until it is killed.
fn send_without_end() {
    let mut parent = end();
    // Not for ever, even if nothing ever refuses: no stream holds that much.
    for _ in 0..1 << 16 {
        if parent.sender.send(&[7; 1024]).is_err() {
            return;
        }
    }
}

/// Sends the longest message there is.
fn send_the_greatest() {
    let mut parent = end();
    parent
        .sender
        .send(&vec![1; MAX_MESSAGE])
        .expect("the limit itself is allowed");
}

/// Sends far more than the stream holds while it receives as much.
fn send_before_receiving() {
    let Connection {
        mut sender,
        mut receiver,
    } = end();
    thread::scope(|scope| {
        scope.spawn(move || {
            for _ in 0..4 {
                sender.send(&vec![2; 1 << 20]).expect("the parent listens");
            }
        });
        for _ in 0..4 {
            let message = receiver.recv().expect("the parent's frames are whole");
            assert_eq!(message, Some(vec![1; 1 << 20]));
        }
    });
}

/// Answers as soon as a message begins, never takes it, and lives until it is killed.
fn answer_without_receiving() {
    let mut parent = end();
    assert!(
        parent
            .receiver
            .poll(Duration::MAX)
            .expect("a message begins")
    );
    parent
        .sender
        .send(b"it has begun")
        .expect("the parent listens");
    loop {
        thread::park();
    }
}

/// Reads standard input while a message waits, then receives the message.
fn read_standard_input() {
    let mut parent = end();
    assert!(
        parent
            .receiver
            .poll(Duration::MAX)
            .expect("a message waits")
    );
    let taken = io::stdin()
        .read(&mut [0; 16])
        .expect("standard input is open");
    assert_eq!(taken, 0, "standard input must be empty, not the connection");
    let message = parent.receiver.recv().expect("a message waits");
    assert_eq!(message.as_deref(), Some(b"for the connection".as_slice()));
}

/// Takes its end a second time.
fn take_twice() {
    let _parent = end();
    Connection::inherited().expect_err("the end is already taken");
}

/// Takes an end that nobody gave it.
fn take_nothing() {
    Connection::inherited().expect_err("nobody gave an end to this process");
}

static SIGNALS: AtomicU32 = AtomicU32::new(0);

/// Counts the signals to this process from now on; what it returns sends one and waits for it.
fn count_signals() -> fn() {
    const SIGUSR1: i32 = 10;
    unsafe extern "C" {
        fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
        fn kill(process: i32, number: i32) -> i32;
    }
    extern "C" fn note(_: i32) {
        SIGNALS.fetch_add(1, Ordering::SeqCst);
    }
    // SAFETY: the handler does nothing but add to an atomic, which a handler may do.
    unsafe { signal(SIGUSR1, note) };
    || {
        let before = SIGNALS.load(Ordering::SeqCst);
        // SAFETY: a signal to this very process, which has a handler for it.
        unsafe { kill(process::id() as i32, SIGUSR1) };
        while SIGNALS.load(Ordering::SeqCst) == before {
            thread::yield_now();
        }
    }
}

/// Waits for a message and is interrupted by a signal first.
fn poll_through_a_signal() {
    let interrupt = count_signals();
    let Connection {
        mut sender,
        receiver,
    } = end();
    let interrupter = thread::spawn(move || {
        // The first thread waits nowhere but in `poll`.
        while !waits() {
            thread::yield_now();
        }
        interrupt();
        sender.send(b"interrupted").expect("the parent listens");
        sender
    });
    assert!(receiver.poll(Duration::MAX).expect("a signal ends no wait"));
    drop(interrupter.join());
}

/// Polls among signals until it has seen a poll end in time.
///
/// It ends in time if its last interruption was less than the timeout ago: from there it has not
/// waited for the whole of it. If the machine was too busy for that to show, it polls once more.
fn poll_among_signals() {
    const TIMEOUT: Duration = Duration::from_millis(50);
    static IS_OVER: AtomicBool = AtomicBool::new(false);
    let interrupt = count_signals();
    let Connection { receiver, .. } = end();
    let mut in_time = false;
    while !in_time {
        IS_OVER.store(false, Ordering::SeqCst);
        let interrupter = thread::spawn(move || {
            let (mut begin, mut last, mut sent) = (None, None, None);
            loop {
                while !waits() && !IS_OVER.load(Ordering::SeqCst) {
                    thread::yield_now();
                }
                // Behind the look at its state: after its end the first thread waits for this one.
                if IS_OVER.load(Ordering::SeqCst) {
                    return last;
                }
                let begin = *begin.get_or_insert_with(Instant::now);
                // It waits again, so the signal has interrupted it.
                last = sent;
                if last.is_some_and(|last| last > begin + TIMEOUT) {
                    eprintln!("it waits again, after its time was over");
                    process::exit(1);
                }
                sent = Some(Instant::now());
                interrupt();
            }
        });
        let ready = receiver.poll(TIMEOUT).expect("a signal ends no wait");
        let end = Instant::now();
        IS_OVER.store(true, Ordering::SeqCst);
        assert!(!ready, "nothing was sent");
        let last = interrupter.join().expect("it comes through");
        in_time = last.is_some_and(|last| end < last + TIMEOUT);
    }
}

/// Whether the first thread of this process waits in a system call.
fn waits() -> bool {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("/proc is mounted");
    let (_, state) = stat.rsplit_once(") ").expect("the state follows the name");
    state.starts_with('S')
}
