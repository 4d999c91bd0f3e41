//! One process from its start to its end, within its limits.

use std::io;
use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::limits::SystemLimits;
use super::pipes::Stream;
use super::slots::Work;
use super::{Group, Limits, ProcessError, Slot, children};

/// How often the number of processes is looked at.
const WATCH: Duration = Duration::from_millis(25);
/// How many looks at the tree of processes there are to one look at all processes.
const THOROUGH: u32 = 20;
/// How much may come out of the record's pipe; a table of a long schedule is far smaller.
const RECORD: usize = 16 << 20;

/// A program to run within limits, with a pipe for its record.
#[derive(Debug)]
pub struct Job {
    /// The program with its arguments and environment.
    pub command: Command,
    /// The variable that tells the program the number of the record's descriptor.
    pub record_variable: Option<&'static str>,
    /// What it may use.
    pub limits: Limits,
    /// Its core; given back early when it does nothing but wait.
    pub slot: Slot,
}

/// Why a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself.
    Itself,
    /// Its time was over.
    Clock,
    /// It printed too much.
    Output,
    /// It had too many processes.
    Children,
}

/// What became of a process.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Why it ended.
    pub end: End,
    /// Its exit status.
    pub status: ExitStatus,
    /// What it wrote to its record.
    pub record: Vec<u8>,
    /// What it printed, cut in the middle when it is long.
    pub stdout: Vec<u8>,
    /// What it printed as errors, cut likewise.
    pub stderr: Vec<u8>,
    /// How long it ran.
    pub took: Duration,
}

impl Ended {
    /// The signal that ended it.
    pub fn signal(&self) -> Option<i32> {
        self.status.signal()
    }
}

/// Runs a program to its end; all of its group is dead afterwards.
///
/// # Errors
///
/// When the system refuses, or the grading is interrupted.
pub fn run(job: Job) -> Result<Ended, ProcessError> {
    let program = job.command.get_program().to_string_lossy().into_owned();
    let system = |source: io::Error| ProcessError::System {
        doing: "cannot supervise",
        program: program.clone(),
        source,
    };
    let started = Instant::now();
    let (mut group, streams) = start(job.command, job.record_variable, &system)?;
    let mut watch = Watch {
        streams,
        limits: job.limits,
        slot: Some(job.slot),
        work: Work::default(),
        started,
        looks: 0,
    };
    let end = watch.until_end(&group).map_err(&system)?;
    if end != End::Itself {
        group.kill();
    }
    let status = group.wait()?;
    let took = started.elapsed();
    super::check_interrupted()?;
    // Everybody in the group is dead; who left it may hold the pipes open, so nobody waits for their end.
    let [record, stdout, stderr] = watch.streams.map(|mut stream| {
        stream.drain(RECORD);
        stream.into_bytes()
    });
    Ok(Ended {
        end,
        status,
        record,
        stdout,
        stderr,
        took,
    })
}

/// Starts the program in its group with its limits, and gives the pipes: record, stdout, stderr.
fn start(
    mut command: Command,
    record_variable: Option<&'static str>,
    system: &impl Fn(io::Error) -> ProcessError,
) -> Result<(Group, [Stream; 3]), ProcessError> {
    let (record, theirs) = pipe_with(PipeFlags::CLOEXEC).map_err(|error| system(error.into()))?;
    let inherited = theirs.as_raw_fd();
    if let Some(variable) = record_variable {
        command.env(variable, inherited.to_string());
    }
    let limits = SystemLimits::prepare();
    let hand_over = record_variable.is_some();
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // SAFETY: the closure only makes system calls, which is allowed between fork and exec.
    unsafe {
        command.pre_exec(move || {
            if hand_over {
                fcntl_setfd(&theirs, FdFlags::empty())?;
            }
            limits.set()
        });
    }
    let mut group = Group::spawn(&mut command)?;
    // The command owns the writing end; with it gone the pipe closes when the process ends.
    drop(command);
    let pipe = |end: Option<OwnedFd>| {
        end.ok_or_else(|| io::Error::other("a pipe is missing"))
            .and_then(|end| Stream::new(end, false))
            .map_err(system)
    };
    let stdout = pipe(group.child.stdout.take().map(OwnedFd::from))?;
    let stderr = pipe(group.child.stderr.take().map(OwnedFd::from))?;
    Ok((
        group,
        [Stream::new(record, true).map_err(system)?, stdout, stderr],
    ))
}

struct Watch {
    streams: [Stream; 3],
    limits: Limits,
    slot: Option<Slot>,
    work: Work,
    started: Instant,
    looks: u32,
}

impl Watch {
    /// Reads the pipes until the leader has ended or a limit is exceeded.
    fn until_end(&mut self, group: &Group) -> io::Result<End> {
        let leader = Pid::from_raw(group.id()).ok_or(io::ErrorKind::InvalidInput)?;
        let ending = pidfd_open(leader, PidfdFlags::empty())?;
        let deadline = self.started + self.limits.clock + self.limits.grace;
        let mut next_look = self.started + WATCH;
        loop {
            let now = Instant::now();
            if now >= deadline {
                return Ok(End::Clock);
            }
            if now >= next_look {
                if self.too_many_children(group.id()) {
                    return Ok(End::Children);
                }
                next_look = now + WATCH;
            }
            let ended = self.wait(&ending, deadline.min(next_look) - now)?;
            for stream in &mut self.streams {
                stream.drain(RECORD);
            }
            let [record, stdout, stderr] = &self.streams;
            let flooded = stdout.seen + stderr.seen > self.limits.output || record.seen > RECORD;
            if flooded {
                return Ok(End::Output);
            }
            if ended {
                return Ok(End::Itself);
            }
        }
    }

    /// Waits until something can be read, the leader has ended, or the time is over.
    fn wait(&self, ending: &OwnedFd, most: Duration) -> io::Result<bool> {
        let mut waited = vec![PollFd::from_borrowed_fd(ending.as_fd(), PollFlags::IN)];
        let open = self.streams.iter().filter_map(Stream::open);
        waited.extend(open.map(|end| PollFd::from_borrowed_fd(end, PollFlags::IN)));
        let most = Timespec {
            tv_sec: most.as_secs() as i64,
            tv_nsec: i64::from(most.subsec_nanos()),
        };
        match poll(&mut waited, Some(&most)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(waited[0].revents().contains(PollFlags::IN)),
            Err(error) => Err(error.into()),
        }
    }

    fn too_many_children(&mut self, leader: i32) -> bool {
        self.looks += 1;
        let most = self.limits.children;
        let is_thorough = self.looks.is_multiple_of(THOROUGH);
        if is_thorough {
            self.give_back_an_idle_core(leader);
        }
        children::descendants(leader, most) > most
            || (is_thorough && children::members(leader) > most)
    }

    /// Lets others have the core when nothing is computed for some time: a claim that hangs waits out
    /// its own.
    fn give_back_an_idle_core(&mut self, leader: i32) {
        if self.work.has_stopped(children::processor_time(leader)) {
            self.slot = None;
        }
    }
}
