//! Whether the review of a document is overdue, for lists.

use super::admin_context::AdminContext;
use crate::clock::long_date;

/// The day since which a review is overdue, by its date `YYYY-MM-DD`; empty when it is not.
#[must_use]
pub(crate) fn since(admin: &AdminContext, review_on: Option<&str>) -> String {
    let day = review_on.and_then(|day| day.parse().ok()).filter(|day| *day < admin.today());
    day.map(long_date).unwrap_or_default()
}
