//! The book in a real browser. With `HEDDLE_SCREENSHOTS=FOLDER` pictures of the pages are left there.

mod support;

use std::collections::BTreeSet;
use std::path::PathBuf;

use heddle_browser::{Browser, Key, Page, Screen};
use support::{html, pages};

/// The screens on which every page is read, with the theme that belongs to each.
const SCREENS: [(&str, &str, Screen); 3] = [
    ("desktop", "light", Screen::DESKTOP),
    ("phone", "light", Screen::PHONE),
    ("desktop-dark", "navy", Screen::DESKTOP),
];

/// What there is of a page: not only what stands before its folds are opened.
const OPEN: &str = "document.querySelectorAll('details').forEach(it => it.open = true)";

fn address(page: &str) -> String {
    format!("file://{}/{page}", html().display())
}

fn open<'b>(browser: &'b mut Browser, page: &str, screen: Screen) -> Page<'b> {
    browser
        .open(&address(page), &screen.calm())
        .unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// What the page asked for that is not a file of the book.
fn foreign(page: &mut Page<'_>) -> Vec<String> {
    let own = format!("file://{}/", html().display());
    let mut asked = page.requests().unwrap();
    asked.retain(|url| !url.starts_with(&own));
    asked
}

/// Every page loads without a complaint and without the network, all text on it can be read, and
/// nothing makes it wider than the screen.
///
/// `HEDDLE_PAGES=WORD` looks at those alone whose names have that word.
#[test]
fn every_page_can_be_read_on_every_screen() {
    let Some(mut browser) = Browser::start_or_skip("every page can be read on every screen") else {
        return;
    };
    let pictures = std::env::var_os("HEDDLE_SCREENSHOTS").map(PathBuf::from);
    let only = std::env::var("HEDDLE_PAGES").unwrap_or_default();
    let mut problems = BTreeSet::new();
    for name in pages().iter().filter(|name| name.contains(&only)) {
        let mut page = open(&mut browser, name, Screen::DESKTOP);
        page.evaluate(OPEN).unwrap();
        for (screen_name, theme, screen) in SCREENS {
            page.show_on(&screen.calm()).unwrap();
            // By the menu, since a theme is more than its class.
            let dress = format!("document.getElementById('mdbook-theme-{theme}').click()");
            page.evaluate(&dress).unwrap();
            page.settle().unwrap();
            if let Some(folder) = &pictures {
                let file = folder.join(format!("{name}-{screen_name}.png"));
                page.screenshot(&file).unwrap();
            }
            let mut note =
                |what: String| problems.insert(format!("{name} on {screen_name}: {what}"));
            let wider = page.overflow().unwrap();
            if wider > 0 {
                note(format!("{wider} pixels too wide"));
            }
            // A phone has the same colours.
            if screen == Screen::PHONE {
                continue;
            }
            for faint in page.faint_texts().unwrap() {
                note(format!("faint: {faint}"));
            }
        }
        problems.extend(
            page.errors()
                .unwrap()
                .iter()
                .map(|error| format!("{name}: {error}")),
        );
        problems.extend(
            foreign(&mut page)
                .iter()
                .map(|url| format!("{name} asks for {url}")),
        );
    }
    let problems: Vec<String> = problems.into_iter().collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Who prefers dark pages gets the dark theme without asking.
#[test]
fn the_theme_is_the_readers() {
    let Some(mut browser) = Browser::start_or_skip("the theme is the reader's") else {
        return;
    };
    let class = "document.documentElement.className";
    for (screen, theme) in [(Screen::DESKTOP, "light"), (Screen::DESKTOP.dark(), "navy")] {
        let mut page = open(&mut browser, "glossary.html", screen);
        let classes = page.evaluate(class).unwrap();
        let classes = classes.as_str().unwrap_or_default().to_owned();
        assert!(classes.split(' ').any(|it| it == theme), "{classes}");
    }
}

/// A word is found, and what is found leads to its page.
#[test]
fn search_finds_a_word() {
    let Some(mut browser) = Browser::start_or_skip("search finds a word") else {
        return;
    };
    let mut page = open(&mut browser, "index.html", Screen::DESKTOP);
    page.press(Key::Character('s')).unwrap();
    let typed =
        "(() => { const it = document.querySelector('#mdbook-searchbar'); it.value = 'semaphore';
         it.dispatchEvent(new Event('input', { bubbles: true })); })()";
    page.evaluate(typed).unwrap();
    let found = "new Promise(done => { const look = left => {
         const all = [...document.querySelectorAll('#mdbook-searchresults a')];
         if (all.length || !left) return done(all.map(it => it.getAttribute('href')));
         setTimeout(() => look(left - 1), 50); }; look(200); })";
    let found = page.evaluate(found).unwrap();
    let found = found.as_array().cloned().unwrap_or_default();
    let to_kata = |link: &serde_json::Value| {
        let link = link.as_str().unwrap_or_default();
        link.contains("kata-06-semaphore.html")
    };
    assert!(found.iter().any(to_kata), "{found:?}");
    assert_eq!(page.errors().unwrap(), Vec::<String>::new());
    assert_eq!(foreign(&mut page), Vec::<String>::new());
}

/// Where a stepper stands, as it tells it.
fn position(page: &mut Page<'_>, id: &str) -> String {
    let told = page.text(&format!("#{id} output")).unwrap();
    told.split(' ').next().unwrap_or_default().to_owned()
}

/// A counterexample in a chapter is stepped through by clicks, and by keys while it has the focus; the
/// page's own keys turn no page meanwhile.
#[test]
fn stepping_works_with_mouse_and_keys() {
    let Some(mut browser) = Browser::start_or_skip("stepping works with mouse and keys") else {
        return;
    };
    for screen in [Screen::DESKTOP, Screen::PHONE] {
        let mut page = open(&mut browser, "kata-04-lock.html", screen);
        let ids = page
            .evaluate("[...document.querySelectorAll('.replay')].map(it => it.id)")
            .unwrap();
        let ids = ids.as_array().cloned().unwrap_or_default();
        let id = ids[0].as_str().expect("a stepper has an id").to_owned();
        page.click(&format!("#{id} [data-go=on]")).unwrap();
        assert_eq!(position(&mut page, &id), "1");
        page.press(Key::Right).unwrap();
        assert_eq!(position(&mut page, &id), "2");
        page.press(Key::Left).unwrap();
        assert_eq!(position(&mut page, &id), "1");
        page.press(Key::End).unwrap();
        assert!(
            page.text(&format!("#{id} output"))
                .unwrap()
                .contains("failure")
        );
        let here = page.evaluate("location.pathname").unwrap();
        let here = here.as_str().unwrap_or_default().to_owned();
        assert!(here.ends_with("kata-04-lock.html"), "{here}");
        for other in &ids[1..] {
            assert_eq!(position(&mut page, other.as_str().unwrap_or_default()), "0");
        }
        assert_eq!(page.errors().unwrap(), Vec::<String>::new());
    }
}

/// On paper the whole schedule stands, and nothing that only moves.
#[test]
fn paper_has_the_table_of_a_schedule() {
    let Some(mut browser) = Browser::start_or_skip("paper has the table of a schedule") else {
        return;
    };
    let mut page = open(&mut browser, "kata-04-lock.html", Screen::PAPER);
    let visible = |page: &mut Page<'_>, selector: &str| {
        let script = format!(
            "[...document.querySelectorAll({selector:?})].filter(it => it.checkVisibility()).length"
        );
        page.evaluate(&script).unwrap().as_u64().unwrap()
    };
    assert!(visible(&mut page, ".replay-schedule tbody tr") > 0);
    for moving in [
        ".replay button",
        ".replay-state",
        "#mdbook-sidebar",
        "#mdbook-menu-bar",
    ] {
        assert_eq!(visible(&mut page, moving), 0, "{moving}");
    }
    if let Some(folder) = std::env::var_os("HEDDLE_SCREENSHOTS") {
        page.screenshot(&PathBuf::from(folder).join("paper.png"))
            .unwrap();
    }
}
