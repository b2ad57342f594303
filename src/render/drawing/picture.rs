//! What a drawing is made of: shapes with their places, and boxes that say what a page is called. Knows no page and no order.

use serde::Serialize;

use super::lines;
use crate::render::navigation::Child;

/// How many units a wide picture measures across, which are pixels where the text is as wide as it gets.
pub(super) const WIDE: i64 = 607;
/// The same of a narrow one, on the narrowest of screens.
pub(super) const NARROW: i64 = 288;
/// Between boxes.
pub(super) const GAP: i64 = 8;
/// Between the side of a box and its words.
pub(super) const PAD: i64 = 8;
/// Size of the words in boxes, and from one line of them to the next.
pub(super) const SIZE: i64 = 13;
pub(super) const LEADING: i64 = 17;

#[derive(Debug, Serialize)]
pub(crate) struct DrawingView {
    pub(super) title: &'static str,
    pub(super) caption: String,
    pub(super) wide: Picture,
    pub(super) narrow: Picture,
}

#[derive(Debug, Serialize)]
pub(super) struct Picture {
    pub(super) width: i64,
    pub(super) height: i64,
    /// The outlines of lines, as SVG writes them.
    pub(super) lines: Vec<String>,
    pub(super) shapes: Vec<Shape>,
}

/// A link to a page.
#[derive(Debug, Serialize)]
pub(super) struct Shape {
    pub(super) path: String,
    /// What it is called, in one piece.
    pub(super) name: String,
    pub(super) class: &'static str,
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) dot: Option<Dot>,
    pub(super) words: Vec<Words>,
}

/// A stop on a line.
#[derive(Debug, Serialize)]
pub(super) struct Dot {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) number: String,
}

/// One line of text.
#[derive(Debug, Serialize)]
pub(super) struct Words {
    pub(super) class: &'static str,
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) text: String,
}

/// A box with the number of a page above its label.
pub(super) fn boxed(child: &Child, (x, y): (i64, i64), (width, height): (i64, i64)) -> Shape {
    let mut words = vec![Words { class: "number", x: x + PAD, y: y + 20, text: child.number.clone() }];
    words.extend(label(child, width).into_iter().zip(0..).map(|(text, line)| Words {
        class: "",
        x: x + PAD,
        y: y + 38 + line * LEADING,
        text,
    }));
    Shape {
        path: child.path.clone(),
        name: name(child, text_of(child)),
        class: "box",
        x,
        y,
        width,
        height,
        dot: None,
        words,
    }
}

fn label(child: &Child, width: i64) -> Vec<String> {
    lines::broken(text_of(child), SIZE, width - 2 * PAD, 3)
}

/// What a box says beside the number.
fn text_of(child: &Child) -> &str {
    if child.label == child.number { &child.title } else { &child.label }
}

/// How high boxes of this width have to be for the longest of their labels.
pub(super) fn height<'w>(children: impl IntoIterator<Item = &'w Child>, width: i64) -> i64 {
    let lines = children.into_iter().map(|child| label(child, width).len()).max().unwrap_or_default();
    33 + LEADING * i64::try_from(lines).unwrap_or_default()
}

/// What a link is called: what it says, in one piece.
pub(super) fn name(child: &Child, text: &str) -> String {
    format!("{} {text}", child.number).trim().to_owned()
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    DrawingView { title, caption, wide, narrow }
    Picture { width, height, lines, shapes }
    Shape { path, name, class, x, y, width, height, dot, words }
    Dot { x, y, number }
    Words { class, x, y, text }
}
