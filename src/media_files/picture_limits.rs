//! How large a picture may be, and what is said of one that cannot be read.

use image::{ImageError, Limits};

/// Most pixels of a picture.
const PIXELS_MAX: u64 = 50_000_000;
/// Most pixels of one side.
const SIDE_MAX: u32 = 16_000;
/// Most memory that a decoder may take, in bytes.
const MEMORY_MAX: u64 = 512 * 1024 * 1024;

/// What a decoder may take.
pub(super) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    limits
}

#[expect(clippy::needless_pass_by_value, reason = "maps an error")]
pub(super) fn damaged(error: ImageError) -> String {
    if matches!(error, ImageError::Limits(_)) {
        return format!("is too large: a picture may have {} million pixels", PIXELS_MAX / 1_000_000);
    }
    "is damaged, or no picture of the kind that it seems to be".to_owned()
}

/// Before anything is decoded: a small file can hold a picture that fills all memory.
pub(super) fn check_size((width, height): (u32, u32)) -> Result<(), String> {
    if width == 0 || height == 0 {
        return Err("shows nothing: it has no pixels".to_owned());
    }
    if width > SIDE_MAX || height > SIDE_MAX || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(format!(
            "is too large: {width} × {height} pixels; a picture may have {} million, and {SIDE_MAX} on a side",
            PIXELS_MAX / 1_000_000
        ));
    }
    Ok(())
}
