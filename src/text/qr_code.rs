//! QR codes as paths of SVG, so that a screen draws one without a picture.

use std::fmt::Write;

use qrcode::{Color, QrCode};

/// How wide the light margin has to be, in squares.
const MARGIN: usize = 4;

/// A QR code with its margin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QrPath {
    /// How many squares it is wide and high.
    pub(crate) size: usize,
    /// The dark squares, as the `d` of a `path`: one part for those beside each other.
    pub(crate) path: String,
}

/// The QR code of a text; none when the text is too long for one.
#[must_use]
pub(crate) fn draw(text: &str) -> Option<QrPath> {
    let code = QrCode::new(text).ok()?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (row, squares) in colors.chunks(width).enumerate() {
        let mut column = 0;
        for run in squares.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                // Writing to a string does not fail.
                let _ = write!(path, "M{} {}h{}v1h-{}z", column + MARGIN, row + MARGIN, run.len(), run.len());
            }
            column += run.len();
        }
    }
    Some(QrPath { size: width + 2 * MARGIN, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dark_squares_are_drawn() {
        let QrPath { size, path } = draw("otpauth://totp/x").unwrap();
        assert_eq!(size, 25 + 8);
        // The upper edge of the first corner.
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
        let dark: usize =
            path.split('M').skip(1).map(|run| run.split(['h', 'v']).nth(1).unwrap().parse::<usize>().unwrap()).sum();
        let all = QrCode::new("otpauth://totp/x").unwrap().to_colors();
        assert_eq!(dark, all.iter().filter(|color| **color == Color::Dark).count());
        assert!(draw(&"x".repeat(3000)).is_none());
    }
}
