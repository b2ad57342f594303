//! GIF pictures that move: read and written frame by frame, so that only one is in memory.

use std::{
    io::{BufRead, Seek, Write},
    time::Duration,
};

use image::{
    AnimationDecoder, Frame, ImageDecoder, ImageResult,
    codecs::gif::{GifDecoder, GifEncoder, Repeat},
};

use super::picture_limits::{damaged, limits};

/// Most pixels of all frames.
const PIXELS_MAX: u64 = 400_000_000;
/// How fast colours are chosen, from 1 for the best.
const SPEED: i32 = 20;
/// Browsers show nothing faster, and nothing sensible is slower.
const DELAY: (Duration, Duration) = (Duration::from_millis(20), Duration::from_mins(1));

/// Whether there is more than one frame.
pub(super) fn is_moving(file: impl BufRead + Seek) -> ImageResult<bool> {
    let mut decoder = GifDecoder::new(file)?;
    decoder.set_limits(limits())?;
    Ok(matches!(decoder.into_frames().nth(1), Some(Ok(_))))
}

/// Writes all frames again; gives width and height.
/// Errors: a clause that says what is wrong, which follows the name of the file.
pub(super) fn write_again(file: impl BufRead + Seek, to: impl Write) -> Result<(u32, u32), String> {
    let mut decoder = GifDecoder::new(file).map_err(damaged)?;
    decoder.set_limits(limits()).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let mut left = PIXELS_MAX;
    let mut encoder = GifEncoder::new_with_speed(to, SPEED);
    encoder.set_repeat(Repeat::Infinite).map_err(damaged)?;
    for frame in decoder.into_frames() {
        let frame = frame.map_err(damaged)?;
        let pixels = u64::from(width) * u64::from(height);
        left = left.checked_sub(pixels).ok_or_else(|| {
            format!("is too long: its frames may have {} million pixels in all", PIXELS_MAX / 1_000_000)
        })?;
        let delay = Duration::from(frame.delay()).clamp(DELAY.0, DELAY.1);
        let delay = image::Delay::from_saturating_duration(delay);
        let frame = Frame::from_parts(frame.into_buffer(), 0, 0, delay);
        encoder.encode_frame(frame).map_err(|_| "cannot be written again".to_owned())?;
    }
    Ok((width, height))
}
