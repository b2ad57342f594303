//! How a thing of the media library reads on screens: its size, its small picture.

use serde::Serialize;

use crate::{
    model::media::item::{self, MediaItem, MediaKind},
    text::{count::number, media_path},
};

/// The small picture of a thing; none for what is no picture.
#[derive(Debug, Serialize)]
pub(super) struct Thumbnail {
    address: String,
    /// Which part of it is shown, for a CSS class.
    focus: String,
}

impl Thumbnail {
    pub(super) fn of(item: &MediaItem) -> Option<Self> {
        let address = || media_path::of_content(&item.path, &item.small_hash);
        (item.kind == MediaKind::Picture).then(|| Self { address: address(), focus: item.focus.clone() })
    }
}

/// `JPEG, 1600 × 900, 1.2 MB`
#[must_use]
pub(super) fn describe(item: &MediaItem) -> String {
    describe_file(item.kind, &item.content_type, (item.width, item.height), item.bytes)
}

/// The same of one of its files.
#[must_use]
pub(super) fn describe_file(kind: MediaKind, content_type: &str, (width, height): (i64, i64), bytes: i64) -> String {
    let (label, size) = (item::type_label(content_type), file_size(bytes));
    match kind {
        MediaKind::Picture => format!("{label}, {width} × {height}, {size}"),
        MediaKind::File => format!("{label}, {size}"),
    }
}

/// `532 bytes`, `80 KB`, `1.2 MB`
#[must_use]
pub(super) fn file_size(bytes: i64) -> String {
    match bytes {
        ..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{} KB", bytes / 1000),
        _ => format!("{}.{} MB", number(bytes / 1_000_000), bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    Thumbnail { address, focus }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_at_a_glance() {
        for (bytes, text) in [(0, "0 bytes"), (999, "999 bytes"), (80_999, "80 KB"), (1_250_000, "1.2 MB")] {
            assert_eq!(file_size(bytes), text);
        }
        assert_eq!(file_size(1_234_567_890), "1,234.5 MB");
    }
}
