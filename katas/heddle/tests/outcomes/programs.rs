//! The small programs of the book, by their names.

/// One of them.
pub struct Program {
    /// Where its source is, from here.
    file: &'static str,
    /// What it might return; [`NEVER`] where it might not return.
    pub results: &'static [&'static str],
    /// Runs it once.
    pub run: fn() -> String,
}

impl Program {
    /// The name of its file, without what every one of them ends with.
    pub fn name(&self) -> &'static str {
        let name = self.file.rsplit('/').next().unwrap_or(self.file);
        name.strip_suffix(".rs").unwrap_or(name)
    }
}

/// The result of a program that does not return.
pub const NEVER: &str = "never";

macro_rules! programs {
    ($($module:ident = $file:literal,)*) => {
        $(
            #[path = $file]
            mod $module;
        )*

        /// All of them.
        pub const PROGRAMS: &[Program] = &[
            $(Program { file: $file, results: $module::RESULTS, run: $module::program },)*
        ];
    };
}

programs! {
    atomic_update = "../../../../book/outcomes/atomic-update.rs",
    look_then_lock = "../../../../book/outcomes/look-then-lock.rs",
    lost_update = "../../../../book/outcomes/lost-update.rs",
    message_passing_relaxed = "../../../../book/outcomes/message-passing-relaxed.rs",
    message_passing_release_acquire = "../../../../book/outcomes/message-passing-release-acquire.rs",
    notify_before_wait = "../../../../book/outcomes/notify-before-wait.rs",
    store_buffering_relaxed = "../../../../book/outcomes/store-buffering-relaxed.rs",
    store_buffering_seqcst = "../../../../book/outcomes/store-buffering-seqcst.rs",
    two_locks = "../../../../book/outcomes/two-locks.rs",
    two_locks_one_order = "../../../../book/outcomes/two-locks-one-order.rs",
    unpark_before_park = "../../../../book/outcomes/unpark-before-park.rs",
    wait_with_if = "../../../../book/outcomes/wait-with-if.rs",
    wait_with_while = "../../../../book/outcomes/wait-with-while.rs",
}
