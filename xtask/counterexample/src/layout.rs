//! The rows of a schedule as lines: a column for each thread, or one below the other.

use super::page::{Line, Places, Role};
use super::story::{Row, Story, Tone};
use super::words::Names;
use heddle_terms::prose::{cut, wrap};

/// What stands in front of every line.
const INDENT: &str = "  ";
/// What stands between two columns.
const GAP: usize = 3;
/// The narrowest that a column may get; its text may still run on below the names of later ones.
const NARROWEST: usize = 12;
/// The widths that a column's text may have, first those that are rather had; what is longer goes on
/// in the next line.
const WIDTHS: [usize; 3] = [usize::MAX, 58, 48];
/// The narrowest that a column's text may get, where places are lines alone.
const NARROWEST_TEXT: usize = 34;
/// How many operations of each real thread are told.
const LAST: usize = 5;
/// The sign in front of a row in which another thread goes on than in the row before.
const SWITCH: &str = "»";

/// The rows as lines of at most `width` columns.
pub fn table(story: &Story, places: Places<'_>, width: usize) -> Vec<Line> {
    let long = Table {
        story,
        places,
        width,
        functions: true,
    };
    let short = Table {
        functions: false,
        ..long
    };
    let mut columns = WIDTHS.iter().find_map(|most| long.columns(*most));
    columns = columns.or_else(|| short.columns(usize::MAX));
    columns = columns.or_else(|| short.columns(NARROWEST_TEXT));
    columns.unwrap_or_else(|| long.stacked())
}

/// What each thread did last: on real threads nobody knows what came before what of another one.
pub fn last_operations(places: Places<'_>, width: usize) -> Vec<Line> {
    let names = Names::of(places.record);
    let steps = &places.record.steps;
    let mut lines = Vec::new();
    for thread in 0..places.record.threads.len() {
        let own = (0..steps.len()).filter(|number| steps[*number].thread == thread);
        let own: Vec<usize> = own.collect();
        let last = &own[own.len().saturating_sub(LAST)..];
        if last.is_empty() {
            continue;
        }
        let name = names.thread(thread);
        lines.push(Line::new(Role::Heading, format!("    {name} did last")));
        for number in last {
            let place = steps[*number].at.map(|at| places.in_function(at));
            let text = format!(
                "      {}  {}",
                names.step(*number),
                place.unwrap_or_default()
            );
            lines.push(Line::new(Role::Plain, cut(&text, width)));
        }
    }
    lines
}

/// A table under way.
#[derive(Clone, Copy)]
struct Table<'a> {
    story: &'a Story,
    places: Places<'a>,
    width: usize,
    /// Whether places name the function that they are in.
    functions: bool,
}

impl Table<'_> {
    /// One column for each thread, with texts longer than `most` on more than one line; `None` where
    /// there is no room for that.
    fn columns(self, most: usize) -> Option<Vec<Line>> {
        let rows = &self.story.rows;
        let threads = self.story.threads();
        let left = self.left();
        let room = self.width.checked_sub(left)?;
        let widths: Vec<usize> = threads.iter().map(|it| self.column(*it)).collect();
        let short: Vec<usize> = widths.iter().map(|it| (*it).min(most)).collect();
        let offsets = offsets(&short, room)?;
        let mut lines = vec![self.head(&threads, &offsets)];
        for (index, row) in rows.iter().enumerate() {
            let column = threads.iter().position(|thread| *thread == row.thread)?;
            let offset = offsets[column];
            let end = match offsets.get(column + 1) {
                Some(next) => next - GAP,
                None => room.min(offset + widths[column]),
            };
            let switch = index > 0 && rows[index - 1].thread != row.thread;
            let mark = if switch { SWITCH } else { " " };
            let mut front = format!("{INDENT}{} {mark}  {:offset$}", self.number(row), "");
            // Where some texts run on below other names, places in one line of their own would be torn.
            let aligned = end - offset >= widths[column];
            let end = if aligned { end - offset } else { 0 };
            for text in self.filled(row, end, room - offset) {
                lines.push(Line::new(role(row.tone), format!("{front}{text}")));
                front = " ".repeat(left + offset);
            }
        }
        Some(lines)
    }

    /// The indent, the number, the sign of a switch, and the spaces between them.
    fn left(self) -> usize {
        INDENT.len() + self.digits() + 4
    }

    fn digits(self) -> usize {
        self.story.steps.to_string().len().max(2)
    }

    /// The names of the threads above their columns.
    fn head(self, threads: &[usize], offsets: &[usize]) -> Line {
        let names = Names::of(self.places.record);
        let mut head = String::new();
        for (thread, offset) in threads.iter().zip(offsets) {
            let gap = (self.left() + offset).saturating_sub(length(&head));
            head += &" ".repeat(gap);
            head += names.thread(*thread);
        }
        Line::new(Role::Heading, head)
    }

    /// How wide the column of a thread would like to be.
    fn column(self, thread: usize) -> usize {
        let rows = self.story.rows.iter();
        let rows = rows.filter(|row| row.thread == thread && row.tone != Tone::Folded);
        let widest = rows.map(|row| self.cell(row)).max().unwrap_or(0);
        // A space, so that two names never touch.
        widest.max(1 + length(Names::of(self.places.record).thread(thread)))
    }

    /// Each thread's rows below its name, and the name again whenever it goes on.
    fn stacked(self) -> Vec<Line> {
        let names = Names::of(self.places.record);
        let rows = &self.story.rows;
        let left = INDENT.len() + self.digits() + 2;
        let room = self.width.saturating_sub(left);
        let plain = rows.iter().filter(|row| row.tone != Tone::Folded);
        let widest = plain.map(|row| self.cell(row)).max().unwrap_or(0);
        let mut lines = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            if index == 0 || rows[index - 1].thread != row.thread {
                let name = format!("{INDENT}{}", names.thread(row.thread));
                lines.push(Line::new(Role::Heading, name));
            }
            let mut front = format!("{INDENT}{}  ", self.number(row));
            for text in self.filled(row, widest.min(room), room) {
                lines.push(Line::new(role(row.tone), format!("{front}{text}")));
                front = " ".repeat(left);
            }
        }
        lines
    }

    /// The text of a row in as many lines as it takes, with its place at the end of the column or
    /// behind a text that is longer.
    fn filled(self, row: &Row, column: usize, room: usize) -> Vec<String> {
        let place = self.place(row);
        let room_for_text = match place.is_empty() {
            true => room,
            false => room.saturating_sub(1 + length(&place)),
        };
        if row.tone == Tone::Folded {
            return vec![cut(&row.text, room_for_text)];
        }
        let one_line = length(&row.text) <= room_for_text;
        // Later lines stand a little to the right.
        let room_for_wrapped = if one_line {
            room_for_text
        } else {
            room_for_text.saturating_sub(2)
        };
        let wrapped = wrap(&row.text, "", room_for_wrapped);
        let mut lines: Vec<String> = wrapped
            .lines()
            .enumerate()
            .map(|(index, line)| match index {
                0 => cut(line, room_for_text),
                _ => cut(&format!("  {line}"), room_for_text),
            })
            .collect();
        if let (Some(first), false) = (lines.first_mut(), place.is_empty()) {
            // Without a column to fill, two spaces keep text and place apart.
            let free = match column {
                0 => room.min(length(first) + 2 + length(&place)),
                column => column,
            };
            let gap = free.saturating_sub(length(first) + length(&place)).max(1);
            *first = format!("{first}{:gap$}{place}", "");
        }
        lines
    }

    fn place(self, row: &Row) -> String {
        row.at.map_or(String::new(), |at| match self.functions {
            true => self.places.in_function(at),
            false => self.places.short(at),
        })
    }

    /// How many columns a row takes at least.
    fn cell(self, row: &Row) -> usize {
        let place = length(&self.place(row));
        length(&row.text) + place + usize::from(place > 0)
    }

    /// The number of a row's first step, as far as it tells a step.
    fn number(self, row: &Row) -> String {
        let digits = self.digits();
        match (row.tone, row.steps.first()) {
            (Tone::Folded, _) | (_, None) => " ".repeat(digits),
            (_, Some(first)) => format!("{:>digits$}", first + 1),
        }
    }
}

/// Where each column begins: as far apart as their texts are long, or nearer where the lines would
/// get too long; a text may run on below the head of the next column, whose own row is another one.
fn offsets(widths: &[usize], room: usize) -> Option<Vec<usize>> {
    let widest = widths.iter().copied().max()?;
    let place = |most: usize| -> Vec<usize> {
        let mut next = 0;
        let mut offsets = Vec::new();
        for width in widths {
            offsets.push(next);
            next += (*width).min(most) + GAP;
        }
        offsets
    };
    let fits = |offsets: &[usize]| {
        let mut ends = offsets.iter().zip(widths);
        ends.all(|(offset, width)| offset + width <= room)
    };
    let narrowest = NARROWEST.min(widest);
    let most = (narrowest..=widest).rev();
    most.map(place).find(|offsets| fits(offsets))
}

fn role(tone: Tone) -> Role {
    match tone {
        Tone::Plain => Role::Plain,
        Tone::Odd => Role::Odd,
        Tone::Call | Tone::Folded => Role::Dim,
        Tone::Failure => Role::Failure,
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}
