//! The figures in a real browser: every word is on them, large enough for a phone, and on no other.
//!
//! With `HEDDLE_SCREENSHOTS=FOLDER` pictures of them are left there.

use std::env;
use std::fs;
use std::path::Path;

use heddle_browser::{Browser, Screen};

/// A page that shows the figure as a chapter does.
fn page(svg: &str, dark: bool) -> String {
    let ground = if dark { "#161923" } else { "#ffffff" };
    // As an image: nothing of the page around it reaches it.
    let data: String = svg.bytes().map(|byte| format!("%{byte:02x}")).collect();
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Figure</title>\
         <link rel=\"icon\" href=\"data:,\"><meta name=\"viewport\" content=\"width=device-width\">\
         <style>body {{ margin: 15px; background: {ground}; }} :is(img, svg) {{ max-width: 100%; \
         height: auto; }} #inside {{ display: none; }} .measured img {{ display: none; }} \
         .measured #inside {{ display: block; }}</style>\
         <body><img alt=\"A figure\" src=\"data:image/svg+xml,{data}\"><div id=\"inside\">{svg}</div>"
    )
}

/// Shown on every screen.
const SCREENS: [(&str, Screen); 4] = [
    ("desktop", Screen::DESKTOP),
    (
        "desktop-dark",
        Screen {
            dark: true,
            ..Screen::DESKTOP
        },
    ),
    ("phone", Screen::PHONE),
    (
        "phone-dark",
        Screen {
            dark: true,
            ..Screen::PHONE
        },
    ),
];

/// What is wrong with the words: too small, outside, or on top of one another.
const UNREADABLE: &str = r"
(() => {
  document.body.className = 'measured';
  const svg = document.querySelector('#inside svg');
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].map(it => [it.textContent, it.getBoundingClientRect()]);
  const scale = frame.width / svg.viewBox.baseVal.width;
  const wrong = [];
  for (const [told, box] of texts) {
    if (13 * scale < 10.5) wrong.push(`${told}: too small`);
    if (box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom) wrong.push(`${told}: outside`);
    for (const [other, its] of texts) {
      const apart = box.right <= its.left + 1 || its.right <= box.left + 1 || box.bottom <= its.top + 3 || its.bottom <= box.top + 3;
      if (told !== other && !apart) wrong.push(`${told}: on ${other}`);
    }
  }
  document.body.className = '';
  return wrong;
})()
";

/// Every figure is an image with a title and a description, and it is read on a phone.
#[test]
fn every_figure_is_read_on_every_screen() {
    let Some(mut browser) = Browser::start_or_skip("figures") else {
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("figures");
    for entry in fs::read_dir(folder).expect("there are figures") {
        let file = entry.expect("an entry").path();
        let name = file.file_stem().and_then(|name| name.to_str());
        let name = name.expect("a name").to_owned();
        let svg = fs::read_to_string(&file).expect("a figure is text");
        for (screen_name, screen) in SCREENS {
            let mut page = browser.show(&page(&svg, screen.dark), &screen).unwrap();
            // An image that is no XML has no size.
            let width = page.evaluate("document.querySelector('img').naturalWidth");
            assert!(width.unwrap().as_u64() > Some(0), "{name}");
            for part in ["title", "desc"] {
                let told = page.text(&format!("#inside svg > {part}")).unwrap();
                assert!(!told.is_empty(), "{name}: {part}");
            }
            let unreadable = page.evaluate(UNREADABLE).unwrap();
            assert_eq!(unreadable.to_string(), "[]", "{name} on {screen_name}");
            assert_eq!(page.overflow().unwrap(), 0, "{name} on {screen_name}");
            assert_eq!(page.errors().unwrap(), Vec::<String>::new());
            assert_eq!(page.requests().unwrap(), Vec::<String>::new());
            if let Some(folder) = env::var_os("HEDDLE_SCREENSHOTS") {
                let file = Path::new(&folder).join(format!("{name}-{screen_name}.png"));
                page.screenshot(&file).unwrap();
            }
        }
    }
}
