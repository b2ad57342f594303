//! What the editor shows around the form of the care for a document: who owns it, when it is to be looked at again, and
//! the comments on it.

use serde::Serialize;

use super::{paths, review::ReviewView};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::Result,
    model::{
        comment,
        document::{owner, record::Document},
    },
};

#[derive(Debug, Serialize)]
pub(crate) struct CareView {
    review: ReviewView,
    /// In words; empty for nobody.
    owner: String,
    owner_path: String,
    open_comments: i64,
    comments_path: String,
}

impl CareView {
    /// Of a document outside the trash.
    pub(crate) async fn of(admin: &AdminContext, document: &Document) -> Result<Self> {
        Ok(Self {
            review: ReviewView::of(admin, document).await?,
            owner: owner::of(admin.app.read(), document.id).await?.describe(),
            owner_path: paths::owner(document.id),
            open_comments: comment::count_open(admin.app.read(), document.id).await?,
            comments_path: paths::comments(document.id),
        })
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    CareView { review, owner, owner_path, open_comments, comments_path }
}
