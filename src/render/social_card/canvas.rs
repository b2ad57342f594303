//! The surface that a social card is drawn on: areas of one colour, and lines of text.

use std::io::Cursor;

use ab_glyph::{Font, PxScale, point};
use image::{
    DynamicImage, Rgb, RgbImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};

use super::typeface::Typeface;
use crate::error::{Error, Result};

pub(super) type Colour = [u8; 3];

pub(super) struct Canvas(RgbImage);

impl Canvas {
    pub(super) fn new(width: u32, height: u32, ground: Colour) -> Self {
        Self(RgbImage::from_pixel(width, height, Rgb(ground)))
    }

    /// Fills a band at the left of this width.
    pub(super) fn fill_left(&mut self, width: u32, colour: Colour) {
        for (x, _, pixel) in self.0.enumerate_pixels_mut() {
            if x < width {
                *pixel = Rgb(colour);
            }
        }
    }

    /// Writes a line from `left` on, with its letters on a base line.
    pub(super) fn write(
        &mut self,
        (typeface, size): (Typeface, f32),
        line: &str,
        (left, base): (f32, f32),
        ink: Colour,
    ) {
        for (id, distance) in typeface.set(line, size).0 {
            let glyph = id.with_scale_and_position(PxScale::from(size), point(left + distance, base));
            let Some(outline) = typeface.font().outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            let (left, top) = (to_whole(corner.x), to_whole(corner.y));
            outline.draw(|x, y, coverage| self.cover(at(left, x), at(top, y), coverage, ink));
        }
    }

    fn cover(&mut self, x: Option<u32>, y: Option<u32>, coverage: f32, ink: Colour) {
        let (Some(x), Some(y)) = (x, y) else { return };
        let Some(pixel) = self.0.get_pixel_mut_checked(x, y) else { return };
        let share = to_whole(coverage * 255.0).clamp(0, 255);
        for (channel, ink) in pixel.0.iter_mut().zip(ink) {
            let mixed = (i32::from(*channel) * (255 - share) + i32::from(ink) * share) / 255;
            *channel = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }

    pub(super) fn into_png(self) -> Result<Vec<u8>> {
        let mut png = Cursor::new(Vec::new());
        let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Default, FilterType::Adaptive);
        let written = DynamicImage::ImageRgb8(self.0).write_with_encoder(encoder);
        written.map_err(|error| Error::internal("a social card", error))?;
        Ok(png.into_inner())
    }
}

fn at(from: i32, distance: u32) -> Option<u32> {
    from.checked_add_unsigned(distance).and_then(|place| u32::try_from(place).ok())
}

#[expect(clippy::cast_possible_truncation, reason = "places on a small picture, and shares of 255")]
const fn to_whole(value: f32) -> i32 {
    value as i32
}
