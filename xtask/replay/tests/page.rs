//! The page in a real browser: it is stepped through by keys and by clicks.
//!
//! With `HEDDLE_SCREENSHOTS=FOLDER` pictures of the pages are left there.

mod samples;

use std::path::PathBuf;

use heddle_browser::{Browser, Key, Page, Screen};
use heddle_replay::page;
use samples::{ALL, CROSSED, STOLEN, UNPUBLISHED};

/// A page written to a file of its own, which is gone with this value.
struct Written(PathBuf);

impl Written {
    fn new(name: &str, html: &str) -> Written {
        let file = format!("heddle-page-{name}-{}.html", std::process::id());
        let file = std::env::temp_dir().join(file);
        std::fs::write(&file, html).expect("a page can be written");
        Written(file)
    }

    fn document(name: &str, record: &str) -> Written {
        Written::new(name, &page::document(&samples::replay(record)))
    }

    fn open<'b>(&self, browser: &'b mut Browser, screen: &Screen) -> Page<'b> {
        let url = format!("file://{}", self.0.display());
        browser.open(&url, screen).expect("the page opens")
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The position, as the page tells it.
fn position(page: &mut Page<'_>) -> String {
    page.text(".replay-where output").unwrap()
}

/// What the page says of the thread or object in that row.
fn row(page: &mut Page<'_>, table: &str, number: usize) -> String {
    page.text(&format!(".replay-{table} tr:nth-child({number}) td"))
        .unwrap()
}

#[track_caller]
fn assert_clean(page: &mut Page<'_>) {
    assert_eq!(page.errors().unwrap(), Vec::<String>::new());
    assert_eq!(page.requests().unwrap(), Vec::<String>::new());
}

/// By keys one comes to the failure and back, and the state shown is that of the schedule.
#[test]
fn keys_lead_to_the_failure() {
    let Some(mut browser) = Browser::start_or_skip("keys lead to the failure") else {
        return;
    };
    let written = Written::document("keys", STOLEN);
    let mut page = written.open(&mut browser, &Screen::DESKTOP);
    assert_eq!(position(&mut page), "0 of 7");
    for _ in 0..3 {
        page.press(Key::Right).unwrap();
    }
    assert_eq!(position(&mut page), "3 of 7");
    assert_eq!(
        row(&mut page, "threads", 2),
        "asleep: waits on not_empty lib.rs:33"
    );
    assert_eq!(row(&mut page, "objects", 1), "held by main since step 5");
    page.press(Key::Character('n')).unwrap();
    assert_eq!(position(&mut page), "5 of 7");
    page.press(Key::Character('p')).unwrap();
    page.press(Key::Right).unwrap();
    assert_eq!(position(&mut page), "4 of 7");
    assert_eq!(
        row(&mut page, "threads", 2),
        "notified by main in step 7, needs items to go on lib.rs:33"
    );
    page.press(Key::End).unwrap();
    assert_eq!(position(&mut page), "7 of 7: the failure");
    let said = page.text(".replay-said").unwrap();
    assert!(
        said.contains("consumer-a comes upon what must not be"),
        "{said}"
    );
    assert_eq!(row(&mut page, "threads", 2), "panicked lib.rs:37");
    let line = page.text(".replay-now").unwrap();
    assert_eq!(line, "B37 first.unwrap() ↑ consumer-a panics here");
    page.press(Key::Right).unwrap();
    assert_eq!(position(&mut page), "7 of 7: the failure");
    page.press(Key::Home).unwrap();
    assert_eq!(position(&mut page), "0 of 7");
    assert_clean(&mut page);
}

/// By clicks on buttons and rows one comes to the failure as well.
#[test]
fn clicks_lead_to_the_failure() {
    let Some(mut browser) = Browser::start_or_skip("clicks lead to the failure") else {
        return;
    };
    let written = Written::document("clicks", CROSSED);
    let mut page = written.open(&mut browser, &Screen::DESKTOP);
    page.click("[data-go=on]").unwrap();
    assert_eq!(position(&mut page), "1 of 5");
    page.click("[data-go=switch-on]").unwrap();
    assert_eq!(position(&mut page), "2 of 5");
    page.click("[data-go=switch-on]").unwrap();
    page.click("[data-go=back]").unwrap();
    assert_eq!(position(&mut page), "3 of 5");
    page.click("[data-go=switch-back]").unwrap();
    page.click("[data-go=first]").unwrap();
    assert_eq!(position(&mut page), "0 of 5");
    page.click(".replay-schedule tr[data-at='3'] td:nth-child(4)")
        .unwrap();
    assert_eq!(position(&mut page), "3 of 5");
    page.press(Key::Right).unwrap();
    page.click("[data-go=last]").unwrap();
    assert_eq!(position(&mut page), "5 of 5: the failure");
    assert!(row(&mut page, "threads", 2).starts_with("blocked: waits for second"));
    assert_eq!(
        row(&mut page, "objects", 2),
        "held by right since step 4; left waits"
    );
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
    let written = Written::new("fragments", &html);
    let mut page = written.open(&mut browser, &Screen::DESKTOP);
    let place = |page: &mut Page<'_>, id: &str| page.text(&format!("#{id} output")).unwrap();
    page.press(Key::Right).unwrap();
    assert_eq!(
        place(&mut page, "one"),
        "0 of 7",
        "without the focus no key moves it"
    );
    assert_eq!(page.text("title").unwrap(), "turned");
    page.evaluate("document.title = 't'").unwrap();
    page.click("#two [data-go=on]").unwrap();
    page.press(Key::Right).unwrap();
    assert_eq!(place(&mut page, "two"), "2 of 6");
    assert_eq!(place(&mut page, "one"), "0 of 7");
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
    let written = Written::new("themes", &html);
    let mut page = written.open(&mut browser, &Screen::DESKTOP.calm());
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
        let written = Written::document(name, record);
        let mut page = written.open(&mut browser, &screens[0].1);
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
    let written = Written::document("paper", STOLEN);
    let mut page = written.open(&mut browser, &Screen::PAPER);
    let visible = |page: &mut Page<'_>, selector: &str| {
        let script = format!(
            "[...document.querySelectorAll({selector:?})].filter(it => it.checkVisibility()).length"
        );
        page.evaluate(&script).unwrap().as_u64().unwrap()
    };
    assert_eq!(visible(&mut page, ".replay-schedule tbody tr"), 7);
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
    let written = Written::document("reader", STOLEN);
    let mut page = written.open(&mut browser, &Screen::DESKTOP);
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
