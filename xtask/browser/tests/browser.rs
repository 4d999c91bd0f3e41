//! The harness itself, in a browser: it has to see what is wrong with a page.

use heddle_browser::{Browser, Key, Screen};

/// Keys and clicks reach the page, and its text can be read.
#[test]
fn keys_and_clicks_reach_the_page() {
    let Some(mut browser) = Browser::start_or_skip("keys and clicks reach the page") else {
        return;
    };
    let html = "<!doctype html><p id=said>none</p><button onclick=\"said.textContent='clicked'\">b</button>
         <script>addEventListener('keydown', e => said.textContent = e.key)</script>";
    let mut page = browser.show(html, &Screen::DESKTOP).unwrap();
    assert_eq!(page.text("#said").unwrap(), "none");
    page.press(Key::Right).unwrap();
    assert_eq!(page.text("#said").unwrap(), "ArrowRight");
    page.press(Key::Character('n')).unwrap();
    assert_eq!(page.text("#said").unwrap(), "n");
    page.click("button").unwrap();
    assert_eq!(page.text("#said").unwrap(), "clicked");
    assert!(page.click("#missing").is_err());
    assert_eq!(page.errors().unwrap(), Vec::<String>::new());
}

/// What a page does wrong is seen: errors, requests, faint texts and too wide a layout.
#[test]
fn what_a_page_does_wrong_is_seen() {
    let Some(mut browser) = Browser::start_or_skip("what a page does wrong is seen") else {
        return;
    };
    let html = "<!doctype html><body style='background:#fff'><p style='color:#aaa'>faint</p>
         <p style='color:#000'>plain</p><div style='width:500px'>wide</div>
         <img src='missing.png' alt=''><script>console.error('loud'); thrown()</script>";
    let mut page = browser.show(html, &Screen::PHONE).unwrap();
    let errors = page.errors().unwrap().join("\n");
    assert!(errors.contains("loud"), "{errors}");
    assert!(errors.contains("thrown is not defined"), "{errors}");
    let requests = page.requests().unwrap();
    assert!(
        requests.len() == 1 && requests[0].ends_with("missing.png"),
        "{requests:?}"
    );
    let faint = page.faint_texts().unwrap();
    assert!(faint.len() == 1 && faint[0].ends_with("faint"), "{faint:?}");
    assert!(page.overflow().unwrap() > 100);
}
