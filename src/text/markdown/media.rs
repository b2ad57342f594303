//! How pictures and files of the media library are written in HTML: pictures with their size and with smaller ones to choose
//! from, links with the address of the content. Knows no database: what a text names is looked up before.

use std::{collections::HashMap, fmt::Write};

use comrak::{
    html::escape,
    nodes::{AstNode, NodeLink, NodeValue},
};

use super::words;
use crate::text::media_path::{self, DECORATIVE};

/// How wide a picture is shown: as wide as the text, or the screen less its edges.
const SIZES: &str = "(min-width: 42rem) 38rem, calc(100vw - 2rem)";
/// How much of a description is used, in bytes.
const WORDS_MAX: usize = 2000;

/// What texts show and link to, by its path.
pub(crate) type MediaSources = HashMap<String, MediaSource>;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MediaSource {
    /// The address of the file itself, by its content.
    pub(crate) address: String,
    /// None for what is no picture.
    pub(crate) picture: Option<PictureSource>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PictureSource {
    pub(crate) width: i64,
    pub(crate) height: i64,
    /// The one for browsers that choose none.
    pub(crate) usual: String,
    /// Addresses and widths, in the form of the original; the narrowest first. May be empty.
    pub(crate) sizes: Vec<(String, i64)>,
    /// The same in WebP.
    pub(crate) webp: Vec<(String, i64)>,
}

/// Replaces what a picture or a link names, if it is in the media library. Whether it is.
pub(super) fn show<'a>(node: &'a AstNode<'a>, sources: &MediaSources) -> bool {
    let mut data = node.data_mut();
    let (NodeValue::Image(link) | NodeValue::Link(link)) = &mut data.value else { return false };
    let Some((source, rest)) = find(sources, &link.url) else { return false };
    let url = format!("{}{rest}", source.address);
    let title = std::mem::take(&mut link.title);
    match (&data.value, &source.picture) {
        (NodeValue::Image(_), Some(picture)) => {
            drop(data);
            let html = picture.html(&words::up_to(node, WORDS_MAX), &title);
            let children: Vec<_> = node.children().collect();
            children.into_iter().for_each(AstNode::detach);
            node.data_mut().value = NodeValue::Raw(html);
        }
        _ => data.value = NodeValue::Link(Box::new(NodeLink { url, title })),
    }
    true
}

/// What an address names, and what is behind its path.
pub(super) fn find<'s, 'u>(sources: &'s MediaSources, url: &'u str) -> Option<(&'s MediaSource, &'u str)> {
    let (path, rest) = media_path::split(url)?;
    Some((sources.get(path)?, rest))
}

impl PictureSource {
    fn html(&self, words: &str, title: &str) -> String {
        let mut html = String::new();
        // Writing into a text never fails.
        let _ = self.write(&mut html, words, title);
        html
    }

    fn write(&self, html: &mut String, words: &str, title: &str) -> std::fmt::Result {
        if !self.webp.is_empty() {
            write!(html, "<picture><source type=\"image/webp\" sizes=\"{SIZES}\" srcset=\"{}\">", choices(&self.webp))?;
        }
        write!(html, "<img src=\"{}\"", self.usual)?;
        if !self.sizes.is_empty() {
            write!(html, " srcset=\"{}\" sizes=\"{SIZES}\"", choices(&self.sizes))?;
        }
        write!(html, " width=\"{}\" height=\"{}\" alt=\"", self.width, self.height)?;
        escape(html, words)?;
        if !title.is_empty() && title != DECORATIVE {
            html.push_str("\" title=\"");
            escape(html, title)?;
        }
        html.push_str("\" loading=\"lazy\" decoding=\"async\">");
        if !self.webp.is_empty() {
            html.push_str("</picture>");
        }
        Ok(())
    }
}

fn choices(files: &[(String, i64)]) -> String {
    files.iter().map(|(address, width)| format!("{address} {width}w")).collect::<Vec<_>>().join(", ")
}
