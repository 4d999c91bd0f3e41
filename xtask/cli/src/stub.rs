//! `cargo xtask stub`: derive, compare, write.

use heddle_terms::catalogue::Kata;
use xtask::stub::{self, Written};

use super::args::Request;
use super::console::{Done, Outcome, Trouble, complain, say};
use super::site::Site;
use super::text::kata_title;

/// Derives the stubs of the katas that the request names.
pub fn run(request: &Request) -> Outcome {
    request.at_most_one(&["check", "write"])?;
    let site = Site::discover()?;
    if request.has("check") {
        return check(&site.katas(request, 0)?);
    }
    if request.has("write") {
        return write(&site.katas(request, 0)?);
    }
    let kata = site.kata(request, 0)?;
    say(&stub::of(&kata).map_err(Trouble::fault)?)?;
    Ok(Done::Passed)
}

fn check(katas: &[Kata]) -> Outcome {
    let mut done = Done::Passed;
    for kata in katas {
        match stub::check(kata) {
            Ok(()) => say(&format!("✓ {}\n", kata_title(&kata.id)))?,
            Err(error) => {
                say(&format!("✗ {}: {error}\n", kata_title(&kata.id)))?;
                done = Done::NotPassed;
            }
        }
    }
    Ok(done)
}

fn write(katas: &[Kata]) -> Outcome {
    let mut done = Done::Passed;
    for kata in katas {
        match stub::write(kata) {
            Ok(written) => {
                let what = match written {
                    Written::Unchanged => "is the stub already",
                    Written::Created => "created",
                    Written::Replaced => "replaced",
                };
                let file = kata.workspace.display(&kata.learner_file());
                say(&format!("✓ {file}: {what}\n"))?;
            }
            Err(error) => {
                complain(&format!("✗ {}: {error}", kata_title(&kata.id)));
                done = Done::NotPassed;
            }
        }
    }
    Ok(done)
}
