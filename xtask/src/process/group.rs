//! Processes in groups of their own, which end together.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// Why a program cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The system refused.
    #[error("{doing} {program}: {source}")]
    System {
        /// What was tried.
        doing: &'static str,
        /// The program.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// [`kill_all`] was called.
    #[error("interrupted")]
    Interrupted,
}

/// The groups that live, and whether there may be new ones.
struct Registry {
    groups: BTreeSet<i32>,
    interrupted: bool,
}

static REGISTRY: Mutex<Registry> = Mutex::new(Registry {
    groups: BTreeSet::new(),
    interrupted: false,
});

fn registry() -> MutexGuard<'static, Registry> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Kills every process that this program started and lets it start no more.
///
/// For the moment before the program ends: what runs in other threads gets
/// [`ProcessError::Interrupted`].
pub fn kill_all() {
    let mut registry = registry();
    registry.interrupted = true;
    for group in &registry.groups {
        kill_group(*group);
    }
}

/// Whether [`kill_all`] was called.
///
/// # Errors
///
/// [`ProcessError::Interrupted`] when it was.
pub fn check_interrupted() -> Result<(), ProcessError> {
    match registry().interrupted {
        true => Err(ProcessError::Interrupted),
        false => Ok(()),
    }
}

/// A program in a process group of its own; dropping it kills the group.
#[derive(Debug)]
pub struct Group {
    /// The leader of the group.
    pub child: Child,
    program: String,
    reaped: bool,
}

impl Group {
    /// Starts the program; it dies with the thread that started it.
    ///
    /// # Errors
    ///
    /// When the system refuses, or [`kill_all`] was called.
    pub fn spawn(command: &mut Command) -> Result<Group, ProcessError> {
        let program = command.get_program().to_string_lossy().into_owned();
        let parent = rustix::process::getpid();
        command.process_group(0);
        // SAFETY: the closure only makes system calls, which is allowed between fork and exec.
        unsafe { command.pre_exec(move || die_with_parent(parent)) };
        // Under the lock, so that no group is started behind the back of `kill_all`.
        let mut registry = registry();
        if registry.interrupted {
            return Err(ProcessError::Interrupted);
        }
        let child = command.spawn().map_err(|source| ProcessError::System {
            doing: "cannot run",
            program: program.clone(),
            source,
        })?;
        registry.groups.insert(child.id() as i32);
        Ok(Group {
            child,
            program,
            reaped: false,
        })
    }

    /// The number of the group.
    pub fn id(&self) -> i32 {
        self.child.id() as i32
    }

    /// Kills all processes of the group.
    pub fn kill(&self) {
        if !self.reaped {
            kill_group(self.id());
        }
    }

    /// Waits for the leader, kills what it left behind, and only then lets go of the group's number.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    pub fn wait(&mut self) -> Result<ExitStatus, ProcessError> {
        let system = |program: &str, source| ProcessError::System {
            doing: "cannot wait for",
            program: program.to_owned(),
            source,
        };
        if let Some(pid) = Pid::from_raw(self.id()) {
            let ended = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while let Err(error) = waitid(WaitId::Pid(pid), ended) {
                if error != rustix::io::Errno::INTR {
                    return Err(system(&self.program, error.into()));
                }
            }
        }
        self.kill();
        // Once reaped, the number may belong to somebody else.
        registry().groups.remove(&self.id());
        self.reaped = true;
        self.child
            .wait()
            .map_err(|source| system(&self.program, source))
    }

    /// Waits for the leader and gives what it wrote to its pipes.
    ///
    /// # Errors
    ///
    /// When the system refuses.
    pub fn wait_with_output(mut self) -> Result<Output, ProcessError> {
        use std::io::Read as _;
        let errors = self.child.stderr.take();
        let reader = std::thread::spawn(move || {
            let mut stderr = Vec::new();
            errors.map(|mut errors| errors.read_to_end(&mut stderr));
            stderr
        });
        let mut stdout = Vec::new();
        if let Some(mut output) = self.child.stdout.take() {
            // A pipe that breaks shows in the exit status.
            let _ = output.read_to_end(&mut stdout);
        }
        let status = self.wait()?;
        Ok(Output {
            status,
            stdout,
            stderr: reader.join().unwrap_or_default(),
        })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.reaped {
            self.kill();
            // Nobody is left to tell when this fails.
            let _ = self.wait();
        }
    }
}

fn kill_group(group: i32) {
    if let Some(group) = Pid::from_raw(group) {
        // It fails when nobody is left in it, which is what is wanted.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Ties the new process to the thread that started it; called between fork and exec.
#[cfg(target_os = "linux")]
fn die_with_parent(parent: Pid) -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    // The parent may have died just before.
    if rustix::process::getppid() != Some(parent) {
        return Err(io::Error::other("the parent is gone"));
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent(_parent: Pid) -> io::Result<()> {
    Ok(())
}
