//! Which names in a query change the response at an address.

use url::form_urlencoded;

/// Any other query shows the same as none. Handlers add it to their response as an extension; without it, every query may
/// change it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CacheKeyParams(pub(crate) &'static [&'static str]);

impl CacheKeyParams {
    /// Whether this query shows the same as none.
    #[must_use]
    pub(super) fn ignore(self, query: &str) -> bool {
        let Self(names) = self;
        names.is_empty() || form_urlencoded::parse(query.as_bytes()).all(|(name, _)| !names.contains(&&*name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_query_with_a_name_that_counts_shows_something_else() {
        let some = CacheKeyParams(&["q", "page"]);
        for (query, is_ignored) in
            [("utm_source=x&r=2", true), ("utm_source=x&page=2", false), ("%71=", false), ("", true)]
        {
            assert_eq!(some.ignore(query), is_ignored, "{query}");
        }
        assert!(CacheKeyParams(&[]).ignore("q=x"));
    }
}
