//! The table of commands and their options: parsing, help and suggestions all read it.

/// One command of `cargo xtask`.
#[derive(Debug)]
pub struct CommandSpec {
    /// The word that selects it.
    pub name: &'static str,
    /// What follows the word, as in a manual.
    pub usage: &'static str,
    /// One line for the list of commands.
    pub summary: &'static str,
    /// What the help of this command says below its usage.
    pub details: &'static str,
    /// How many words besides options it takes.
    pub words: usize,
    /// The options it knows.
    pub options: &'static [OptionSpec],
}

/// One long option of a command.
#[derive(Debug)]
pub struct OptionSpec {
    /// Its name, without the dashes.
    pub name: &'static str,
    /// The name of its value, for an option that takes one.
    pub value: Option<&'static str>,
    /// One line for the help.
    pub help: &'static str,
}

const fn flag(name: &'static str, help: &'static str) -> OptionSpec {
    OptionSpec {
        name,
        value: None,
        help,
    }
}

const fn option(name: &'static str, value: &'static str, help: &'static str) -> OptionSpec {
    OptionSpec {
        name,
        value: Some(value),
        help,
    }
}

/// Every command, in the order in which the help lists them.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec {
        name: "check",
        usage: "check [KATA | --all] [--solution | --stub | --file PATH | --mutant NAME | --alternative NAME] [options]",
        summary: "grade your file of a kata",
        details: "Grades src/lib.rs of the kata, or the subject that an option names, and reports the\n\
                  verdict. Exit code: 0 passed, 1 not passed, 2 a fault of the tool or of its set-up.",
        words: 1,
        options: &[
            flag("all", "grade every kata, one line each"),
            flag(
                "solution",
                "grade the reference solution instead of your file",
            ),
            flag("stub", "grade the stub as it is derived from the solution"),
            option("file", "PATH", "grade this file instead"),
            option("mutant", "NAME", "grade a solution with this bug put in"),
            option(
                "alternative",
                "NAME",
                "grade this other correct way to build it",
            ),
            flag(
                "json",
                "write the report as JSON to stdout, and nothing else",
            ),
            option(
                "budget",
                "SECS",
                "processor time each model claim may search (default: 30)",
            ),
            flag(
                "thorough",
                "search further than the required rungs: every schedule where it fits",
            ),
            option(
                "seed",
                "N",
                "seed of the generated inputs (default: fixed by kata and claim)",
            ),
            flag(
                "keep",
                "save the schedule that breaks a model claim, to be tried first from then on",
            ),
        ],
    },
    CommandSpec {
        name: "list",
        usage: "list [--json]",
        summary: "the katas, in order, with what they need",
        details: "Shows each kata with its part, difficulty and time, and whether you have begun it.",
        words: 0,
        options: &[flag("json", "write the list as JSON")],
    },
    CommandSpec {
        name: "hint",
        usage: "hint [KATA] [--restart]",
        summary: "the next hint for a kata, one step more each time",
        details: "Each kata has three hints, from a nudge to nearly the answer. Hints that you have\n\
                  already seen are repeated above the new one.",
        words: 1,
        options: &[flag("restart", "begin again at the first hint")],
    },
    CommandSpec {
        name: "replay",
        usage: "replay [KATA] [--claim NAME] [--html FILE]",
        summary: "step through the schedule that broke the last check",
        details: "Shows the last counterexample of a kata step by step: source on one side, threads and\n\
                  objects on the other. Without a name it is the kata that was checked last.",
        words: 1,
        options: &[
            option(
                "claim",
                "NAME",
                "the schedule of this claim, where several fail",
            ),
            option("html", "FILE", "write it as a page for a browser instead"),
        ],
    },
    CommandSpec {
        name: "book",
        usage: "book [--serve [PORT]]",
        summary: "make the book, or serve it on this machine",
        details: "Writes the book to target/book/html; open index.html there. With --serve it is also\n\
                  served on loopback, and pages reload when something they are made from changes.",
        words: 1,
        options: &[flag("serve", "serve it, on port 3005 unless one is given")],
    },
    CommandSpec {
        name: "reset",
        usage: "reset KATA | --all",
        summary: "put the stub back, keeping a copy of your file",
        details: "Your file is first copied to kept/, and the copy is named. A file that still\n\
                  equals the stub is left alone.",
        words: 1,
        options: &[flag("all", "reset every kata")],
    },
    CommandSpec {
        name: "stub",
        usage: "stub [KATA] [--check | --write]",
        summary: "derive the stub of a kata from its solution",
        details: "Without an option the stub is written to stdout. For those who write katas:\n\
                  nothing but a known stub is ever overwritten.",
        words: 1,
        options: &[
            flag("check", "compare the shipped stubs with the derived ones"),
            flag("write", "write the derived stub over the shipped one"),
        ],
    },
    CommandSpec {
        name: "mutants",
        usage: "mutants [KATA] [--only WHICH] [--json]",
        summary: "the kill matrix: which claim catches which bug",
        details: "Grades every mutant of every kata, written by hand or made mechanically, and says\n\
                  which claim rejected it and how. Exit code 1 if a mutant survives.",
        words: 1,
        options: &[
            option("only", "WHICH", "`hand` or `mechanical`"),
            flag("json", "write the matrix as JSON"),
        ],
    },
    CommandSpec {
        name: "soak",
        usage: "soak [KATA] [--rounds N] [--crowd N] [--from NAME] [--mechanical | --solutions --alternatives]",
        summary: "grade subjects again and again under full load",
        details: "Keeps every core busy and grades every hand-written mutant N times: its verdict has to be\n\
                  the same every time. With --solutions, --alternatives or both, these are graded\n\
                  instead, and every verdict other than passed is told with its report.",
        words: 1,
        options: &[
            option(
                "rounds",
                "N",
                "how often each is graded (default 20, of what has to pass 200)",
            ),
            option(
                "crowd",
                "N",
                "so many busy threads of equal priority beside it on each core (default 0)",
            ),
            option(
                "from",
                "NAME",
                "begin with that one: for going on where it was stopped",
            ),
            flag("mechanical", "the mechanical mutants too"),
            flag("solutions", "every solution, which has to pass each time"),
            flag(
                "alternatives",
                "every alternative, which has to pass each time",
            ),
        ],
    },
    CommandSpec {
        name: "lint",
        usage: "lint [KATA]",
        summary: "clippy and rustdoc over solutions and alternatives",
        details: "Solutions and alternatives are no members of the workspace, so they are linted through\n\
                  the packages that a grading builds. Any warning is a failure.",
        words: 1,
        options: &[],
    },
    CommandSpec {
        name: "bench",
        usage: "bench check|clone|matrix|model|python [KATA] [--rounds N] [--recording]",
        summary: "measure: edit to verdict, clone to verdict, model search, Python",
        details: "check: edit one line of a solution, check it; the median and where the time goes.\n\
                  clone: from a fresh clone to the first verdict, crates already downloaded.\n\
                  model: the required rungs of each model claim of a solution.\n\
                  matrix: I/O-bound, CPU-bound and shared work by threads, processes and async, in\n\
                  Python and in Rust; writes book/figures/decision-matrix.svg.\n\
                  python: solutions beside CPython, doing the same work in the same run.",
        words: 2,
        options: &[
            option(
                "rounds",
                "N",
                "how many measurements (default 15; clone 1; matrix, model and python 5)",
            ),
            flag(
                "recording",
                "with model: what it costs to remember every step, both ways in one process",
            ),
        ],
    },
    CommandSpec {
        name: "doctor",
        usage: "doctor",
        summary: "look for what could stop a check from working here",
        details: "Looks at the toolchain, the lock of cargo, the disk, the crates, and the limits that\n\
                  this platform cannot enforce. Each problem comes with its remedy. Shared memory of\n\
                  Heddle whose creator was killed is removed.",
        words: 0,
        options: &[],
    },
    CommandSpec {
        name: "help",
        usage: "help [COMMAND]",
        summary: "this list, or the help of one command",
        details: "",
        words: 1,
        options: &[],
    },
];

/// The command of that name.
pub fn command(name: &str) -> Option<&'static CommandSpec> {
    COMMANDS.iter().find(|command| command.name == name)
}
