//! The page in a real browser: it is stepped through by keys and by clicks.
//!
//! With `HEDDLE_SCREENSHOTS=FOLDER` pictures of the pages are left there.

mod samples;

use std::path::PathBuf;

use heddle_browser::{Browser, Key, Page, Screen};
use heddle_replay::words::{self, Names};
use heddle_replay::{Detail, Replay, Timeline, page};
use samples::{ALL, CROSSED, STOLEN, UNPUBLISHED};

/// The page of a sample.
fn open<'b>(browser: &'b mut Browser, record: &str, screen: &Screen) -> Page<'b> {
    let html = page::document(&samples::replay(record));
    browser.show(&html, screen).expect("the page opens")
}

/// The position, as the page tells it.
fn position(page: &mut Page<'_>) -> String {
    page.text(".replay-where output").unwrap()
}

/// The position, as the page has to tell it.
fn expected(at: usize, end: usize) -> String {
    match at == end {
        true => format!("{at} of {end}: the failure"),
        false => format!("{at} of {end}"),
    }
}

/// The page shows this position with all that the timeline knows of it.
#[track_caller]
fn assert_shows(page: &mut Page<'_>, replay: &Replay, timeline: &Timeline<'_>, at: usize) {
    // Code stands without its backticks on a page.
    let plain = |text: String| text.replace('`', "").trim().to_owned();
    assert_eq!(position(page), expected(at, timeline.end()));
    let said = words::told(replay, timeline, at).replace('\n', " ");
    assert_eq!(page.text(".replay-said").unwrap(), plain(said));
    let names = Names::of(replay);
    let state = timeline.state(at);
    for (index, thread) in state.threads.iter().enumerate() {
        let row = format!(".replay-threads tr:nth-child({}) .replay-does", index + 1);
        assert_eq!(
            page.text(&row).unwrap(),
            plain(words::thread(&names, thread))
        );
    }
    for (row, index) in timeline.objects().into_iter().enumerate() {
        let told = words::object(&names, index, &state.objects[index]);
        let row = format!(".replay-objects tr:nth-child({}) td", row + 1);
        assert_eq!(page.text(&row).unwrap(), plain(told));
    }
    let current = "tr[aria-current] th";
    match at {
        0 => assert!(page.text(current).is_err(), "no row at the start"),
        _ => assert!(page.text(current).is_ok(), "the row of {at}"),
    }
}

#[track_caller]
fn assert_clean(page: &mut Page<'_>) {
    assert_eq!(page.errors().unwrap(), Vec::<String>::new());
    assert_eq!(page.requests().unwrap(), Vec::<String>::new());
}

/// By keys one comes to the failure and back, and each position shows the state of the schedule.
#[test]
fn keys_lead_to_the_failure() {
    let Some(mut browser) = Browser::start_or_skip("keys lead to the failure") else {
        return;
    };
    for (_, record) in ALL {
        let replay = samples::replay(record);
        let timeline = Timeline::of(&replay.record, Detail::Rows);
        let mut page = open(&mut browser, record, &Screen::DESKTOP);
        assert_shows(&mut page, &replay, &timeline, 0);
        for at in 1..=timeline.end() {
            page.press(Key::Right).unwrap();
            assert_shows(&mut page, &replay, &timeline, at);
        }
        page.press(Key::Right).unwrap();
        assert_shows(&mut page, &replay, &timeline, timeline.end());
        page.press(Key::Left).unwrap();
        assert_shows(&mut page, &replay, &timeline, timeline.end() - 1);
        page.press(Key::Home).unwrap();
        assert_shows(&mut page, &replay, &timeline, 0);
        page.press(Key::Character('n')).unwrap();
        let switch = timeline.next_switch(0);
        assert_shows(&mut page, &replay, &timeline, switch);
        page.press(Key::Character('p')).unwrap();
        assert_shows(
            &mut page,
            &replay,
            &timeline,
            timeline.previous_switch(switch),
        );
        page.press(Key::End).unwrap();
        assert_shows(&mut page, &replay, &timeline, timeline.end());
        assert_clean(&mut page);
    }
}

/// By clicks on buttons and rows one comes to the failure as well.
#[test]
fn clicks_lead_to_the_failure() {
    let Some(mut browser) = Browser::start_or_skip("clicks lead to the failure") else {
        return;
    };
    let replay = samples::replay(CROSSED);
    let timeline = Timeline::of(&replay.record, Detail::Rows);
    let (end, switch) = (timeline.end(), timeline.next_switch(0));
    let mut page = open(&mut browser, CROSSED, &Screen::DESKTOP);
    let moves = [
        ("on", 1),
        ("back", 0),
        ("switch-on", switch),
        ("switch-back", timeline.previous_switch(switch)),
        ("first", 0),
    ];
    for (button, at) in moves {
        page.click(&format!("[data-go={button}]")).unwrap();
        assert_shows(&mut page, &replay, &timeline, at);
    }
    let row = end - 1;
    page.click(&format!(".replay-schedule tr[data-at='{row}'] th"))
        .unwrap();
    assert_shows(&mut page, &replay, &timeline, row);
    page.press(Key::Left).unwrap();
    assert_shows(&mut page, &replay, &timeline, row - 1);
    page.click("[data-go=last]").unwrap();
    assert_shows(&mut page, &replay, &timeline, end);
    assert_clean(&mut page);
}

/// Two fragments on a page move one at a time: the one that has the focus.
#[test]
fn fragments_move_one_at_a_time() {
    let Some(mut browser) = Browser::start_or_skip("fragments move one at a time") else {
        return;
    };
    let one = page::fragment(&samples::replay(STOLEN), "one");
    let two = page::fragment(&samples::replay(UNPUBLISHED), "two");
    let (style, script) = (page::STYLE, page::SCRIPT);
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>t</title><style>{style}</style>\
         {one}<p>between</p>{two}<script>{script}</script>\
         <script>document.addEventListener('keydown', () => document.title = 'turned')</script>"
    );
    let mut page = browser.show(&html, &Screen::DESKTOP).unwrap();
    let place = |page: &mut Page<'_>, id: &str| {
        let told = page.text(&format!("#{id} output")).unwrap();
        told.split(' ').next().unwrap_or_default().to_owned()
    };
    page.press(Key::Right).unwrap();
    assert_eq!(
        place(&mut page, "one"),
        "0",
        "without the focus no key moves it"
    );
    assert_eq!(page.text("title").unwrap(), "turned");
    page.evaluate("document.title = 't'").unwrap();
    page.click("#two [data-go=on]").unwrap();
    page.press(Key::Right).unwrap();
    assert_eq!(place(&mut page, "two"), "2");
    assert_eq!(place(&mut page, "one"), "0");
    assert_eq!(
        page.text("title").unwrap(),
        "t",
        "the page around did not see the key"
    );
    assert_clean(&mut page);
}

/// In each of a book's themes all text of a fragment can be read, whatever the screen prefers.
#[test]
fn every_theme_of_a_book_can_be_read() {
    let Some(mut browser) = Browser::start_or_skip("every theme of a book can be read") else {
        return;
    };
    let fragment = page::fragment(&samples::replay(STOLEN), "one");
    let (style, script) = (page::STYLE, page::SCRIPT);
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>t</title><style>{style}</style>\
         {fragment}<script>{script}</script>"
    );
    let mut page = browser.show(&html, &Screen::DESKTOP.calm()).unwrap();
    page.click("[data-go=last]").unwrap();
    for screen in [Screen::DESKTOP.calm(), Screen::DESKTOP.dark().calm()] {
        page.show_on(&screen).unwrap();
        for theme in ["light", "rust", "coal", "navy", "ayu"] {
            page.evaluate(&format!("document.documentElement.className = '{theme}'"))
                .unwrap();
            page.settle().unwrap();
            let faint = page.faint_texts().unwrap();
            assert!(faint.is_empty(), "{theme}, dark {}: {faint:?}", screen.dark);
        }
    }
}

/// On every screen all text can be read, and nothing makes the page wider than the screen.
#[test]
fn every_screen_can_be_read() {
    let Some(mut browser) = Browser::start_or_skip("every screen can be read") else {
        return;
    };
    let screens = [
        ("desktop", Screen::DESKTOP.calm()),
        ("desktop-dark", Screen::DESKTOP.dark().calm()),
        ("phone", Screen::PHONE.calm()),
        ("phone-dark", Screen::PHONE.dark().calm()),
        ("paper", Screen::PAPER.calm()),
    ];
    for (name, record) in ALL {
        let mut page = open(&mut browser, record, &screens[0].1);
        for (screen_name, screen) in screens {
            page.show_on(&screen).unwrap();
            for key in [Key::Home, Key::Character('n'), Key::End] {
                page.press(key).unwrap();
                page.settle().unwrap();
                assert_eq!(page.overflow().unwrap(), 0, "{name} on {screen_name}");
                let faint = page.faint_texts().unwrap();
                assert!(faint.is_empty(), "{name} on {screen_name}: {faint:?}");
            }
            if let Some(folder) = std::env::var_os("HEDDLE_SCREENSHOTS") {
                let file = PathBuf::from(folder).join(format!("{name}-{screen_name}.png"));
                page.screenshot(&file).unwrap();
            }
        }
        assert_clean(&mut page);
    }
}

/// On paper the whole schedule is there, and nothing that only moves.
#[test]
fn paper_has_the_whole_table() {
    let Some(mut browser) = Browser::start_or_skip("paper has the whole table") else {
        return;
    };
    let mut page = open(&mut browser, STOLEN, &Screen::PAPER);
    let visible = |page: &mut Page<'_>, selector: &str| {
        let script = format!(
            "[...document.querySelectorAll({selector:?})].filter(it => it.checkVisibility()).length"
        );
        page.evaluate(&script).unwrap().as_u64().unwrap()
    };
    let replay = samples::replay(STOLEN);
    let rows = Timeline::of(&replay.record, Detail::Rows).end();
    assert_eq!(visible(&mut page, ".replay-schedule tbody tr"), rows as u64);
    assert_eq!(visible(&mut page, "button"), 0);
    assert_eq!(visible(&mut page, ".replay-state"), 0);
    assert!(visible(&mut page, ".replay-line") > 10);
}

/// What a reader of the screen is told: the sentence is announced, the row is marked, all is named.
#[test]
fn the_page_tells_its_state_to_a_screen_reader() {
    let Some(mut browser) = Browser::start_or_skip("the page tells its state") else {
        return;
    };
    let mut page = open(&mut browser, STOLEN, &Screen::DESKTOP);
    page.press(Key::Right).unwrap();
    let mut ask = |script: &str| page.evaluate(script).unwrap();
    assert_eq!(
        ask("document.querySelector('.replay-said').getAttribute('aria-live')"),
        "polite"
    );
    assert_eq!(
        ask("document.querySelector('tr[aria-current]').dataset.at"),
        "1"
    );
    assert_eq!(ask("document.documentElement.lang"), "en");
    let unnamed = ask(
        "[...document.querySelectorAll('button, input, section, [role=region]')]
         .filter(it => !it.getAttribute('aria-label') && !it.labels?.length).length",
    );
    assert_eq!(unnamed, 0);
    page.press(Key::Tab).unwrap();
    let outline = "(() => { const it = document.activeElement; return it.matches('button')
         && parseFloat(getComputedStyle(it).outlineWidth) >= 2; })()";
    assert_eq!(
        page.evaluate(outline).unwrap(),
        true,
        "the focus can be seen"
    );
}
