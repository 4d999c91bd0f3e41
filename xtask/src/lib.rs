//! The grader of the katas: every subject gets its verdict here.
