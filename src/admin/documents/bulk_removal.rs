//! What several documents leave behind that are unpublished or moved to the trash: links to them, and their paths.

use super::inbound_links::{self, LinkedFrom};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::{Result, ValidationErrors},
    model::{
        bulk::{BulkAction, BulkPlan},
        redirect::editing::{self, RedirectInput},
        write::Write,
    },
};

/// What links to those that are taken away.
pub(super) async fn find_links(admin: &AdminContext, action: &BulkAction, plan: &BulkPlan) -> Result<LinkedFrom> {
    if !takes_away(action) {
        return Ok(LinkedFrom::default());
    }
    let documents: Vec<_> = plan.planned.iter().map(|one| (one.document.clone(), one.path.clone())).collect();
    let along = plan.planned.iter().flat_map(|one| &one.along).map(|page| page.id);
    let removed: Vec<_> = documents.iter().map(|(document, _)| document.id).chain(along).collect();
    inbound_links::to_all(admin, &documents, &removed).await
}

pub(super) const fn takes_away(action: &BulkAction) -> bool {
    matches!(action, BulkAction::Unpublish | BulkAction::Trash)
}

/// The paths that visitors know of the pages that are taken away.
pub(super) fn live_paths(action: &BulkAction, plan: &BulkPlan) -> Vec<String> {
    let live = plan.planned.iter().filter(|one| takes_away(action) && one.document.is_live());
    live.filter_map(|one| one.path.clone()).collect()
}

/// Leads visitors on from these paths, if the user named a target; gives a sentence about that.
/// `Validation` on `lead_to`.
pub(super) async fn lead_on(write: &Write, paths: Vec<String>, target: &str) -> Result<String> {
    let mut led = String::new();
    for from in paths.into_iter().filter(|_| !target.trim().is_empty()) {
        let input = RedirectInput { from, to: target.to_owned(), covers_below: false };
        match editing::create(write, &input).await {
            Ok(checked) => led = format!(" Visitors who come to the old paths are led to {}.", checked.to),
            Err(error) => return Err(ValidationErrors::one("lead_to", error.validation_errors()?.sentence()).into()),
        }
    }
    Ok(led)
}
