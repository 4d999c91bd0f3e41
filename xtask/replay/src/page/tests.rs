//! What a page consists of, without a browser.

use super::*;
use crate::samples::{self, ALL, STOLEN};

/// A page is small, and names no address from which something could be fetched.
#[test]
fn a_page_is_small_and_fetches_nothing() {
    for (name, record) in ALL {
        let page = document(&samples::replay(record));
        assert!(page.len() < 60_000, "{name}: {} bytes", page.len());
        for fetch in ["http:", "https:", "src=", "@import", "url("] {
            assert!(!page.contains(fetch), "{name} has {fetch}");
        }
    }
}

/// The same schedule always gives the same page.
#[test]
fn a_page_depends_on_nothing_but_the_schedule() {
    let page = || document(&samples::replay(STOLEN));
    assert_eq!(page(), page());
}

/// Nothing in a source or a message becomes markup.
#[test]
fn text_of_a_learner_cannot_become_markup() {
    let mut replay = samples::replay(STOLEN);
    replay.record.failure.message = "</script><img onerror=alert(1)>".to_owned();
    replay.record.objects[0].name = "<b>items</b>".to_owned();
    replay.record.threads[1].name = "\"><i>".to_owned();
    let page = document(&replay);
    assert_eq!(page.matches("</script>").count(), 2);
    assert!(!page.contains("<img") && !page.contains("<b>items") && !page.contains("\"><i>"));
}

/// Every row of the report has its row, and so has the failure.
#[test]
fn every_moment_has_a_row() {
    for (name, record) in ALL {
        let replay = samples::replay(record);
        let rows = fragment(&replay, "one").matches("<tr data-at=").count();
        assert_eq!(
            rows,
            Timeline::of(&replay.record, Detail::Rows).end(),
            "{name}"
        );
    }
}

/// Two fragments on one page do not share an id, and neither brings style or script along.
#[test]
fn fragments_share_one_style_and_one_script() {
    let one = fragment(&samples::replay(STOLEN), "first");
    assert!(
        one.contains("id=\"first\"")
            && !one.contains("<style")
            && !one.contains("addEventListener")
    );
    assert_eq!(one.matches(" id=").count(), 1);
}
