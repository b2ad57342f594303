//! The smaller pictures that are made of one, so that each browser fetches one that fits its screen.

use image::{DynamicImage, imageops::FilterType};

use super::{
    file_kind::FileKind,
    picture_output::{KEPT, MADE, WrittenPicture, write, write_webp},
    store::MediaStore,
};
use crate::error::Result;

/// How wide they are, in pixels; the widest first, as each is made of the one before.
const WIDTHS: [u32; 4] = [1920, 1440, 960, 480];

/// The picture itself as it is kept, first, and what is made of it.
/// `Storage` when the disk does not take them.
pub(super) fn write_all(store: &MediaStore, picture: DynamicImage, kind: FileKind) -> Result<Vec<WrittenPicture>> {
    let kept = write(store, &picture, kind, KEPT)?;
    let (kept_bytes, whole) = (kept.file.bytes, kept.width);
    let mut webp = Vec::new();
    let mut plain_bytes = 0;
    if kept.width <= WIDTHS[0] {
        webp.push(write_webp(store, &picture, kind)?);
        plain_bytes += kept_bytes;
    }
    let mut written = vec![kept];
    let mut wider = picture;
    for width in WIDTHS.into_iter().filter(|width| *width < whole) {
        wider = scale(&wider, width);
        let plain = write(store, &wider, kind, MADE)?;
        webp.push(write_webp(store, &wider, kind)?);
        plain_bytes += plain.file.bytes;
        // A drawing of few colours can be larger when it is smaller.
        if plain.file.bytes < kept_bytes {
            written.push(plain);
        }
    }
    let webp_bytes: u64 = webp.iter().map(|made| made.file.bytes).sum();
    if webp_bytes < plain_bytes {
        written.extend(webp);
    }
    Ok(written)
}

fn scale(picture: &DynamicImage, width: u32) -> DynamicImage {
    let height = u64::from(picture.height()) * u64::from(width) / u64::from(picture.width().max(1));
    let height = u32::try_from(height).unwrap_or(u32::MAX).max(1);
    // Where much is left out, an average first: the better way alone would take many times as long.
    let near = picture.width() / width >= 2 && picture.width() > 2 * width;
    let average = near.then(|| picture.thumbnail_exact(width * 3 / 2, (height * 3 / 2).max(1)));
    average.as_ref().unwrap_or(picture).resize_exact(width, height, FilterType::CatmullRom)
}
