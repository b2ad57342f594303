//! Carrying out a change of a type that a form asks for: only of the version that its user saw, and not before they have seen
//! how documents fare.

use std::sync::Arc;

use axum::response::Response;

use super::{asked::AskedChange, effects};
use crate::{
    admin::shared::admin_context::AdminContext,
    error::{Error, Result, ValidationErrors},
    model::document::{
        document_type::DocumentType,
        type_editing::{self, TypeChange},
        type_effects, types,
    },
    text::isolate::isolate,
    web::form_errors::FormErrors,
};

/// Said when a form holds what is there already.
pub(super) const SAME: &str = "You changed nothing, so nothing was saved.";

/// What became of it.
pub(super) enum ChangeOutcome {
    Saved,
    /// There was nothing to change.
    Same,
    /// Someone else changed the type since its user saw it.
    Newer(NewerType),
    /// The screen that says how documents fare, and asks.
    Asked(Response),
}

/// A version that a user has not seen, and who made it.
pub(super) struct NewerType {
    pub(super) version: i64,
    pub(super) sentence: String,
}

/// Said behind that where something was typed.
const AGAIN: &str = "What you typed is below; save it again if it still fits";

/// The type with this key.
/// `NotFound` when there is none.
pub(super) fn find(admin: &AdminContext, key: &str) -> Result<Arc<DocumentType>> {
    admin.app.rules.fields.types().get(key).cloned().ok_or(Error::NotFound)
}

/// `Validation` when what it would be is no type.
pub(super) async fn carry_out(admin: &AdminContext, asked: AskedChange<'_>) -> Result<ChangeOutcome> {
    let next = asked.next.clone().clean();
    next.check()?;
    let now = asked.now;
    if next == now.definition {
        return Ok(ChangeOutcome::Same);
    }
    let base: i64 = asked.base.parse().unwrap_or_default();
    if base != now.version {
        return Ok(ChangeOutcome::Newer(find_newer(admin, &now.key).await?));
    }
    if asked.confirmed != asked.base {
        let found = type_effects::find(admin.app.read(), now, &next).await?;
        if !found.is_empty() {
            return effects::draw(admin, &asked, &found).await.map(ChangeOutcome::Asked);
        }
    }
    let changed = admin.change(async |write| type_editing::change(write, &now.key, base, next.clone()).await).await?;
    Ok(match changed {
        TypeChange::Saved { .. } => ChangeOutcome::Saved,
        TypeChange::Same => ChangeOutcome::Same,
        TypeChange::Newer { .. } => ChangeOutcome::Newer(find_newer(admin, &now.key).await?),
    })
}

/// What a form of a type leads to: another screen, or itself with what is wrong.
pub(super) enum FormAnswer {
    Screen(Response),
    /// The version that counts now, and what to say.
    Newer(String, FormErrors),
    Invalid(ValidationErrors),
}

/// The answer to a form; when it is saved, the screen of the type at `to` with `sentence`.
pub(super) async fn answer(
    admin: &AdminContext,
    outcome: Result<ChangeOutcome>,
    to: &str,
    sentence: String,
) -> Result<FormAnswer> {
    Ok(match outcome {
        Ok(ChangeOutcome::Saved) => FormAnswer::Screen(admin.done(to, sentence).await?),
        Ok(ChangeOutcome::Same) => FormAnswer::Screen(admin.not_done(to, SAME).await?),
        Ok(ChangeOutcome::Asked(screen)) => FormAnswer::Screen(screen),
        Ok(ChangeOutcome::Newer(NewerType { version, sentence })) => {
            let errors = ValidationErrors::one("", format!("{sentence}. {AGAIN}")).into();
            FormAnswer::Newer(version.to_string(), errors)
        }
        Err(error) => FormAnswer::Invalid(error.validation_errors()?),
    })
}

async fn find_newer(admin: &AdminContext, key: &str) -> Result<NewerType> {
    let newest = types::versions(admin.app.read(), key).await?.into_iter().next().ok_or(Error::NotFound)?;
    let who = if newest.author_id == Some(admin.user.id) {
        "You changed this type in another window".to_owned()
    } else {
        format!("{} changed this type while you were deciding", isolate(&newest.author_name))
    };
    let sentence = format!("{who}, so nothing was saved. Version {} of it: {}", newest.version, newest.changes);
    Ok(NewerType { version: newest.version, sentence })
}
