//! Writes one picture in one form, with nothing in the file but the picture.

use std::io::Write;

use image::{
    DynamicImage,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
};
use webp::{Encoder, WebPConfig};

use super::{disk_fault::fault, file_kind::FileKind, store::MediaStore, temporary_file::WrittenFile};
use crate::error::{Error, Result};

/// How close to the original a JPEG is, of 100: the one that is kept, and those that are made of it.
pub(super) const KEPT: u8 = 90;
pub(super) const MADE: u8 = 82;
/// The same for WebP, whose numbers mean more.
const WEBP: f32 = 78.0;
/// How hard libwebp looks for a smaller file, of 6: a lossy one, and one without loss.
const EFFORT: (i32, i32) = (3, 2);

/// A picture in a file, with what its address and its `img` say.
#[derive(Debug)]
pub(crate) struct WrittenPicture {
    pub(crate) file: WrittenFile,
    pub(crate) kind: FileKind,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// JPEG or PNG.
/// `Storage` when the disk does not take it.
pub(super) fn write(store: &MediaStore, picture: &DynamicImage, kind: FileKind, quality: u8) -> Result<WrittenPicture> {
    let mut to = store.create().map_err(|error| fault(&error))?;
    let written = if kind == FileKind::Jpeg {
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut to, quality))
    } else {
        picture.write_with_encoder(PngEncoder::new_with_quality(
            &mut to,
            CompressionType::Default,
            FilterType::Adaptive,
        ))
    };
    match written {
        Ok(()) => {}
        Err(image::ImageError::IoError(error)) => return Err(fault(&error)),
        Err(error) => return Err(Error::internal("a picture", error)),
    }
    let file = to.finish().map_err(|error| fault(&error))?;
    Ok(WrittenPicture { file, kind, width: picture.width(), height: picture.height() })
}

/// WebP: of a photograph with some loss, of a drawing without.
/// `Storage` when the disk does not take it.
pub(super) fn write_webp(store: &MediaStore, picture: &DynamicImage, of: FileKind) -> Result<WrittenPicture> {
    let fails = || Error::Internal("a picture cannot be written as WebP".to_owned());
    let (width, height) = (picture.width(), picture.height());
    let encoder = match picture {
        DynamicImage::ImageRgb8(pixels) => Encoder::from_rgb(pixels, width, height),
        DynamicImage::ImageRgba8(pixels) => Encoder::from_rgba(pixels, width, height),
        _ => return Err(fails()),
    };
    let is_drawing = of != FileKind::Jpeg;
    let mut config = WebPConfig::new().map_err(|()| fails())?;
    config.lossless = i32::from(is_drawing);
    config.quality = if is_drawing { 50.0 } else { WEBP };
    config.method = if is_drawing { EFFORT.1 } else { EFFORT.0 };
    let bytes = encoder.encode_advanced(&config).map_err(|_| fails())?;
    let mut to = store.create().map_err(|error| fault(&error))?;
    to.write_all(&bytes).map_err(|error| fault(&error))?;
    let file = to.finish().map_err(|error| fault(&error))?;
    Ok(WrittenPicture { file, kind: FileKind::WebP, width, height })
}
