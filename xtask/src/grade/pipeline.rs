//! Both builds and all claims, each begun as soon as what it needs is there.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::claim_run::{self, Surroundings};
use super::compile_fail::{self, Compiler};
use super::queue::Queue;
use super::{Event, Fault, First, listing};
use crate::build::{self, FaceBuild, Linkage};
use crate::overlay::{FaceFolder, Overlay};
use crate::process;
use crate::toolchain::Toolchain;
use heddle_terms::catalogue::ClaimDecl;
use heddle_terms::report::{ClaimReport, Face, Kind, Phase, Remark};

/// What building and running a subject gave.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Each face with its build.
    pub(super) builds: Vec<(Face, FaceBuild)>,
    /// The claims that ran, in the order in which they ended.
    pub(super) claims: Vec<ClaimReport>,
    /// What is to be said of saved schedules.
    pub(super) remarks: Vec<Remark>,
    /// When the builds were done.
    pub(super) built: Option<Instant>,
    /// The ids of the claims that were not begun because one that had failed was enough.
    pub(super) left_out: Vec<String>,
}

impl Found {
    fn add(&mut self, more: Found) {
        self.builds.extend(more.builds);
        self.claims.extend(more.claims);
        self.remarks.extend(more.remarks);
        self.built = more.built.or(self.built);
        self.left_out.extend(more.left_out);
    }

    /// Whether a claim has failed; what does not compile is still compiled on every face, since a verdict
    /// names the one that alone does not.
    fn has_failed(&self) -> bool {
        self.claims.iter().any(|claim| !claim.passed())
    }
}

enum Work<'a> {
    CompileFail(Linkage),
    List {
        face: Face,
        binary: PathBuf,
    },
    Claim {
        binary: PathBuf,
        claim: &'a ClaimDecl,
    },
}

struct Pipeline<'a> {
    around: Surroundings<'a>,
    /// The claim that comes before all others, and alone if it fails.
    first: Option<&'a ClaimDecl>,
    overlay: &'a Overlay,
    toolchain: &'a Toolchain,
    queue: Queue<Work<'a>>,
    found: Mutex<Found>,
    fault: Mutex<Option<Fault>>,
    /// How many claims did not end in their time.
    hung: AtomicU32,
}

/// After so many claims that did not end, the others are not run: each would take its whole time too.
const PATIENCE: u32 = 3;

/// Builds the overlay's faces and runs all claims.
///
/// Claims whose build is done run while the other face is still compiled; when a build fails, what
/// has not begun yet is left. For who is satisfied with the first failure it is one face after the other,
/// and one claim before all others where it is named.
pub(super) fn run(
    around: Surroundings<'_>,
    overlay: &Overlay,
    toolchain: &Toolchain,
) -> Result<Found, Fault> {
    let mut faces: Vec<&FaceFolder> = overlay.faces().iter().collect();
    let mut together = faces.len();
    let claims = &around.kata.claims;
    let first = match around.options.fail_fast {
        Some(First::Claim(id)) => claims.iter().find(|claim| claim.id() == id),
        _ => None,
    };
    let begins = match around.options.fail_fast {
        Some(First::Face(face)) => Some(face),
        _ => first.map(|claim| claim.phase.face()),
    };
    if let Some(begins) = begins {
        faces.sort_by_key(|folder| folder.face != begins);
        together = 1;
    }
    let mut found = Found::default();
    for faces in faces.chunks(together) {
        let of_these = |claim: &&ClaimDecl| faces.iter().any(|it| it.face == claim.phase.face());
        match found.has_failed() {
            true => {
                let claims = claims.iter().filter(of_these);
                found.left_out.extend(claims.map(ClaimDecl::id));
            }
            false => {
                let first = first.filter(of_these);
                found.add(at_once(around, overlay, faces, first, toolchain)?);
            }
        }
    }
    Ok(found)
}

/// Builds these faces and runs their claims, all at the same time.
fn at_once(
    around: Surroundings<'_>,
    overlay: &Overlay,
    faces: &[&FaceFolder],
    first: Option<&ClaimDecl>,
    toolchain: &Toolchain,
) -> Result<Found, Fault> {
    let pipeline = Pipeline {
        around,
        first,
        overlay,
        toolchain,
        queue: Queue::new(faces.len()),
        found: Mutex::default(),
        fault: Mutex::default(),
        hung: AtomicU32::new(0),
    };
    std::thread::scope(|scope| {
        for face in faces {
            scope.spawn(|| pipeline.build(face));
        }
        for _ in 0..process::room() {
            scope.spawn(|| pipeline.work());
        }
    });
    match pipeline
        .fault
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
    {
        Some(fault) => Err(fault),
        None => Ok(pipeline
            .found
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)),
    }
}

impl<'a> Pipeline<'a> {
    fn build(&self, folder: &FaceFolder) {
        let face = folder.face;
        (self.around.options.events)(Event::Building { face });
        let mut compile_fail = None;
        let linkable = |linkage: &Linkage| {
            if face == Face::Trace {
                match self.first {
                    None => self.queue.add(Work::CompileFail(linkage.clone())),
                    Some(_) => compile_fail = Some(linkage.clone()),
                }
            }
        };
        let heddle = &self.overlay.fingerprint.heddle;
        let built = build::build_face(self.around.kata, folder, heddle, self.toolchain, linkable);
        (self.around.options.events)(Event::Built { face });
        match built {
            Ok(built) => {
                if !built.succeeded {
                    self.queue.stop();
                } else if let Some(binary) = &built.claims
                    && let Err(fault) = self.claims(face, binary, compile_fail)
                {
                    self.fail(fault);
                }
                let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
                found.builds.push((face, built));
                found.built = Some(Instant::now());
            }
            Err(fault) => self.fail(fault.into()),
        }
        self.queue.producer_done();
    }

    /// Hands out the claims of a face; the one that comes first is run before, and may be enough.
    fn claims(
        &self,
        face: Face,
        binary: &Path,
        compile_fail: Option<Linkage>,
    ) -> Result<(), Fault> {
        let claims = self.around.kata.claims.iter();
        let mut claims: Vec<&ClaimDecl> =
            claims.filter(|claim| claim.phase.face() == face).collect();
        let mut compile_fail = compile_fail.map(Work::CompileFail);
        self.queue.add(Work::List {
            face,
            binary: binary.to_owned(),
        });
        let run = |claim| Work::Claim {
            binary: binary.to_owned(),
            claim,
        };
        // What lasts longest does not begin last, while the other cores have nothing left to do.
        claims.sort_by_key(|claim| claim.phase != Phase::Properties);
        if let Some(first) = self.first {
            match first.error_code {
                None => self.one(run(first))?,
                Some(_) => compile_fail.take().map_or(Ok(()), |work| self.one(work))?,
            }
            let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
            let has_run = |claim: &ClaimDecl| {
                let mut ran = found.claims.iter();
                ran.any(|ran| ran.phase == claim.phase && ran.name == claim.name)
            };
            claims.retain(|claim| !has_run(claim));
            if found.has_failed() {
                found.left_out.extend(claims.into_iter().map(ClaimDecl::id));
                return Ok(());
            }
        }
        if let Some(work) = compile_fail {
            self.queue.add(work);
        }
        for claim in claims {
            if claim.error_code.is_none() {
                self.queue.add(run(claim));
            }
        }
        Ok(())
    }

    fn work(&self) {
        while let Some(work) = self.queue.next() {
            if let Err(fault) = self.one(work) {
                self.fail(fault);
            }
        }
    }

    fn one(&self, work: Work<'_>) -> Result<(), Fault> {
        match work {
            Work::CompileFail(linkage) => {
                let compiler = Compiler {
                    toolchain: self.toolchain,
                    linkage: &linkage,
                };
                for report in compile_fail::run(self.around, compiler)? {
                    self.ended(report);
                }
            }
            Work::List { face, binary } => listing::compare(self.around, face, &binary)?,
            // ORDERING: Relaxed: the count guards nothing, and one claim more or less is no matter.
            Work::Claim { claim, .. } if self.hung.load(Ordering::Relaxed) >= PATIENCE => {
                self.ended(claim_run::not_run(self.around, claim, PATIENCE));
            }
            Work::Claim { binary, claim } => {
                (self.around.options.events)(Event::ClaimStarted {
                    phase: claim.phase,
                    name: claim.name.clone(),
                });
                let (report, remark) = claim_run::run(self.around, &binary, claim)?;
                let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
                found.remarks.extend(remark);
                drop(found);
                self.ended(report);
            }
        }
        Ok(())
    }

    fn ended(&self, report: ClaimReport) {
        if report.kind() == Some(Kind::Timeout) {
            // ORDERING: Relaxed, as where it is read.
            self.hung.fetch_add(1, Ordering::Relaxed);
        }
        (self.around.options.events)(Event::ClaimEnded {
            claim: Box::new(report.clone()),
        });
        self.found
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .claims
            .push(report);
    }

    /// Keeps the first fault; the others follow from it or say the same.
    fn fail(&self, fault: Fault) {
        self.fault
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(fault);
        self.queue.stop();
    }
}
