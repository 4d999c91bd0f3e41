//! `cargo xtask lint`: clippy and rustdoc over every solution and alternative, through their overlays.

use std::io::{Write, stderr};
use std::process::{Command, Output};
use std::sync::mpsc::{self, Receiver, Sender};

use heddle_cli::args::Request;
use heddle_cli::console::{Done, Outcome, Trouble, say};
use heddle_cli::site::Site;
use heddle_cli::text::kata_title;
use heddle_terms::catalogue::Kata;
use heddle_terms::report::Face;
use xtask::overlay::{FaceFolder, Fingerprint, Overlay};
use xtask::subject::Subject;
use xtask::toolchain::Toolchain;

/// A subject, ready for cargo's tools.
struct Prepared {
    kata: Kata,
    label: String,
    is_solution: bool,
    overlay: Overlay,
    toolchain: Toolchain,
}

impl Prepared {
    fn new(kata: &Kata, subject: &Subject) -> Result<Self, Trouble> {
        let toolchain = Toolchain::find(&kata.workspace.cargo_root).map_err(Trouble::fault)?;
        let resolved = subject.resolve(kata).map_err(Trouble::fault)?;
        let fingerprint = Fingerprint::take(kata, &resolved, &toolchain).map_err(Trouble::fault)?;
        let overlay = Overlay::prepare(kata, &resolved, fingerprint).map_err(Trouble::fault)?;
        overlay.write_packages(kata).map_err(Trouble::fault)?;
        Ok(Self {
            kata: kata.clone(),
            label: subject.label(),
            is_solution: matches!(subject, Subject::Solution),
            overlay,
            toolchain,
        })
    }

    /// The face that it is looked at on. They differ in what heddle is made of, so that the work is shared
    /// out; the solution is linted on each, with the claims that are the same for all.
    fn face(&self, number: usize) -> Face {
        let faces = self.overlay.faces();
        faces[number % faces.len()].face
    }

    /// What cargo's tools have to say on one face; nothing when they find nothing.
    fn complaints(&self, folder: &FaceFolder, number: usize) -> Result<Vec<u8>, Trouble> {
        let mut complaints = Vec::new();
        let is_here = folder.face == self.face(number);
        if self.is_solution || is_here {
            let mut clippy = self.cargo(folder, "clippy");
            let targets = if self.is_solution {
                "--all-targets"
            } else {
                "--lib"
            };
            clippy.args([targets, "--", "-D", "warnings"]);
            complaints.extend(words_of(clippy)?);
        }
        if is_here {
            let mut doc = self.cargo(folder, "doc");
            doc.args(["--no-deps", "--lib"])
                .env("RUSTDOCFLAGS", "-D warnings");
            complaints.extend(words_of(doc)?);
        }
        Ok(complaints)
    }

    fn cargo(&self, folder: &FaceFolder, what: &str) -> Command {
        let mut command = self.toolchain.cargo(&folder.dir);
        let scratch = &self.kata.workspace.scratch;
        command
            .args([what, "--quiet", "--offline", "--target-dir"])
            .arg(scratch.join("lint").join(folder.face.name()));
        command
    }
}

/// Lints what the request names; the compiler's words go to the terminal, a subject's all together.
pub fn run(request: &Request) -> Outcome {
    let site = Site::discover()?;
    let mut subjects = Vec::new();
    for kata in site.katas(request, 0)? {
        subjects.push(Prepared::new(&kata, &Subject::Solution)?);
        for name in kata.alternatives().map_err(Trouble::fault)? {
            subjects.push(Prepared::new(&kata, &Subject::Alternative(name))?);
        }
    }
    // One cargo at a time works in a target folder, and each face has its own.
    std::thread::scope(|scope| {
        let faces: Vec<Receiver<_>> = [Face::Trace, Face::Model]
            .into_iter()
            .map(|face| {
                let (sender, receiver) = mpsc::channel();
                let subjects = &subjects;
                scope.spawn(move || lint(subjects, face, &sender));
                receiver
            })
            .collect();
        tell(&subjects, &faces)
    })
}

/// Lints every subject on one face, in order; ends early when nobody listens any more.
fn lint(subjects: &[Prepared], face: Face, sender: &Sender<Result<Vec<u8>, Trouble>>) {
    for (number, subject) in subjects.iter().enumerate() {
        let folder = subject.overlay.faces().iter().find(|one| one.face == face);
        let complaints = folder.map_or(Ok(Vec::new()), |folder| subject.complaints(folder, number));
        if sender.send(complaints).is_err() {
            return;
        }
    }
}

/// Tells what was found about each subject once every face has looked at it.
fn tell(subjects: &[Prepared], faces: &[Receiver<Result<Vec<u8>, Trouble>>]) -> Outcome {
    let mut done = Done::Passed;
    for subject in subjects {
        let mut complaints = Vec::new();
        for face in faces {
            let gone = |_| Trouble::Fault("a thread of the lints has panicked".to_owned());
            complaints.extend(face.recv().map_err(gone)??);
        }
        let mark = if complaints.is_empty() { "✓" } else { "✗" };
        if !complaints.is_empty() {
            done = Done::NotPassed;
            // What cannot be written to a closed terminal is told by the mark all the same.
            let _ = stderr().write_all(&complaints);
        }
        let title = kata_title(&subject.kata.id);
        say(&format!("{mark} {title} · {}\n", subject.label))?;
    }
    Ok(done)
}

/// What a failing command has written; nothing when it succeeds.
fn words_of(mut command: Command) -> Result<Vec<u8>, Trouble> {
    let Output { status, stderr, .. } = command.output().map_err(|error| {
        Trouble::Fault(format!(
            "cannot run cargo: {error}; `cargo xtask doctor` looks into it"
        ))
    })?;
    match status.success() {
        true => Ok(Vec::new()),
        false if stderr.is_empty() => Ok(format!("cargo ended with {status}\n").into_bytes()),
        false => Ok(stderr),
    }
}
