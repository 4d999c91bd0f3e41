//! The book in a real browser. With `HEDDLE_SCREENSHOTS=FOLDER` pictures of the pages are left there.

mod support;

use std::path::PathBuf;

use heddle_browser::{Browser, Key, Page, Screen};
use support::{html, pages};

/// The screens on which every page is read.
const SCREENS: [(&str, Screen); 4] = [
    ("desktop", Screen::DESKTOP),
    ("desktop-dark", Screen { dark: true, ..Screen::DESKTOP }),
    ("phone", Screen::PHONE),
    ("phone-dark", Screen { dark: true, ..Screen::PHONE }),
];

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
#[test]
fn every_page_can_be_read_on_every_screen() {
    let Some(mut browser) = Browser::start_or_skip("every page can be read on every screen") else {
        return;
    };
    let pictures = std::env::var_os("HEDDLE_SCREENSHOTS").map(PathBuf::from);
    let only = std::env::var("HEDDLE_PAGES").unwrap_or_default();
    let mut problems = Vec::new();
    for name in pages().iter().filter(|name| name.contains(&only)) {
        for (screen_name, screen) in SCREENS {
            let mut page = open(&mut browser, name, screen);
            let mut note = |what: String| problems.push(format!("{name} on {screen_name}: {what}"));
            if let Some(folder) = &pictures {
                let file = folder.join(format!("{name}-{screen_name}.png"));
                page.screenshot(&file).unwrap();
            }
            page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
                .unwrap();
            page.settle().unwrap();
            let wider = page.overflow().unwrap();
            if wider > 0 {
                note(format!("{wider} pixels too wide"));
            }
            for faint in page.faint_texts().unwrap() {
                note(format!("faint: {faint}"));
            }
            for error in page.errors().unwrap() {
                note(error);
            }
            for url in foreign(&mut page) {
                note(format!("asks for {url}"));
            }
        }
    }
    problems.sort();
    problems.dedup();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
