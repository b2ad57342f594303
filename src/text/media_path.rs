//! Addresses of the media library: `/media/name.jpg` in texts, which stays the same, and `/media/name.jpg/1f2e…`, which names the
//! content and so may be kept for ever.

pub(crate) const PREFIX: &str = "/media/";
/// How many characters of a hash an address has: as many as nobody guesses.
pub(crate) const KEY: usize = 32;
/// The title in Markdown of a picture that says nothing: screen readers pass over it.
pub(crate) const DECORATIVE: &str = "decorative";

/// The address of a file by its content.
#[must_use]
pub(crate) fn of_content(path: &str, hash: &str) -> String {
    format!("{path}/{}", &hash[..KEY])
}

/// Whether the end of an address can name a content.
#[must_use]
pub(crate) fn is_key(key: &str) -> bool {
    key.len() == KEY && key.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// What `address` names in the media library, without a content, query or part, and what follows it there; none for
/// anything else.
#[must_use]
pub(crate) fn split(address: &str) -> Option<(&str, &str)> {
    let name = address.strip_prefix(PREFIX)?;
    let end = name.find(['/', '?', '#']).unwrap_or(name.len());
    let (path, rest) = address.split_at(PREFIX.len() + end);
    let behind = rest.strip_prefix('/').and_then(|key| key.find(['?', '#']).map(|at| &key[at..]));
    let rest = if rest.starts_with('/') { behind.unwrap_or_default() } else { rest };
    (end > 0).then_some((path, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_others() {
        assert_eq!(split("/media/b.pdf#page=2"), Some(("/media/b.pdf", "#page=2")));
        assert_eq!(split("/media/b.pdf/0123#page=2"), Some(("/media/b.pdf", "#page=2")));
        assert_eq!((split("/media/"), split("/multimedia/a.png")), (None, None));
        assert!(is_key(&"0f".repeat(16)) && !is_key("0f") && !is_key(&"0F".repeat(16)));
    }
}
