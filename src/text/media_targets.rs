//! What of the media library a text shows or links to.

use std::collections::BTreeSet;

use url::Url;

use super::{
    link,
    markdown::contents,
    media_path::{PREFIX, split},
};

/// The paths of everything in the media library that a text shows or links to, also by relative and whole addresses, wherever
/// the page with the text is.
#[must_use]
pub(crate) fn paths_in(text: &str) -> BTreeSet<String> {
    // Nearly all texts have none, and need no parsing.
    if !text.contains(PREFIX.trim_matches('/')) {
        return BTreeSet::new();
    }
    let Ok(base) = Url::parse("https://here.invalid/") else { return BTreeSet::new() };
    let path = |url: String| {
        let url = base.join(&url).ok()?;
        let found = split(url.path()).map(|(path, _)| path.to_owned());
        found.filter(|path| link::is_local(path))
    };
    contents::targets(text).into_iter().filter(|target| target.is_kept).filter_map(|target| path(target.url)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_texts() {
        let text = "![a](/media/a.png) [b](/media/b.pdf#page=2) ![c](../media/c.jpg \"decorative\") [d][d] `![](/media/e.png)`\n\n\
            [f](https://portal.example/media/f.pdf?x) [g](/media/) [h](/multimedia/h.png) ![i](/media/i.png/0123)\n\n[d]: /media/d.gif";
        let found: Vec<String> = paths_in(text).into_iter().collect();
        let expected = ["a.png", "b.pdf", "c.jpg", "d.gif", "f.pdf", "i.png"].map(|name| format!("/media/{name}"));
        assert_eq!(found, expected);
    }
}
