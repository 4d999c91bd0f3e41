//! `cargo xtask lint`: clippy and rustdoc over every solution and alternative, through their overlays.

use std::process::Command;

use heddle_terms::catalogue::Kata;
use heddle_terms::report::Face;
use xtask::overlay::{FaceFolder, Fingerprint, Overlay};
use xtask::subject::Subject;
use xtask::toolchain::Toolchain;

use heddle_cli::args::Request;
use heddle_cli::console::{Done, Outcome, Trouble, say};
use heddle_cli::site::Site;
use heddle_cli::text::kata_title;

/// Lints what the request names; the compiler's words go straight to the terminal.
pub fn run(request: &Request) -> Outcome {
    let site = Site::discover()?;
    let mut done = Done::Passed;
    for kata in site.katas(request, 0)? {
        let names = kata.alternatives().map_err(Trouble::fault)?;
        let alternatives = names.into_iter().map(Subject::Alternative);
        for subject in std::iter::once(Subject::Solution).chain(alternatives) {
            let clean = lint(&kata, &subject)?;
            let mark = if clean { "✓" } else { "✗" };
            let title = kata_title(&kata.id);
            say(&format!("{mark} {title} · {}\n", subject.label()))?;
            if !clean {
                done = Done::NotPassed;
            }
        }
    }
    Ok(done)
}

/// Whether clippy and rustdoc have nothing to say about a subject and the claims that go with it.
fn lint(kata: &Kata, subject: &Subject) -> Result<bool, Trouble> {
    let toolchain = Toolchain::find(&kata.workspace.cargo_root).map_err(Trouble::fault)?;
    let resolved = subject.resolve(kata).map_err(Trouble::fault)?;
    let fingerprint = Fingerprint::take(kata, &resolved, &toolchain).map_err(Trouble::fault)?;
    let overlay = Overlay::prepare(kata, &resolved, fingerprint).map_err(Trouble::fault)?;
    overlay.write_packages(kata).map_err(Trouble::fault)?;
    let mut clean = true;
    for face in overlay.faces() {
        let mut clippy = cargo(&toolchain, kata, face, "clippy");
        clippy.args(["--all-targets", "--", "-D", "warnings"]);
        clean &= succeeds(clippy)?;
        // The faces differ in what heddle is made of, not in what the subject's docs say.
        if face.face == Face::Trace {
            let mut doc = cargo(&toolchain, kata, face, "doc");
            doc.args(["--no-deps", "--lib"])
                .env("RUSTDOCFLAGS", "-D warnings");
            clean &= succeeds(doc)?;
        }
    }
    Ok(clean)
}

fn cargo(toolchain: &Toolchain, kata: &Kata, face: &FaceFolder, what: &str) -> Command {
    let mut command = toolchain.cargo(&face.dir);
    let folder = kata.workspace.scratch.join("lint").join(face.face.name());
    command
        .args([what, "--quiet", "--offline", "--target-dir"])
        .arg(folder);
    command
}

fn succeeds(mut command: Command) -> Result<bool, Trouble> {
    let status = command.status().map_err(|error| {
        Trouble::Fault(format!(
            "cannot run cargo: {error}; `cargo xtask doctor` looks into it"
        ))
    })?;
    Ok(status.success())
}
