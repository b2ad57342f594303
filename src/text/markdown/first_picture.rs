//! The picture that others show with a link to a page.

use comrak::{
    Arena,
    nodes::{AstNode, NodeValue},
};

use super::{
    media::{self, MediaSources},
    options,
    reading::{TimeBudget, read},
    words,
};
use crate::text::media_path::DECORATIVE;

/// How much of a description is used, in bytes.
const WORDS_MAX: usize = 2000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SharedPicture {
    pub(crate) address: String,
    pub(crate) width: i64,
    pub(crate) height: i64,
    /// What it shows; may be empty.
    pub(crate) words: String,
}

/// The first picture of the media library that a text shows.
#[must_use]
pub(crate) fn find(text: &str, sources: &MediaSources) -> Option<SharedPicture> {
    let arena = Arena::new();
    let root = read(&arena, text, &options(), TimeBudget::Quick)?;
    root.descendants().find_map(|node| shared_picture(node, sources))
}

fn shared_picture<'a>(node: &'a AstNode<'a>, sources: &MediaSources) -> Option<SharedPicture> {
    let data = node.data();
    let NodeValue::Image(link) = &data.value else { return None };
    let (source, _) = media::find(sources, &link.url)?;
    let picture = source.picture.as_ref()?;
    let words = if link.title == DECORATIVE { String::new() } else { words::up_to(node, WORDS_MAX) };
    Some(SharedPicture { address: picture.usual.clone(), width: picture.width, height: picture.height, words })
}
