//! What the head of a public page says to machines, as its template draws it.

use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct MachineHead {
    /// `website` or `article`.
    pub(super) kind: &'static str,
    /// The language as `en_GB`; empty when it names no country.
    pub(super) locale: String,
    /// Of an article; empty for what is not published.
    pub(super) published: String,
    pub(super) modified: String,
    pub(super) picture: Option<PictureView>,
    /// Feed of the section; none where that of the site says the same.
    pub(super) section: Option<FeedLink>,
    /// Path of its source.
    pub(super) markdown: String,
    /// JSON that is safe within HTML.
    pub(super) data: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct PictureView {
    pub(super) address: String,
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) words: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct FeedLink {
    pub(super) title: String,
    pub(super) path: String,
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    MachineHead { kind, locale, published, modified, picture, section, markdown, data }
    PictureView { address, width, height, words }
    FeedLink { title, path }
}
