//! Where several documents are moved to: what is offered, and what was chosen.

use serde::Serialize;

use crate::{
    admin::shared::{admin_context::AdminContext, category_options},
    error::{Result, ValidationErrors},
    model::{
        bulk::{BulkAction, BulkPlan},
        document::kind::DocumentKind,
        faq::category,
        page::tree,
        write::Write,
    },
    web::form_errors::SelectOption,
};

/// Pages that are offered; any other path can be typed.
const CHOICES: i64 = 1000;

/// The field that asks where to.
#[derive(Serialize)]
pub(super) struct BulkTarget {
    /// Whether one of the options has to be chosen.
    is_chosen: bool,
    /// Whether a path is typed; the options are suggestions.
    is_typed: bool,
    value: String,
    options: Vec<SelectOption>,
}

pub(super) async fn choices(
    admin: &AdminContext,
    kind: DocumentKind,
    action: &BulkAction,
    (plan, typed): (&BulkPlan, &str),
) -> Result<BulkTarget> {
    let asked = matches!(action, BulkAction::Move | BulkAction::MoveBelow(_) | BulkAction::MoveInto(_));
    let db = admin.app.read();
    let options = match (asked, kind, plan.planned.first()) {
        (true, DocumentKind::FaqItem, _) => category_options::options(admin).await?,
        (true, DocumentKind::Page, Some(first)) => {
            let moved = tree::node(db, first.document.id).await?;
            let all = tree::possible_parents(db, &moved, CHOICES).await?;
            let top = SelectOption::new("/", "The uppermost level");
            let all = all.into_iter().map(|parent| SelectOption::new(parent.path, parent.title));
            std::iter::once(top).chain(all).collect()
        }
        _ => Vec::new(),
    };
    let is_item = kind == DocumentKind::FaqItem;
    Ok(BulkTarget { is_chosen: asked && is_item, is_typed: asked && !is_item, value: typed.to_owned(), options })
}

/// A move with what was chosen; anything else as it is.
/// `Validation` on `to`.
pub(super) async fn resolve(write: &Write, kind: DocumentKind, typed: &str, chosen: &BulkAction) -> Result<BulkAction> {
    let wrong = |sentence: &str| ValidationErrors::one("to", sentence);
    let typed = typed.trim();
    match (chosen, kind) {
        (BulkAction::Move, _) if typed.is_empty() => Err(wrong("Choose where to").into()),
        (BulkAction::Move, DocumentKind::FaqItem) => {
            let category = typed.parse().map_err(|_| wrong("Choose a category"))?;
            category::get(write, category).await.map_err(|_| wrong("This category is gone; choose another"))?;
            Ok(BulkAction::MoveInto(category))
        }
        (BulkAction::Move, DocumentKind::Page) => match tree::typed_parent(write, typed).await {
            Ok(parent) => Ok(BulkAction::MoveBelow(parent.map(Box::new))),
            Err(error) => Err(wrong(&error.validation_errors()?.sentence()).into()),
        },
        (other, _) => Ok(other.clone()),
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    BulkTarget { is_chosen, is_typed, value, options }
}
