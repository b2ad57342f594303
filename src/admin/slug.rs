//! The slug that would be made from a title, for the script that suggests it: the rule is in `text::slug` only.

use axum::{
    Json,
    extract::{Query, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::{paths::SlugPath, shared::routes::Routes};
use crate::{
    model::policy::Action,
    text::{clean, slug},
};

#[must_use]
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(Action::Edit, show)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SlugQuery {
    title: String,
}

#[derive(Serialize)]
struct Suggestion {
    slug: String,
}

async fn show(_: SlugPath, query: Result<Query<SlugQuery>, QueryRejection>) -> Response {
    let title = query.map(|Query(query)| query.title).unwrap_or_default();
    let slug = slug::from_title(&clean::line(&title));
    Json(Suggestion { slug }).into_response()
}
