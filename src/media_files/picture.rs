//! Reads a picture: within limits that are checked before anything is decoded, turned as its camera was, in the colours of the
//! web, without anything else that the file holds.

use std::{
    fs::{self, File},
    io::{BufReader, Cursor},
    path::Path,
};

use image::{
    DynamicImage, ImageDecoder, ImageResult,
    codecs::{gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder},
};
use moxcms::{ColorProfile, Layout, TransformOptions};

use super::{
    file_kind::FileKind,
    jpeg_end, moving_picture,
    picture_limits::{check_size, damaged, limits},
};

/// Longest colour profile that is used, in bytes.
const PROFILE_MAX: usize = 1024 * 1024;

/// What was in the file of a picture.
pub(super) enum ReadPicture {
    /// With three channels, or four where something can be seen through.
    Still(DynamicImage),
    Moving,
}

/// Reads a picture of a kind that [`FileKind::is_picture`].
/// Errors: a clause that says what is wrong, which follows the name of the file.
pub(super) fn read(path: &Path, kind: FileKind) -> Result<ReadPicture, String> {
    let open = || File::open(path).map(BufReader::new).map_err(|_| "cannot be read".to_owned());
    match kind {
        FileKind::Jpeg => {
            let bytes = fs::read(path).map_err(|_| "cannot be read".to_owned())?;
            let decoder = JpegDecoder::new(Cursor::new(&bytes)).map_err(damaged)?;
            check_size(decoder.dimensions())?;
            if !jpeg_end::is_whole(&bytes) {
                return Err("is not whole: its end is missing".to_owned());
            }
            still(decoder)
        }
        FileKind::Png => {
            let decoder = PngDecoder::with_limits(open()?, limits()).map_err(damaged)?;
            refuse_moving(decoder.is_apng())?;
            still(decoder)
        }
        FileKind::WebP => {
            let decoder = WebPDecoder::new(open()?).map_err(damaged)?;
            refuse_moving(Ok(decoder.has_animation()))?;
            still(decoder)
        }
        _ => {
            let decoder = GifDecoder::new(open()?).map_err(damaged)?;
            check_size(decoder.dimensions())?;
            if moving_picture::is_moving(open()?).map_err(damaged)? { Ok(ReadPicture::Moving) } else { still(decoder) }
        }
    }
}

fn refuse_moving(moves: ImageResult<bool>) -> Result<(), String> {
    if moves.map_err(damaged)? {
        return Err("moves, which is taken as GIF only".to_owned());
    }
    Ok(())
}

fn still(mut decoder: impl ImageDecoder) -> Result<ReadPicture, String> {
    check_size(decoder.dimensions())?;
    decoder.set_limits(limits()).map_err(damaged)?;
    let orientation = decoder.orientation().map_err(damaged)?;
    let profile = decoder.icc_profile().ok().flatten();
    let mut picture = plain(DynamicImage::from_decoder(decoder).map_err(damaged)?);
    picture.apply_orientation(orientation);
    if let Some(profile) = profile.filter(|profile| profile.len() <= PROFILE_MAX) {
        convert_colours(&mut picture, &profile);
    }
    Ok(ReadPicture::Still(picture))
}

/// Three channels of eight bits; a fourth only where it is used.
fn plain(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.into_rgb8());
    }
    let picture = picture.into_rgba8();
    if picture.pixels().all(|pixel| pixel[3] == u8::MAX) {
        return DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(picture).into_rgb8());
    }
    DynamicImage::ImageRgba8(picture)
}

/// Into the colours that browsers expect of a picture that says nothing. One that cannot be read changes nothing.
fn convert_colours(picture: &mut DynamicImage, profile: &[u8]) {
    let layout = if picture.color().has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let row = picture.width() as usize * layout.channels();
    let Ok(from) = ColorProfile::new_from_slice(profile) else { return };
    let to = ColorProfile::new_srgb();
    let Ok(transform) = from.create_transform_8bit(layout, &to, layout, TransformOptions::default()) else { return };
    let pixels: &mut [u8] = match picture {
        DynamicImage::ImageRgb8(pixels) => pixels,
        DynamicImage::ImageRgba8(pixels) => pixels,
        _ => return,
    };
    let mut before = vec![0; row];
    for line in pixels.chunks_exact_mut(row) {
        before.copy_from_slice(line);
        if transform.transform(&before, line).is_err() {
            line.copy_from_slice(&before);
        }
    }
}
