//! What visitors searched within the last month, for the dashboard.

use jiff::{ToSpan, tz::TimeZone};
use serde::Serialize;

use crate::{
    admin::paths::AdminSearchPath,
    error::Result,
    model::search_term::{self, TermCount},
    state::app_state::App,
};

const DAYS: i64 = 30;
const ROWS: i64 = 10;

/// For `templates/admin/dashboard/search_terms.html`.
#[derive(Serialize)]
pub(crate) struct SearchTerms {
    most: Vec<Term>,
    in_vain: Vec<Term>,
}

#[derive(Serialize)]
struct Term {
    text: String,
    searches: i64,
    /// The search itself, to see what they saw.
    path: String,
}

/// What was searched, and what found nothing.
pub(crate) async fn terms(app: &App) -> Result<SearchTerms> {
    let since = app.now().date(&TimeZone::UTC).saturating_sub(DAYS.days()).to_string();
    let most = search_term::list_most_searched(app.read(), &since, ROWS).await?;
    let in_vain = search_term::list_zero_results(app.read(), &since, ROWS).await?;
    let view = |list: Vec<TermCount>| list.into_iter().map(term).collect();
    Ok(SearchTerms { most: view(most), in_vain: view(in_vain) })
}

fn term(counted: TermCount) -> Term {
    let query = serde_html_form::to_string([("q", &counted.term)]).unwrap_or_default();
    Term { path: format!("{AdminSearchPath}?{query}"), text: counted.term, searches: counted.searches }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    SearchTerms { most, in_vain }
    Term { text, searches, path }
}
