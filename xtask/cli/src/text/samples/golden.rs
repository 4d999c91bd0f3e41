//! How two of the sample reports look, in 100 columns.

/// How the report `spec` looks.
pub const SPEC_TEXT: &str = r#"✗ kata-05 rlock · a claim fails · 0.64 s

  rules       ✓                                              0.04 s
  build       ✓                                              0.04 s
  types       ✓  1 claim                                     0.04 s
  spec        ✗  2 of 2 claims fail                          0.04 s
  properties  ✓  1 claim, 256 cases                          0.04 s
  model       ✓  3 claims, 8,631 schedules                   0.04 s

  spec · the_owner_may_lock_again
  The owner may lock again without waiting for itself.
  katas/kata-05-rlock/tests/spec.rs:12

    assertion `left == right` failed: the depth after two locks
      left: 1
     right: 2

    katas/kata-05-rlock/src/lib.rs:38:9
        36 │     let line_36 = 36;
        37 │     let line_37 = 37;
    ▸   38 │         state = self.changed.wait(state).unwrap();
        39 │     let line_39 = 39;

    It printed:
      last words

  Also
    ✗ spec · depth_counts_the_locks: assertion `left == right` failed: the depth after two locks

  Next: mend this first. Stuck? `cargo xtask hint 05`
"#;

/// How the report `passed` looks.
pub const PASSED_TEXT: &str = r#"✓ kata-05 rlock · passed · 0.64 s

  rules       ✓                                              0.04 s
  build       ✓                                              0.04 s
  types       ✓  1 claim                                     0.04 s
  spec        ✓  2 claims                                    0.04 s
  properties  ✓  1 claim, 256 cases                          0.04 s
  model       ✓  3 claims, 8,631 schedules                   0.04 s

  What was proven
    1 model claim: every schedule with up to 2 preemptions; with the orderings as written, up to 2
      preemptions.
    2 model claims: every sequentially consistent schedule; with the orderings as written, up to 2
      preemptions; each possible fault alone.
    Properties: 256 generated cases.

  Note: `#![allow(unused)]` is no longer needed: every `todo!` is gone
  (katas/kata-05-rlock/src/lib.rs:3:9)

  Next: compare yours with solutions/kata-05-rlock/src/lib.rs and its NOTES.md; then go on with
  kata-08 condition.
"#;
