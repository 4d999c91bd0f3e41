//! The part of `tracing-subscriber` that loom names, for a program in which loom never logs.
//!
//! loom's own front door, `loom::model`, prints what `LOOM_LOG` asks for, and brings a log filter
//! with regular expressions for it: a fifth of all that a first check compiles. heddle goes in by
//! `loom::model::Builder::check`, which prints nothing, so the filter is never made.

/// Reads no variable and filters nothing.
#[derive(Debug)]
pub struct EnvFilter(());

impl EnvFilter {
    /// The filter that a variable describes; the variable is not read.
    pub fn from_env(_variable: &str) -> EnvFilter {
        EnvFilter(())
    }
}

/// What prints a log.
pub mod fmt {
    use super::EnvFilter;
    use tracing_core::subscriber::NoSubscriber;

    /// What would print a log.
    #[derive(Debug)]
    pub struct Subscriber(());

    /// How the log would be printed.
    #[derive(Debug)]
    pub struct SubscriberBuilder(());

    impl Subscriber {
        /// Begins to describe the log.
        pub fn builder() -> SubscriberBuilder {
            SubscriberBuilder(())
        }
    }

    impl SubscriberBuilder {
        /// Takes the filter and forgets it.
        pub fn with_env_filter(self, _filter: EnvFilter) -> SubscriberBuilder {
            self
        }

        /// Says where the log would go.
        pub fn with_test_writer(self) -> SubscriberBuilder {
            self
        }

        /// Leaves the time out.
        pub fn without_time(self) -> SubscriberBuilder {
            self
        }

        /// A subscriber that hears nothing.
        pub fn finish(self) -> NoSubscriber {
            NoSubscriber::new()
        }
    }
}
