//! The chart of given figures, and the chart that is committed.

use std::path::Path;

use super::*;

/// One way of each work, and no Python.
fn sample() -> Figures {
    let cell = |work, way, language, ratios: &[u64]| Cell::of(work, way, language, ratios.to_vec());
    Figures {
        machine: "A <fast> processor, 2 cores".to_owned(),
        system: "Debian & Linux".to_owned(),
        rust: "rustc 1.95.0".to_owned(),
        python: None,
        date: "2026-01-31".to_owned(),
        rounds: 3,
        cells: vec![
            cell(
                Work::Io,
                Way::Threads,
                Language::Rust,
                &[9_000, 10_000, 11_000],
            ),
            cell(Work::Cpu, Way::Processes, Language::Rust, &[2_000]),
            cell(Work::Shared, Way::Processes, Language::Rust, &[20, 10, 10]),
        ],
    }
}

/// The names of the elements that are open, after every tag; fails where one is closed wrongly.
#[track_caller]
fn assert_well_formed(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in svg.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'), "a bare > in {text}");
        let ampersands = text.split('&').skip(1);
        for entity in ampersands.map(|rest| rest.split(';').next().unwrap_or_default()) {
            assert!(["amp", "lt", "gt"].contains(&entity), "&{entity}");
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed));
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap_or_default());
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

/// The place and the length of every bar of Rust, in order; the first one is the legend's.
fn bars(svg: &str) -> Vec<(String, String)> {
    let field = |line: &str, name: &str| {
        let (_, rest) = line.split_once(&format!(" {name}=\""))?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    svg.lines()
        .filter(|line| line.contains("class=\"rust\""))
        .filter_map(|line| Some((field(line, "x")?, field(line, "width")?)))
        .collect()
}

/// A bar begins at the line of 1 and ends where its work's scale has its ratio.
#[test]
fn a_bar_is_as_long_as_its_ratio() {
    let svg = svg(&sample());
    let whole = RIGHT - LEFT;
    let place = |x: f64, width: f64| (format!("{x:.1}"), format!("{width:.1}"));
    // Decades from 0.1 to 100, powers of two from 0.5 to 2, decades from 0.01 to 10.
    let expected = [
        place(LEFT + whole / 3.0, whole / 3.0),
        place(LEFT + whole / 2.0, whole / 2.0),
        place(LEFT, whole * 2.0 / 3.0),
    ];
    assert_eq!(bars(&svg)[1..], expected);
    for figure in ["10×", "2.0×", "0.010×"] {
        assert!(svg.contains(&format!(">{figure}</text>")), "{figure}");
    }
}

/// Whoever does not see the bars is told every figure, and where it was measured.
#[test]
fn the_chart_is_told_in_words() {
    let told = told(&sample());
    assert!(told.contains("I/O-bound (64 requests to a server, a worker each): threads Rust 10×;"));
    assert!(told.contains("Python was not measured"));
    assert!(told.ends_with("Measured on 2026-01-31."), "{told}");
}

/// What stands in a name is text.
#[test]
fn the_chart_is_well_formed() {
    assert_well_formed(&svg(&sample()));
}

/// The committed chart is drawn from the figures that are in it, and by nobody's hand.
#[test]
fn the_committed_chart_is_drawn_from_its_own_figures() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/figures/decision-matrix.svg");
    let committed = std::fs::read_to_string(file).expect("the chart is there");
    let data = committed
        .split_once("<metadata>")
        .and_then(|(_, rest)| rest.split_once("</metadata>"));
    let (data, _) = data.expect("the chart holds its figures");
    let data = data
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let figures: Figures = serde_json::from_str(&data).expect("the figures can be read");
    assert_well_formed(&committed);
    assert_eq!(
        svg(&figures),
        committed,
        "run `cargo xtask bench matrix`, which draws it anew"
    );
}

/// Words and bars stand out from either ground.
#[test]
fn every_colour_stands_out_from_its_ground() {
    let light = |colour: &str| {
        let part = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("a colour");
            let value = f64::from(value) / 255.0;
            if value <= 0.03928 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    for colours in COLOURS {
        let ground = light(colours[0].1);
        for (name, colour) in &colours[1..] {
            let (high, low) = (light(colour).max(ground), light(colour).min(ground));
            let least = if *name == "ink" { 4.5 } else { 3.0 };
            assert!((high + 0.05) / (low + 0.05) >= least, "{name} {colour}");
        }
    }
}
