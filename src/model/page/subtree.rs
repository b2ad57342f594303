//! The paths below a page, as a range for an index.

/// The range of paths below `path`: from the first to just before the second. `/` sorts before `0`.
#[must_use]
pub(crate) fn subtree_range(path: &str) -> (String, String) {
    let stem = path.trim_end_matches('/');
    (format!("{stem}/"), format!("{stem}0"))
}
