//! The chart: bars on a logarithmic scale, to the right of the line where it is worth it.
//!
//! Its ground is its own, so that it is read on any page; Python and Rust differ by pattern and by
//! place, every bar has its figure beside it, and the whole is told in words for whoever cannot see it.

use heddle_terms::prose::wrap;

use super::figures::{Cell, Figures, Language, Way, Work};

/// The size of the drawing; a narrow phone shows it nearly as large.
const WIDTH: f64 = 360.0;
/// Where the bars may be.
const LEFT: f64 = 84.0;
const RIGHT: f64 = 306.0;
/// The height of a bar, of a way with its bars, and of what is above and below the ways of a work.
const BAR: f64 = 14.0;
const ROW: f64 = 42.0;
const HEAD: f64 = 52.0;
const FOOT: f64 = 32.0;
/// Where the first work begins, and how many letters a line holds.
const TOP: f64 = 88.0;
const LETTERS: usize = 46;

/// The colours on the light ground, then those on the dark one.
const COLOURS: [[(&str, &str); 5]; 2] = [
    [
        ("ground", "#ffffff"),
        ("ink", "#1b1b1f"),
        ("line", "#8a8a94"),
        ("rust", "#1d4ed8"),
        ("python", "#9a3412"),
    ],
    [
        ("ground", "#16161a"),
        ("ink", "#e8e8ee"),
        ("line", "#7d7d88"),
        ("rust", "#9dbdff"),
        ("python", "#ffb08a"),
    ],
];

/// The chart as an SVG file that needs nothing else.
pub fn svg(figures: &Figures) -> String {
    let mut body = String::new();
    let mut top = TOP;
    for work in Work::ALL {
        body += &panel(figures, work, top);
        top += HEAD + ROW * Way::ALL.len() as f64 + FOOT;
    }
    top += 12.0;
    for line in wrap(&stamp(figures), "", LETTERS).lines() {
        body += &words(8.0, top, "", line);
        top += 17.0;
    }
    let height = top;
    let data = escaped(&serde_json::to_string(figures).unwrap_or_default());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"decision-matrix\" width=\"480\" \
         height=\"{:.0}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"decision-matrix-title decision-matrix-told\">\n\
         <title id=\"decision-matrix-title\">The decision matrix, measured</title>\n\
         <desc id=\"decision-matrix-told\">{}</desc>\n<metadata>{data}</metadata>\n{}\
         <rect class=\"ground\" width=\"{WIDTH}\" height=\"{height}\" rx=\"6\"/>\n{}{body}</svg>\n",
        height * 480.0 / WIDTH,
        escaped(&told(figures)),
        style(),
        head(figures),
    )
}

/// Where a ratio is: whole powers of two or of ten around all that was measured of a work.
struct Scale {
    base: f64,
    least: i32,
    greatest: i32,
}

impl Scale {
    fn of(figures: &Figures, work: Work) -> Scale {
        let cells = figures.cells.iter().filter(|cell| cell.work == work);
        let ends = cells.map(|cell| (cell.least.max(1), cell.greatest.max(1)));
        let (least, greatest) = ends.fold((1000, 1000), |(least, greatest), (low, high)| {
            (least.min(low), greatest.max(high))
        });
        // A small difference would be lost among decades.
        let base: f64 = if least >= 250 && greatest <= 8000 {
            2.0
        } else {
            10.0
        };
        let power = |thousandths: u64| (thousandths as f64 / 1000.0).log(base);
        Scale {
            base,
            least: (power(least).floor() as i32).min(-1),
            greatest: (power(greatest).ceil() as i32).max(1),
        }
    }

    fn at(&self, thousandths: u64) -> f64 {
        let power = (thousandths.max(1) as f64 / 1000.0).log(self.base);
        let share = (power - f64::from(self.least)) / f64::from(self.greatest - self.least);
        LEFT + (RIGHT - LEFT) * share.clamp(0.0, 1.0)
    }

    /// The ratios that have a line, in thousandths.
    fn ticks(&self) -> impl Iterator<Item = u64> {
        let powers = self.least..=self.greatest;
        powers.map(|power| (self.base.powi(power) * 1000.0).round() as u64)
    }
}

fn style() -> String {
    let colours = |of: &[(&str, &str)]| {
        let of = of
            .iter()
            .map(|(name, colour)| format!("--{name}:{colour};"));
        format!(".decision-matrix{{{}}}", of.collect::<String>())
    };
    format!(
        "<style>{}\n@media (prefers-color-scheme: dark){{{}}}\n\
         .decision-matrix text{{font:13px system-ui,sans-serif;fill:var(--ink);paint-order:stroke;\
         stroke:var(--ground);stroke-width:4;stroke-linejoin:round}}\
         .decision-matrix .large{{font-size:16px;font-weight:700}}\
         .decision-matrix .strong{{font-weight:700}}\
         .decision-matrix .middle{{text-anchor:middle}}\
         .decision-matrix .ground{{fill:var(--ground)}}\
         .decision-matrix .line{{stroke:var(--line);stroke-width:1}}\
         .decision-matrix .one{{stroke:var(--ink);stroke-width:2}}\
         .decision-matrix .around{{stroke:var(--ground);stroke-width:5}}\
         .decision-matrix .spread{{stroke:var(--ink);stroke-width:1.5}}\
         .decision-matrix .rust{{fill:var(--rust)}}\
         .decision-matrix .python{{fill:url(#decision-matrix-python);stroke:var(--python);stroke-width:1.5}}\
         .decision-matrix .stripe{{stroke:var(--python);stroke-width:3}}</style>\n\
         <defs><pattern id=\"decision-matrix-python\" width=\"6\" height=\"6\" \
         patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <line class=\"stripe\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern></defs>\n",
        colours(&COLOURS[0]),
        colours(&COLOURS[1]),
    )
}

/// The title and what the bars are.
fn head(figures: &Figures) -> String {
    let mut svg = words(8.0, 26.0, "large", "How many times as fast as");
    svg += &words(8.0, 46.0, "large", "one thing after the other?");
    let mut left = 8.0;
    let measured = |language: &Language| figures.cells.iter().any(|it| it.language == *language);
    for language in [Language::Python, Language::Rust]
        .into_iter()
        .filter(measured)
    {
        svg += &bar(left, left + 26.0, 60.0, language);
        svg += &words(left + 34.0, 72.0, "", language.name());
        left += 110.0;
    }
    svg
}

/// One kind of work: its ways below each other.
fn panel(figures: &Figures, work: Work, top: f64) -> String {
    let scale = Scale::of(figures, work);
    let bottom = top + HEAD + ROW * Way::ALL.len() as f64;
    let mut svg = words(8.0, top + 22.0, "strong", work.title());
    svg += &words(8.0, top + 40.0, "", work.told());
    for tick in scale.ticks() {
        let x = scale.at(tick);
        let class = if tick == 1000 { "one" } else { "line" };
        svg += &line(class, x, top + HEAD - 4.0, x, bottom);
        let told = format!("{}×", tick as f64 / 1000.0);
        svg += &words(x, bottom + 16.0, "middle", &told);
    }
    for (index, way) in Way::ALL.into_iter().enumerate() {
        let top = top + HEAD + ROW * index as f64;
        svg += &words(8.0, top + BAR + 6.0, "", way.word());
        let languages = [Language::Python, Language::Rust];
        let cells = languages.map(|language| figures.cell(work, way, language));
        for (place, cell) in cells.into_iter().flatten().enumerate() {
            svg += &measured(&scale, cell, top + (BAR + 4.0) * place as f64);
        }
    }
    svg
}

/// A bar with its figure, and a line from the least to the greatest of the rounds.
fn measured(scale: &Scale, cell: &Cell, top: f64) -> String {
    let (one, end) = (scale.at(1000), scale.at(cell.median));
    let middle = top + BAR / 2.0;
    let (least, greatest) = (scale.at(cell.least), scale.at(cell.greatest));
    let behind = one.max(end).max(greatest) + 5.0;
    bar(one.min(end), one.max(end), top, cell.language)
        + &line("around", least - 1.0, middle, greatest + 1.0, middle)
        + &line("spread", least, middle, greatest, middle)
        + &words(behind, top + BAR - 2.0, "strong", &cell.told())
}

fn bar(left: f64, right: f64, top: f64, language: Language) -> String {
    let class = language.name().to_lowercase();
    format!(
        "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{BAR}\"/>\n",
        right - left
    )
}

fn line(class: &str, x1: f64, y1: f64, x2: f64, y2: f64) -> String {
    format!(
        "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>\n"
    )
}

fn words(x: f64, y: f64, class: &str, told: &str) -> String {
    let told = escaped(told);
    format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{told}</text>\n")
}

/// Where and when it was measured, and how it is read.
fn stamp(figures: &Figures) -> String {
    let python = match &figures.python {
        Some(python) => python.clone(),
        None => "Python was not measured: there was none".to_owned(),
    };
    format!(
        "Bars: the median of {} rounds, each against the sequential run of the same round and \
         language; thin lines: all rounds. The thick line is the sequential run; each kind of work \
         has a scale of its own. Async: tasks on one thread (asyncio, tokio).\n\
         {}; {}.\n{python}; {}.\nMeasured on {}.",
        figures.rounds, figures.machine, figures.system, figures.rust, figures.date
    )
}

/// Every figure in sentences.
fn told(figures: &Figures) -> String {
    let mut text = "How many times as fast as one thing after the other.".to_owned();
    for work in Work::ALL {
        text += &format!(" {} ({}):", work.title(), work.told());
        let ways = Way::ALL.map(|way| {
            let cells = figures.cells.iter();
            let cells = cells.filter(|cell| (cell.work, cell.way) == (work, way));
            let told: Vec<String> = cells
                .map(|cell| format!("{} {}", cell.language.name(), cell.told()))
                .collect();
            format!(" {} {}", way.word(), told.join(", "))
        });
        text += &ways.join(";");
        text += ".";
    }
    format!("{text} {}", stamp(figures).replace('\n', " "))
}

fn escaped(plain: &str) -> String {
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
#[path = "chart_tests.rs"]
mod tests;
