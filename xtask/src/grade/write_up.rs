//! The report of a grading, written as its phases end.

use std::time::{Duration, Instant};

use super::pipeline::Found;
use super::{Fault, verdict};
use crate::build::{self, Diagnosed};
use crate::rules::Judged;
use crate::subject::{Resolved, Subject};
use heddle_terms::catalogue::{ClaimDecl, Kata};
use heddle_terms::report::{
    ClaimReport, Face, Phase, PhaseReport, PhaseStatus, Remark, Report, RuleBroken, SCHEMA, Verdict,
};

/// A report under way.
pub(super) struct WriteUp<'a> {
    kata: &'a Kata,
    report: Report,
    started: Instant,
}

impl<'a> WriteUp<'a> {
    /// A report of which nothing but the subject is known.
    pub(super) fn new(
        kata: &'a Kata,
        subject: &Subject,
        resolved: &Resolved,
        started: Instant,
    ) -> WriteUp<'a> {
        let report = Report {
            schema: SCHEMA,
            kata: kata.id.clone(),
            title: kata.meta.title.clone(),
            subject: subject.label(),
            file: resolved.display.clone(),
            verdict: Verdict::NotStarted,
            phases: Phase::ALL
                .into_iter()
                .map(|phase| blank(kata, phase))
                .collect(),
            remarks: Vec::new(),
            took: Duration::ZERO,
        };
        WriteUp {
            kata,
            report,
            started,
        }
    }

    /// The subject is the stub.
    pub(super) fn not_started(self) -> Report {
        self.finished(Verdict::NotStarted)
    }

    /// The subject breaks rules; at least one.
    pub(super) fn rules_broken(mut self, broken: Vec<RuleBroken>) -> Report {
        let first = broken[0].clone();
        let took = self.started.elapsed();
        let phase = self.phase(Phase::Rules);
        phase.status = PhaseStatus::Failed;
        phase.took = took;
        phase.broken = broken;
        let RuleBroken {
            rule,
            place,
            message,
        } = first;
        self.finished(Verdict::RuleBroken {
            rule,
            place,
            message,
        })
    }

    /// The rules are kept.
    pub(super) fn rules_kept(&mut self, took: Duration) {
        let phase = self.phase(Phase::Rules);
        phase.status = PhaseStatus::Passed;
        phase.took = took;
    }

    /// Everything has been built and run as far as it could be.
    pub(super) fn built(
        mut self,
        found: Found,
        judged: &Judged,
        began: Instant,
    ) -> Result<Report, Fault> {
        let failed: Vec<Face> = found
            .builds
            .iter()
            .filter(|(_, build)| !build.succeeded)
            .map(|(face, _)| *face)
            .collect();
        let faces = found.builds.len();
        let said = found
            .builds
            .into_iter()
            .flat_map(|(_, build)| build.diagnostics)
            .collect();
        let diagnosed = build::merge(said);
        let interface = !diagnosed.iter().any(|one| one.is_error() && one.in_subject);
        let phase = self.phase(Phase::Build);
        phase.took = found.built.map_or(Duration::ZERO, |built| built - began);
        phase.diagnostics = diagnosed.iter().map(|one| one.diagnostic.clone()).collect();
        if !failed.is_empty() {
            phase.status = PhaseStatus::Failed;
            let errors = diagnosed.into_iter().filter(Diagnosed::is_error);
            let errors = errors.map(|one| one.diagnostic).collect();
            return Ok(self.finished(verdict::of_build(&failed, faces, errors, interface)));
        }
        phase.status = PhaseStatus::Passed;
        let claims = self.in_order(found.claims, &found.left_out)?;
        let line = |remark: &Remark| remark.place.as_ref().map(|place| place.line);
        self.report.remarks.extend(found.remarks);
        self.report.remarks.sort_by_key(line);
        let verdict = verdict::of_claims(&claims, &judged.todos);
        self.testing_phases(claims);
        if let (Some(place), true) = (&judged.allow_unused, judged.todos.is_empty()) {
            self.report.remarks.push(Remark {
                message: "no `todo!` is left, so the line that allows unused code can go"
                    .to_owned(),
                place: Some(place.clone()),
            });
        }
        Ok(self.finished(verdict))
    }

    /// The claims as the sources have them; one that did not end is a fault, never a pass.
    fn in_order(
        &self,
        mut claims: Vec<ClaimReport>,
        left_out: &[String],
    ) -> Result<Vec<ClaimReport>, Fault> {
        let mut ordered = Vec::new();
        let begun = |claim: &&ClaimDecl| !left_out.contains(&claim.id());
        for declared in self.kata.claims.iter().filter(begun) {
            let is_it =
                |claim: &ClaimReport| claim.phase == declared.phase && claim.name == declared.name;
            let Some(position) = claims.iter().position(is_it) else {
                return Err(Fault::Claim {
                    claim: declared.id(),
                    problem: "it was never run".to_owned(),
                });
            };
            ordered.push(claims.swap_remove(position));
        }
        Ok(ordered)
    }

    fn testing_phases(&mut self, claims: Vec<ClaimReport>) {
        for claim in claims {
            let phase = self.phase(claim.phase);
            phase.took += claim.took;
            if !claim.passed() {
                phase.status = PhaseStatus::Failed;
            } else if phase.status == PhaseStatus::NotReached {
                phase.status = PhaseStatus::Passed;
            }
            phase.claims.push(claim);
        }
    }

    fn finished(mut self, verdict: Verdict) -> Report {
        self.report.verdict = verdict;
        self.report.took = self.started.elapsed();
        self.report
    }

    fn phase(&mut self, phase: Phase) -> &mut PhaseReport {
        // All phases are there from the beginning, in order.
        &mut self.report.phases[phase as usize]
    }
}

/// A phase of which nothing is known but whether the kata has it.
fn blank(kata: &Kata, phase: Phase) -> PhaseReport {
    let status = match kata.meta.phases.get(phase.name()) {
        Some(reason) => PhaseStatus::Absent {
            reason: reason.clone(),
        },
        None => PhaseStatus::NotReached,
    };
    PhaseReport {
        phase,
        status,
        took: Duration::ZERO,
        claims: Vec::new(),
        broken: Vec::new(),
        diagnostics: Vec::new(),
    }
}
