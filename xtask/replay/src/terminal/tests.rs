//! What the screen shows, without a terminal.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::keys::{Command, command};
use super::screen::draw;
use super::view::View;
use crate::Replay;
use crate::samples::{self, ALL, CROSSED, STOLEN};

/// The screen after these keys.
fn screen(replay: &Replay, commands: &[Command], width: usize, height: usize) -> String {
    let mut view = View::new(replay);
    for command in commands {
        view.apply(*command);
    }
    draw(&view, width, height).text()
}

/// In 80 columns and 24 rows there is the source, every thread, every object and the sentence.
#[test]
fn a_small_terminal_shows_all_that_counts() {
    let replay = samples::replay(STOLEN);
    let mut commands = vec![Command::Detail];
    commands.extend([Command::On; 5]);
    let screen = screen(&replay, &commands, 80, 24);
    println!("{screen}");
    for shown in [
        " kata-12 queue · a_consumer_never_leaves_empty_ha",
        "5 of 14 · step 5",
        "src/lib.rs",
        "▸A  24     let mut items = self.items.lock(…│",
        " B lib.rs:33 items = self.not_empty.wait(it…│",
        "▸A main       runs",
        " B consumer-a asleep: waits on",
        "• items     held by main since",
        "main locks items.",
        "? help   q leave",
    ] {
        assert!(screen.contains(shown), "no {shown:?} in\n{screen}");
    }
}

/// At the failure the sentence is the diagnosis, and the line in question says so.
#[test]
fn the_failure_is_the_last_screen() {
    let replay = samples::replay(CROSSED);
    let screen = screen(&replay, &[Command::Detail, Command::Last], 100, 30);
    println!("{screen}");
    for shown in [
        "7 of 7 · ✗ failure",
        "✗ the failure",
        "blocked: waits for second",
    ] {
        assert!(screen.contains(shown), "no {shown:?} in\n{screen}");
    }
}

/// On a terminal of any size no row is too long and no key goes wrong.
#[test]
fn every_size_of_a_terminal_is_drawn() {
    let commands = [
        Command::On,
        Command::SwitchOn,
        Command::Last,
        Command::Detail,
        Command::Help,
    ];
    for (name, record) in ALL {
        let replay = samples::replay(record);
        for width in [0, 1, 7, 20, 39, 40, 63, 64, 65, 80, 100, 200] {
            for height in [0, 1, 2, 3, 5, 10, 24, 60] {
                for count in 0..=commands.len() {
                    let screen = screen(&replay, &commands[..count], width, height);
                    assert_eq!(screen.lines().count(), height, "{name} in {width}×{height}");
                    let widest = screen.lines().map(|line| line.chars().count()).max();
                    assert!(
                        widest.unwrap_or(0) <= width,
                        "{name} in {width}×{height}:\n{screen}"
                    );
                }
            }
        }
    }
}

/// A narrow terminal has the state below the source.
#[test]
fn a_narrow_terminal_has_one_below_the_other() {
    let replay = samples::replay(STOLEN);
    let screen = screen(&replay, &[Command::On], 40, 24);
    println!("{screen}");
    let row = |text: &str| screen.lines().position(|line| line.contains(text));
    assert!(row("src/lib.rs").unwrap() < row("THREADS").unwrap());
}

/// Every key does what the help says of it, and any other does nothing.
#[test]
fn keys_do_what_the_help_says() {
    let press = |code| command(KeyEvent::new(code, KeyModifiers::NONE));
    assert_eq!(press(KeyCode::Right), Some(Command::On));
    assert_eq!(press(KeyCode::Left), Some(Command::Back));
    assert_eq!(press(KeyCode::Home), Some(Command::First));
    assert_eq!(press(KeyCode::End), Some(Command::Last));
    assert_eq!(press(KeyCode::PageDown), press(KeyCode::Char('n')));
    assert_eq!(press(KeyCode::PageUp), press(KeyCode::Char('p')));
    assert_eq!(press(KeyCode::Char('q')), Some(Command::Leave));
    assert_eq!(press(KeyCode::Char('x')), None);
    let ctrl = |letter| command(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL));
    assert_eq!(ctrl('c'), Some(Command::Leave));
    assert_eq!(ctrl('n'), None);
}

/// Who asks for every step stays at the same moment, and so does who asks for fewer.
#[test]
fn the_moment_is_kept_when_the_detail_changes() {
    let replay = samples::replay(STOLEN);
    let mut view = View::new(&replay);
    for _ in 0..4 {
        view.apply(Command::On);
    }
    let (before, rows) = (view.timeline.state(view.position).clone(), view.position);
    view.apply(Command::Detail);
    assert!(view.position > rows && view.timeline.end() == 14);
    assert_eq!(*view.timeline.state(view.position), before);
    view.apply(Command::Detail);
    assert_eq!(view.position, rows);
    view.apply(Command::Last);
    view.apply(Command::Detail);
    assert_eq!(view.position, 14);
}

/// The help comes and goes with its key, and goes with any other.
#[test]
fn the_help_comes_and_goes() {
    let replay = samples::replay(STOLEN);
    let shows = |commands: &[Command]| screen(&replay, commands, 80, 24).contains("to the failure");
    assert!(shows(&[Command::Help]));
    assert!(!shows(&[Command::Help, Command::Help]));
    assert!(!shows(&[Command::Help, Command::On]));
}
