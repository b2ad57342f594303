//! How many links of live texts lead nowhere, as last counted. Counting reads all links, so it is done once for each version
//! of the site. What counts them is `admin/shared/dead_links.rs`.

use std::sync::{Mutex, PoisonError};

use crate::site_version::SiteVersion;

pub(crate) struct DeadLinkCount {
    /// A site version, and the count under it.
    counted: Mutex<Option<(i64, i64)>>,
    site_version: SiteVersion,
}

impl DeadLinkCount {
    #[must_use]
    pub(crate) fn new(site_version: SiteVersion) -> Self {
        Self { counted: Mutex::default(), site_version }
    }

    /// The site version to count under, and the count if that was counted already.
    #[must_use]
    pub(crate) fn get(&self) -> (i64, Option<i64>) {
        let now = self.site_version.get();
        let counted = *self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        (now, counted.filter(|(version, _)| *version == now).map(|(_, count)| count))
    }

    pub(crate) fn keep(&self, site_version: i64, count: i64) {
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner) = Some((site_version, count));
    }
}
