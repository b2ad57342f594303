//! The clauses of a standard for a management system, which are the same in all of them: 4 to 7 set the system up, 8 is
//! its operation, 9 and 10 check and improve it. Which there are and what they are called comes from the tree.

use super::{
    lines,
    picture::{DrawingView, GAP, LEADING, NARROW, PAD, Picture, SIZE, Shape, WIDE, Words, boxed, height, name},
};
use crate::render::navigation::Child;

/// Room for the line that leads from the end back to the beginning.
const LOOP: i64 = 23;
/// Between one row of boxes and the next.
const ROW_GAP: i64 = 26;
/// The head of the operation, above its groups.
const HEAD: i64 = 44;

struct Clauses<'w> {
    before: Vec<&'w Child>,
    operation: &'w Child,
    after: Vec<&'w Child>,
}

pub(super) fn view(children: &[Child]) -> Option<DrawingView> {
    let between = |range: std::ops::RangeInclusive<u8>| {
        children.iter().filter(|child| child.number.parse().is_ok_and(|number: u8| range.contains(&number))).collect()
    };
    let operation = children.iter().find(|child| child.number == "8")?;
    let clauses = Clauses { before: between(4..=7), operation, after: between(9..=10) };
    let caption =
        "Clauses 4 to 7 set the system up, clause 8 is its operation, and clauses 9 and 10 check and improve it.";
    Some(DrawingView {
        title: "The structure of the management system",
        caption: caption.to_owned(),
        wide: wide(&clauses),
        narrow: narrow(&clauses),
    })
}

fn wide(clauses: &Clauses<'_>) -> Picture {
    let mut picture = Picture { width: WIDE, height: 0, lines: Vec::new(), shapes: Vec::new() };
    let width = WIDE - LOOP;
    row(&mut picture, &clauses.before, (4, width));
    let first = picture.height / 2;
    lead_on(&mut picture, width);
    operation(&mut picture, clauses.operation, (3, width));
    lead_on(&mut picture, width);
    let top = picture.height;
    row(&mut picture, &clauses.after, (2, width));
    if !clauses.before.is_empty() && !clauses.after.is_empty() {
        let (last, edge) = (i64::midpoint(top, picture.height), WIDE - 2);
        picture.lines.push(format!("M{width} {last}H{}q8 0 8 -8V{}q0 -8 -8 -8H{}", edge - 8, first + 8, width + 3));
        picture.lines.push(format!("M{} {}l-7 6l7 6", width + 9, first - 6));
    }
    picture
}

fn narrow(clauses: &Clauses<'_>) -> Picture {
    let mut picture = Picture { width: NARROW, height: 0, lines: Vec::new(), shapes: Vec::new() };
    row(&mut picture, &clauses.before, (2, NARROW));
    lead_on(&mut picture, NARROW);
    operation(&mut picture, clauses.operation, (1, NARROW));
    lead_on(&mut picture, NARROW);
    row(&mut picture, &clauses.after, (2, NARROW));
    picture
}

/// Boxes of the same size beside each other, and more of them below.
fn row(picture: &mut Picture, children: &[&Child], (columns, width): (i64, i64)) {
    let width = (width - (columns - 1) * GAP) / columns;
    for chunk in children.chunks(usize::try_from(columns).unwrap_or(1)) {
        let top = if picture.shapes.last().is_some_and(|shape| shape.y + shape.height == picture.height) {
            picture.height + GAP
        } else {
            picture.height
        };
        let high = height(chunk.iter().copied(), width);
        let boxes =
            chunk.iter().zip(0..).map(|(child, column)| boxed(child, (column * (width + GAP), top), (width, high)));
        picture.shapes.extend(boxes);
        picture.height = top + high;
    }
}

/// An arrow from one row down to the next.
fn lead_on(picture: &mut Picture, width: i64) {
    if picture.shapes.is_empty() {
        return;
    }
    let (middle, end) = (width / 2, picture.height + ROW_GAP);
    picture.lines.push(format!("M{middle} {}V{}M{} {}l6 7l6 -7", picture.height, end - 3, middle - 6, end - 10));
    picture.height = end;
}

/// The clause about the operation, with its groups within.
fn operation(picture: &mut Picture, clause: &Child, (columns, width): (i64, i64)) {
    let (top, inner) = (picture.height, width - 2 * PAD);
    let group = (inner - (columns - 1) * PAD) / columns;
    let line = |class, x, text: &str| Words { class, x, y: top + 28, text: text.to_owned() };
    let label = lines::broken(&clause.label, 18, width - 60, 1);
    let mut words = vec![line("number", PAD, &clause.number)];
    words.extend(label.iter().map(|text| line("title", PAD + 24, text)));
    let mut y = top + HEAD;
    let mut groups = Vec::new();
    let in_a_row = usize::try_from(columns).unwrap_or(1);
    // One that would be alone in the last row has the first row to itself.
    let (first, others) = clause.children.split_at(usize::from(clause.children.len() % in_a_row == 1));
    for (row, width) in first.chunks(1).map(|row| (row, inner)).chain(others.chunks(in_a_row).map(|row| (row, group))) {
        let high = row.iter().map(|child| entry_height(child, width)).max().unwrap_or_default();
        let places = (0..).map(|column| PAD + column * (width + PAD));
        groups.extend(row.iter().zip(places).map(|(child, x)| entry(child, (x, y), (width, high))));
        y += high + PAD;
    }
    picture.height = y;
    picture.shapes.push(Shape {
        path: clause.path.clone(),
        name: name(clause, &clause.label),
        class: "whole",
        x: 0,
        y: top,
        width,
        height: y - top,
        dot: None,
        words,
    });
    picture.shapes.extend(groups);
}

/// Where the title of a group begins, behind its number.
const TITLE: i64 = 40;

fn entry_lines(child: &Child, width: i64) -> Vec<String> {
    lines::broken(&child.label, SIZE, width - TITLE - 6, 3)
}

fn entry_height(child: &Child, width: i64) -> i64 {
    18 + LEADING * i64::try_from(entry_lines(child, width).len()).unwrap_or_default()
}

/// A group: its number, and beside it its title.
fn entry(child: &Child, (x, y): (i64, i64), (width, height): (i64, i64)) -> Shape {
    let mut words = vec![Words { class: "number", x: x + PAD, y: y + 22, text: child.number.clone() }];
    words.extend(entry_lines(child, width).into_iter().zip(0..).map(|(text, line)| Words {
        class: "",
        x: x + TITLE,
        y: y + 22 + line * LEADING,
        text,
    }));
    Shape {
        path: child.path.clone(),
        name: name(child, &child.label),
        class: "box",
        x,
        y,
        width,
        height,
        dot: None,
        words,
    }
}
