//! What is weakened, under which names, and what is left alone.

use super::{MechanicalMutant, MutateError, mechanical};

fn mutants(source: &str) -> Vec<MechanicalMutant> {
    mechanical(source).unwrap_or_else(|error| panic!("{error} in\n{source}"))
}

/// The names of the mutants of one function `f` with that body.
fn names(body: &str) -> Vec<String> {
    let source = format!("fn f() {{ {body} }}");
    mutants(&source)
        .into_iter()
        .map(|mutant| mutant.name)
        .collect()
}

/// The body of `f` in each mutant.
fn bodies(body: &str) -> Vec<String> {
    let source = format!("fn f() {{ {body} }}");
    let strip = |mutant: MechanicalMutant| {
        let inside = mutant
            .source
            .strip_prefix("fn f() { ")
            .and_then(|rest| rest.strip_suffix(" }"));
        inside.expect("only the body changes").to_owned()
    };
    mutants(&source).into_iter().map(strip).collect()
}

/// Each ordering becomes the next weaker one that is legal for its operation, one at a time.
#[test]
fn every_ordering_is_weakened_by_one_step() {
    for (body, expected) in [
        ("x.load(Ordering::SeqCst)", vec!["f.load-seqcst-acquire"]),
        ("x.load(Ordering::Acquire)", vec!["f.load-acquire-relaxed"]),
        ("x.load(Ordering::Relaxed)", vec![]),
        (
            "x.store(1, atomic::Ordering::SeqCst)",
            vec!["f.store-seqcst-release"],
        ),
        ("x.store(1, Release)", vec!["f.store-release-relaxed"]),
        ("x.swap(1, Ordering::SeqCst)", vec!["f.swap-seqcst-acqrel"]),
        (
            "x.fetch_add(1, Ordering::AcqRel)",
            vec!["f.fetch_add-acqrel-acquire", "f.fetch_add-acqrel-release"],
        ),
        (
            "x.fetch_nand(1, Ordering::Acquire)",
            vec!["f.fetch_nand-acquire-relaxed"],
        ),
        (
            "AtomicBool::swap(&x, true, Ordering::Release)",
            vec!["f.swap-release-relaxed"],
        ),
        (
            "x.compare_exchange_weak(0, 1, Ordering::AcqRel, Ordering::Acquire)",
            vec![
                "f.compare_exchange_weak-acqrel-acquire",
                "f.compare_exchange_weak-acqrel-release",
                "f.compare_exchange_weak-failure-acquire-relaxed",
            ],
        ),
        (
            "x.fetch_update(Ordering::Release, Ordering::SeqCst, |x| Some(x))",
            vec![
                "f.fetch_update-release-relaxed",
                "f.fetch_update-failure-seqcst-acquire",
            ],
        ),
        (
            "assert_eq!(x.load(Ordering::Acquire), 1)",
            vec!["f.load-acquire-relaxed"],
        ),
        ("list.swap(1, 2); x.store(order); y.load(kind())", vec![]),
    ] {
        assert_eq!(names(body), expected, "{body}");
    }
}

/// The change is to the text of that one argument.
#[test]
fn only_the_ordering_changes() {
    assert_eq!(
        bodies("x.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed)"),
        ["x.compare_exchange(0, 1, Ordering::Relaxed, Ordering::Relaxed)"]
    );
    assert_eq!(
        bodies("x.store(1, Release)"),
        ["x.store(1, heddle::sync::atomic::Ordering::Relaxed)"]
    );
}

/// Fences are weakened and taken out; a relaxed fence is none.
#[test]
fn every_fence_is_weakened_and_taken_out() {
    assert_eq!(
        bodies("fence(Ordering::SeqCst);"),
        ["", "fence(Ordering::AcqRel);"]
    );
    assert_eq!(
        names("atomic::fence(Ordering::AcqRel);"),
        [
            "f.fence-removed",
            "f.fence-acqrel-acquire",
            "f.fence-acqrel-release"
        ]
    );
    assert_eq!(names("fence(Ordering::Acquire);"), ["f.fence-removed"]);
}

/// A loop round a wait goes round once.
#[test]
fn a_loop_round_a_wait_goes_round_once() {
    assert_eq!(
        bodies("while !ready(&g) { g = c.wait(g).unwrap(); }"),
        ["if !ready(&g) { g = c.wait(g).unwrap(); }"]
    );
    assert_eq!(
        bodies("while let Some(x) = f() { park() }"),
        ["if let Some(x) = f() { park() }"]
    );
    assert_eq!(
        bodies("while a { if b { continue; } thread::park_timeout(d) }"),
        ["while a { if b { continue; } thread::park_timeout(d) ; break; }"]
    );
    assert_eq!(
        bodies("while x.park_until(d) { a() }"),
        ["if x.park_until(d) { a() }"]
    );
    assert_eq!(
        bodies("loop { if a { break; } hint::spin_loop(); }"),
        ["loop { if a { break; } hint::spin_loop(); break; }"]
    );
    assert!(
        names("while a { waiters.push(b); x.waits(); } loop { y() } for z in w { park() }")
            .is_empty()
    );
}

/// A loop that only a `return` ends believes after the wait what it tested before.
#[test]
fn a_loop_that_returns_is_left_untested_after_the_wait() {
    assert_eq!(
        bodies("loop { if a { return 1; } if b || c { return 2 } park(); d(); }"),
        [
            "{ let mut waited = false; loop { if waited || (a) { return 1; } if b || c { return 2 } park(); waited = true; d(); } }",
            "{ let mut waited = false; loop { if a { return 1; } if waited || (b || c) { return 2 } park(); waited = true; d(); } }",
        ]
    );
    assert_eq!(
        bodies("let x = 'a: loop { if a { break 'a 1; } park() };"),
        [
            "let x = { let mut waited = false; 'a: loop { if waited || (a) { break 'a 1; } park(); waited = true; } };"
        ]
    );
}

/// `wait_while` tests before the wait and not after it.
#[test]
fn a_conditional_wait_waits_once() {
    let source =
        bodies("let g = c.wait_while(m.lock().unwrap(), |x| x.is_empty()).unwrap();").remove(0);
    assert!(source.contains("let mut guard = m.lock().unwrap(); if holds(&mut *guard, |x| x.is_empty()) { c.wait(guard) } else { Ok(guard) } }).unwrap();"), "{source}");
    let own = "impl C { fn wait_while(&self) {} } fn f() { let g = c.wait_while(g, |x| *x); }";
    assert!(mutants(own)[0].source.contains("else { guard }"));
    assert_eq!(
        bodies("c.wait_timeout_while(g, d, |x| *x)"),
        ["c.wait_timeout(g, d)"]
    );
}

/// A thread that should be woken is not, or only one of many.
#[test]
fn every_wake_up_is_taken_out_or_narrowed() {
    assert_eq!(bodies("a(); self.c.notify_one(); b();"), ["a();  b();"]);
    assert_eq!(bodies("c.notify_all();"), ["", "c.notify_one();"]);
    assert_eq!(bodies("c.notify(usize::MAX);"), ["", "c.notify(1);"]);
    assert_eq!(bodies("if a { t.thread.unpark() }"), ["if a {  }"]);
    assert_eq!(
        bodies("queue.pop().unwrap().unpark();"),
        ["let _ = queue.pop().unwrap();"]
    );
    assert_eq!(
        bodies("Self::wake(self.pop(), &x);"),
        ["let _ = self.pop();"]
    );
    assert_eq!(
        bodies("match x { Some(t) => t.unpark(), None => {} }"),
        ["match x { Some(t) => (), None => {} }"]
    );
    assert_eq!(
        bodies("all.drain(..).for_each(|t| t.unpark());"),
        ["all.drain(..).for_each(|t| ());"]
    );
    assert_eq!(
        bodies("all.iter().for_each(Thread::unpark);"),
        ["all.iter().for_each(|_| ());"]
    );
    assert!(names("let n = c.notify(2); self.notified.store(true, order); wakes();").is_empty());
    let own = "impl C { fn notify_all(&self) {} fn notify(&self, n: usize) {} } fn f() { self.notify_all(); }";
    assert!(mutants(own)[1].source.contains("self.notify(1);"));
}

/// A wake-up whose result the function returns cannot be left out without another change.
#[test]
fn a_wake_up_that_is_the_result_stays() {
    let source = "impl C { fn notify_one(&self) -> usize { self.notify(1) } fn all(&self) { self.notify(2) } }";
    let names: Vec<_> = mutants(source)
        .into_iter()
        .map(|mutant| mutant.name)
        .collect();
    assert_eq!(names, ["all.notify-removed"]);
}

/// A guard that is dropped releases nothing.
#[test]
fn every_release_on_drop_is_taken_out() {
    let source = "impl<T> Drop for Guard<'_, T> { fn drop(&mut self) { self.lock.unlock(); } } impl Drop for Empty { fn drop(&mut self) {} }";
    let mutants = mutants(source);
    assert_eq!(mutants.len(), 1);
    assert_eq!(mutants[0].name, "Guard.drop-emptied");
    assert!(
        mutants[0]
            .source
            .starts_with("impl<T> Drop for Guard<'_, T> { fn drop(&mut self) {} }")
    );
    assert_eq!(mutants[0].description, "line 1: dropping it does nothing");
}

/// A name says the type only where the function alone would not do, and a number only where both do not.
#[test]
fn names_are_as_short_as_they_can_be() {
    let source = "
        impl A { fn one(&self) { self.x.load(Acquire); self.y.load(Acquire); } fn two(&self) { self.x.load(Acquire); } }
        impl B { fn two(&self) { self.x.load(Acquire); } }
        fn two() {}";
    let names: Vec<_> = mutants(source)
        .into_iter()
        .map(|mutant| mutant.name)
        .collect();
    assert_eq!(
        names,
        [
            "one.load-acquire-relaxed",
            "one.load-acquire-relaxed-2",
            "A.two.load-acquire-relaxed",
            "B.two.load-acquire-relaxed"
        ]
    );
}

/// The same text has the same mutants, each its own text, in the order of the text.
#[test]
fn mutants_are_distinct_and_in_order() {
    let source = "fn f() { c.notify_all(); x.swap(1, AcqRel); } fn g() { while a { park(); } y.load(SeqCst); }";
    let mutants = mutants(source);
    assert_eq!(mutants, super::mechanical(source).expect("as before"));
    let mut texts: Vec<_> = mutants.iter().map(|mutant| &mutant.source).collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), mutants.len());
    assert!(mutants.iter().all(|mutant| mutant.source != source));
    let names: Vec<_> = mutants.iter().map(|mutant| mutant.name.as_str()).collect();
    assert_eq!(names[0], "f.notify_all-removed");
    assert_eq!(names[names.len() - 1], "g.load-seqcst-acquire");
}

/// Spans count bytes where the text has more than ASCII.
#[test]
fn text_before_a_change_may_be_of_any_script() {
    assert_eq!(
        bodies("/* größer ≥ */ c.notify_one();"),
        ["/* größer ≥ */ "]
    );
}

/// A solution that is no Rust has no mutants.
#[test]
fn a_solution_that_does_not_parse_is_an_error() {
    let error = mechanical("fn f() {\n    let = 1;\n}").expect_err("no Rust");
    assert!(
        matches!(error, MutateError::Unparsable { line: 2, .. }),
        "{error}"
    );
}
