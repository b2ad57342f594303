//! The views that a list offers: filters that its user has saved, and whether the present one can be. Knows no list.

use serde::Serialize;

use super::main_menu::filtered_list;
use crate::{
    error::Result,
    model::saved_view::{self, SavedView},
    state::app_state::App,
};

/// What a query says of the page of a list, and of nothing else.
const PLACES: [&str; 2] = ["before", "after"];

#[derive(Debug, Serialize)]
pub(crate) struct SavedViews {
    views: Vec<ViewLink>,
    /// The path of the list.
    list: &'static str,
    /// The filter that can be saved; empty when there is none.
    query: String,
}

#[derive(Debug, Serialize)]
struct ViewLink {
    id: i64,
    name: String,
    path: String,
    current: bool,
    /// What a form says that its user saw.
    seen: String,
}

impl SavedViews {
    /// For the screen at a path; none when it is no such list.
    pub(crate) async fn at(app: &App, user_id: i64, path: &str, query: &str) -> Result<Option<Self>> {
        let Some(list) = filtered_list(path) else { return Ok(None) };
        let query = filter(query);
        let link = |view: SavedView| ViewLink {
            id: view.id,
            seen: view.seen(),
            path: format!("{list}?{}", view.query),
            current: view.query == query,
            name: view.name,
        };
        let views = saved_view::of_list(app.read(), user_id, list).await?.into_iter().map(link).collect();
        Ok(Some(Self { views, list, query }))
    }
}

/// The pairs of a query that say what is shown, without those that are empty.
#[must_use]
pub(crate) fn filter(query: &str) -> String {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
    let kept: Vec<_> =
        pairs.into_iter().filter(|(name, value)| !value.is_empty() && !PLACES.contains(&name.as_str())).collect();
    serde_html_form::to_string(kept).unwrap_or_default()
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    SavedViews { views, list, query }
    ViewLink { id, name, path, current, seen }
}
