//! The first numbered page below in the middle, and the others around it in their order, as the hands of a clock go.

use super::{
    lines,
    picture::{DrawingView, GAP, NARROW, PAD, Picture, Shape, WIDE, Words, boxed, height},
};
use crate::render::navigation::Child;

/// Boxes beside each other on wide screens, and on narrow ones.
const COLUMNS: i64 = 5;
const FEW_COLUMNS: i64 = 2;
/// Rows that the one in the middle needs at least.
const ROWS: i64 = 2;

pub(super) fn view(children: &[Child]) -> Option<DrawingView> {
    let numbered: Vec<&Child> = children.iter().filter(|child| !child.number.is_empty()).collect();
    let (hub, others) = numbered.split_first()?;
    let caption = format!("The documents of the family around {}.", hub.number);
    Some(DrawingView { title: "The family", caption, wide: wide(hub, others), narrow: narrow(hub, others) })
}

fn wide(hub: &Child, others: &[&Child]) -> Picture {
    let width = (WIDE - (COLUMNS - 1) * GAP) / COLUMNS;
    let high = height(others.iter().copied(), width);
    let count = i64::try_from(others.len()).unwrap_or_default();
    let rows = ((count - 2 * COLUMNS + 1) / 2).max(ROWS);
    let at = |column: i64, row: i64| (column * (width + GAP), row * (high + GAP));
    let inner = (3 * width + 2 * GAP, rows * (high + GAP) - GAP);
    let mut shapes = vec![middle(hub, at(1, 1), inner)];
    shapes.extend(
        others.iter().zip(around(rows)).map(|(child, (column, row))| boxed(child, at(column, row), (width, high))),
    );
    Picture { width: WIDE, height: (rows + 2) * (high + GAP) - GAP, lines: Vec::new(), shapes }
}

/// Columns and rows around the middle, from the upper left corner on; more rows below it, if need be.
fn around(rows: i64) -> impl Iterator<Item = (i64, i64)> {
    let last = COLUMNS - 1;
    let top = (0..COLUMNS).map(|column| (column, 0));
    let right = (1..=rows).map(move |row| (last, row));
    let below = (0..COLUMNS).rev().map(move |column| (column, rows + 1));
    let left = (1..=rows).rev().map(|row| (0, row));
    top.chain(right).chain(below).chain(left)
}

fn narrow(hub: &Child, others: &[&Child]) -> Picture {
    let width = (NARROW - GAP) / FEW_COLUMNS;
    let first = middle(hub, (0, 0), (NARROW, 190));
    let (mut y, mut shapes) = (first.height + GAP, vec![first]);
    for pair in others.chunks(2) {
        let high = height(pair.iter().copied(), width);
        shapes.extend(
            pair.iter().zip(0..).map(|(child, column)| boxed(child, (column * (width + GAP), y), (width, high))),
        );
        y += high + GAP;
    }
    Picture { width: NARROW, height: y - GAP, lines: Vec::new(), shapes }
}

/// The document that the others are about: its number, its title, what it says.
fn middle(hub: &Child, (x, y): (i64, i64), (width, height): (i64, i64)) -> Shape {
    let inset = 2 * PAD;
    let titles = lines::broken(&hub.title, 24, width - 2 * inset, 3);
    let room = usize::try_from((height - 90) / 60).unwrap_or_default();
    let summary = lines::broken(&hub.summary, 14, width - 2 * inset, room.clamp(2, 4));
    let counts = (i64::try_from(titles.len()).unwrap_or_default(), i64::try_from(summary.len()).unwrap_or_default());
    let mut line = y + (height - (24 + counts.0 * 29 + counts.1 * 19 + 6)) / 2 + 14;
    let mut words = vec![Words { class: "number", x: x + inset, y: line, text: hub.number.clone() }];
    line += 6;
    for text in titles {
        line += 29;
        words.push(Words { class: "heading", x: x + inset, y: line, text });
    }
    line += 10;
    for text in summary {
        line += 19;
        words.push(Words { class: "soft", x: x + inset, y: line, text });
    }
    let texts: Vec<&str> = words.iter().map(|line| line.text.as_str()).collect();
    Shape { path: hub.path.clone(), name: texts.join(" "), class: "hub", x, y, width, height, dot: None, words }
}
