//! The pages below as stops of a path, which forks where four levels end in two tracks.

use super::{
    lines,
    picture::{Dot, DrawingView, NARROW, Picture, Shape, WIDE, Words},
};
use crate::render::navigation::Child;

/// Half of the height of a stop.
const RADIUS: i64 = 18;
const SIZE: i64 = 17;
const LEADING: i64 = 23;
/// Stops beside each other on wide screens.
const ROW: usize = 3;
/// From one of them to the next.
const STEP: i64 = 208;
/// How wide the title of a stop may be below it, and beside it.
const BELOW: i64 = 160;
const BESIDE: i64 = NARROW - 2 * RADIUS - 18;
/// From one track to the other on narrow screens.
const TRACK: i64 = 150;

pub(super) fn view(children: &[Child]) -> Option<DrawingView> {
    if children.is_empty() {
        return None;
    }
    let forks = children.len() == 4;
    let caption = if forks { "Steps 3a and 3b are parallel: you choose one." } else { "Each step leads to the next." };
    let (wide, narrow) =
        if forks { (wide_fork(children), narrow_fork(children)) } else { (wide(children), narrow(children)) };
    Some(DrawingView { title: "The path", caption: caption.to_owned(), wide, narrow })
}

/// A stop with its title below it.
fn stop(child: &Child, number: String, (x, y): (i64, i64), width: i64) -> Shape {
    let titles = lines::broken(&child.title, SIZE, width, 3);
    let count = i64::try_from(titles.len()).unwrap_or_default();
    let words = titles.into_iter().zip(0..).map(|(text, line)| Words {
        class: "title",
        x,
        y: y + RADIUS + 26 + line * LEADING,
        text,
    });
    Shape {
        path: child.path.clone(),
        name: format!("{number} {}", child.title),
        class: if number.len() > 1 && number.starts_with('3') { "stop track" } else { "stop" },
        x,
        y: y - RADIUS,
        width,
        height: 2 * RADIUS + 10 + count * LEADING,
        words: words.collect(),
        dot: Some(Dot { x: x + RADIUS, y, number }),
    }
}

/// The same with its title beside it.
fn row(child: &Child, number: String, y: i64) -> Shape {
    let mut shape = stop(child, number, (0, y), BESIDE);
    let count = i64::try_from(shape.words.len()).unwrap_or_default();
    for (words, line) in shape.words.iter_mut().zip(0..) {
        (words.x, words.y) = (2 * RADIUS + 16, y + 6 + line * LEADING);
    }
    Shape { width: NARROW, height: (2 * RADIUS).max(RADIUS + count * LEADING), ..shape }
}

fn bottom(shapes: &[Shape]) -> i64 {
    shapes.iter().map(|shape| shape.y + shape.height).max().unwrap_or_default()
}

fn wide(children: &[Child]) -> Picture {
    let (mut shapes, mut lines, mut y): (Vec<Shape>, Vec<String>, i64) = (Vec::new(), Vec::new(), RADIUS + 1);
    let mut number = 0;
    for stops in children.chunks(ROW) {
        if number > 0 {
            // From the end of a row to the beginning of the next one, between them.
            let (from, between) = (y, bottom(&shapes) + 22);
            y = between + 22 + RADIUS;
            let start = 2 * STEP + 2 * RADIUS;
            lines.push(format!(
                "M{start} {from}H{}q10 0 10 10V{}q0 10 -10 10H{}q-10 0 -10 10V{}",
                WIDE - 11,
                between - 10,
                RADIUS + 10,
                y - RADIUS,
            ));
        }
        let count = i64::try_from(stops.len()).unwrap_or_default();
        lines.push(format!("M{RADIUS} {y}H{}", (count - 1) * STEP + RADIUS));
        for (child, column) in stops.iter().zip(0..) {
            number += 1;
            shapes.push(stop(child, number.to_string(), (column * STEP, y), BELOW));
        }
    }
    Picture { width: WIDE, height: bottom(&shapes) + 2, lines, shapes }
}

fn narrow(children: &[Child]) -> Picture {
    let (mut shapes, mut y, mut last) = (Vec::new(), RADIUS + 1, 0);
    for (child, number) in children.iter().zip(1..) {
        let shape = row(child, number.to_string(), y);
        (last, y) = (y, y + shape.height + 20);
        shapes.push(shape);
    }
    let lines = vec![format!("M{RADIUS} {}V{last}", RADIUS + 1)];
    Picture { width: NARROW, height: bottom(&shapes) + 2, lines, shapes }
}

fn wide_fork(children: &[Child]) -> Picture {
    let upper = RADIUS + 1;
    let first = stop(&children[2], "3a".to_owned(), (2 * STEP, upper), BELOW);
    let lower = first.y + first.height + 22 + RADIUS;
    let (middle, bend, end) = (i64::midpoint(upper, lower), STEP + 118, 2 * STEP);
    let fork = |y: i64| format!("M{bend} {middle}C{} {middle} {} {y} {end} {y}", bend + 50, bend + 40);
    let shapes = vec![
        stop(&children[0], "1".to_owned(), (0, middle), BELOW),
        stop(&children[1], "2".to_owned(), (STEP, middle), BELOW),
        first,
        stop(&children[3], "3b".to_owned(), (2 * STEP, lower), BELOW),
    ];
    let lines = vec![format!("M{RADIUS} {middle}H{bend}"), fork(upper), fork(lower)];
    Picture { width: WIDE, height: bottom(&shapes) + 2, lines, shapes }
}

fn narrow_fork(children: &[Child]) -> Picture {
    let mut picture = narrow(&children[..2]);
    let fork = picture.height + 14;
    let y = fork + 24 + RADIUS;
    let other = TRACK + RADIUS;
    picture.lines.push(format!("M{RADIUS} {RADIUS}V{y}M{RADIUS} {fork}H{}q10 0 10 10V{y}", other - 10));
    picture.shapes.push(stop(&children[2], "3a".to_owned(), (0, y), TRACK - 14));
    picture.shapes.push(stop(&children[3], "3b".to_owned(), (TRACK, y), NARROW - TRACK));
    picture.height = bottom(&picture.shapes) + 2;
    picture
}
