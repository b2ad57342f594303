//! Names of files: from what a browser or a folder says, to one that is safe in an address, on a disk and in a header.

use crate::text::{clean, slug};

/// Longest name without its ending, in bytes.
const STEM_MAX: usize = 60;
/// Longest title that is made of a name, in characters.
const TITLE_MAX: usize = 100;

/// The last part of a path, whichever system it comes from.
fn last_part(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// The name without its ending, and the ending.
#[must_use]
pub(crate) fn split(name: &str) -> (&str, &str) {
    let name = last_part(name);
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 5 => (stem, extension),
        _ => (name, ""),
    }
}

/// A name to show: one line, without a path. Never empty.
#[must_use]
pub(crate) fn display(name: &str) -> String {
    let line: String = clean::line(last_part(name)).chars().take(TITLE_MAX).collect();
    if line.is_empty() { "The file without a name".to_owned() } else { line }
}

/// A title to begin with. Never empty.
#[must_use]
pub(crate) fn title(name: &str) -> String {
    let (stem, _) = split(name);
    let line: String = clean::line(&stem.replace('_', " ")).chars().take(TITLE_MAX).collect();
    if line.is_empty() { "Without a title".to_owned() } else { line }
}

/// Names with this ending to choose a free one from: small letters, digits, hyphens, one dot.
pub(crate) fn candidates(name: &str, extension: &'static str) -> impl Iterator<Item = String> + use<> {
    let mut stem = slug::from_title(split(name).0);
    stem.truncate(STEM_MAX);
    let stem = stem.trim_end_matches('-');
    let stem = if stem.is_empty() { "file".to_owned() } else { stem.to_owned() };
    (1..100_000).map(move |n| if n == 1 { format!("{stem}.{extension}") } else { format!("{stem}-{n}.{extension}") })
}

/// Whether a name is as those of [`candidates`] are.
#[must_use]
pub(crate) fn is_plain(name: &str) -> bool {
    let (stem, extension) = split(name);
    let is_ending = !extension.is_empty() && extension.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    is_ending && name == format!("{stem}.{extension}") && slug::parse(stem).is_ok_and(|slug| slug == stem)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_made_harmless() {
        for (name, safe, shown) in [
            ("../../etc/passwd", "passwd.png", "passwd"),
            ("C:\\Users\\ada\\Über uns.JPG", "uber-uns.png", "Über uns.JPG"),
            ("a\"b\r\nX: y'.png", "a-b-x-y.png", "a\"b X: y'.png"),
            ("...", "file.png", "..."),
            ("", "file.png", "The file without a name"),
            ("\u{202e}gnp.exe", "gnp.png", "gnp.exe"),
        ] {
            assert_eq!(candidates(name, "png").next().as_deref(), Some(safe), "{name:?}");
            assert_eq!(display(name), shown, "{name:?}");
        }
        assert_eq!(candidates("a.png", "png").nth(1).as_deref(), Some("a-2.png"));
        assert_eq!(title("team_photo.jpeg"), "team photo");
        assert!(is_plain("a-2.png") && !is_plain("A.png") && !is_plain("a") && !is_plain("../a.png"));
    }

    proptest! {
        #[test]
        fn whatever_it_is_called_its_name_is_plain(name in ".{0,120}") {
            for safe in candidates(&name, "jpg").take(2) {
                prop_assert!(is_plain(&safe), "{:?}", safe);
            }
        }
    }
}
