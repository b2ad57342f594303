//! Who moved a document to the trash, and when, for the screen of a user who was still writing.

use serde::Serialize;

use crate::{
    admin::shared::admin_context::{AdminContext, When},
    error::Result,
    model::{
        audit_log,
        document::{kind::DocumentAction, record::Document},
    },
};

#[derive(Debug, Default, Serialize)]
pub(crate) struct TrashedNotice {
    /// `You`, or a name.
    who: String,
    when: Option<When>,
}

impl TrashedNotice {
    /// Of a document that is in the trash, by itself or along with a page above it; none when it is not.
    pub(crate) async fn find(admin: &AdminContext, document: &Document) -> Result<Option<Self>> {
        if document.trashed_at.is_none() {
            return Ok(None);
        }
        let action = document.kind.action(DocumentAction::Delete);
        let deleted = document.trashed_with_id.unwrap_or(document.id);
        let newest = audit_log::changes(admin.app.read(), action, Some(deleted), 1).await?.into_iter().next();
        let who = match &newest {
            Some(change) if change.actor_id == Some(admin.user.id) => "You".to_owned(),
            Some(change) => change.actor_name.clone(),
            None => "Someone else".to_owned(),
        };
        Ok(Some(Self { who, when: newest.map(|change| admin.when(change.at)) }))
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    TrashedNotice { who, when }
}
