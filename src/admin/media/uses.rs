//! Where a thing of the media library is used, for its screen and for the question before it is deleted.

use serde::Serialize;

use crate::{
    admin::{documents::paths, paths::SettingsPath, shared::admin_context::AdminContext},
    error::Result,
    model::{
        media::usage::{self, MediaDraftUse, MediaUse},
        policy::Action,
        write::Write,
    },
};
use axum_extra::routing::TypedPath;

/// Most places that are named.
const NAMED: usize = 100;

/// Documents that show a thing or link to it, in a version that counts.
#[derive(Debug, Default, Serialize)]
pub(super) struct Uses {
    pub(super) rows: Vec<UseRow>,
    more: bool,
    /// Whether visitors see it somewhere.
    pub(super) is_live: bool,
    /// Whether they will, once something is published that is scheduled.
    pub(super) is_scheduled: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct UseRow {
    title: String,
    /// `page`, `question`; empty where the title says it.
    kind: &'static str,
    /// Where it can be changed; may be empty.
    edit: String,
    /// In which of its versions: `version 3, which visitors see`.
    state: String,
}

impl Uses {
    pub(super) async fn of(admin: &AdminContext, path: &str) -> Result<Self> {
        let db = admin.app.read();
        let limit = i64::try_from(NAMED).unwrap_or(i64::MAX - 1) + 1;
        let versions = usage::of(db, path, limit).await?;
        let is_in_footer = usage::is_in_footer(db, path).await?;
        let is_live = usage::is_live(db, path).await?;
        let is_scheduled = usage::is_scheduled(db, path).await?;
        let drafts = usage::of_drafts(db, path, limit).await?;
        let footer = is_in_footer.then(|| UseRow {
            title: "The foot of every page".to_owned(),
            kind: "",
            edit: SettingsPath::PATH.to_owned(),
            state: "in the settings, which visitors see".to_owned(),
        });
        let rows = versions.into_iter().map(of_version).chain(drafts.iter().map(of_draft)).chain(footer);
        let mut rows: Vec<_> = rows.collect();
        let more = rows.len() > NAMED;
        rows.truncate(NAMED);
        Ok(Self { rows, more, is_live, is_scheduled })
    }

    /// Whether a user may take it from visitors, or show them another one.
    pub(super) fn may_change(&self, admin: &AdminContext) -> bool {
        !(self.is_live || self.is_scheduled) || admin.may(Action::Publish)
    }
}

/// `Forbidden` when visitors see a thing, or will, and the user may not change what they see.
pub(super) async fn require_right(write: &Write, admin: &AdminContext, path: &str) -> Result<()> {
    if usage::is_live(write, path).await? || usage::is_scheduled(write, path).await? {
        admin.require(Action::Publish)?;
    }
    Ok(())
}

fn of_version(used: MediaUse) -> UseRow {
    let what = match &used {
        MediaUse { is_live: true, .. } => "which visitors see",
        MediaUse { is_scheduled: true, .. } => "which is scheduled",
        MediaUse { is_earlier: true, .. } => "which visitors find among the earlier versions",
        MediaUse { is_trashed: true, .. } => "in the trash",
        _ => "not published",
    };
    UseRow {
        title: used.title,
        kind: used.kind.noun(),
        edit: if used.is_trashed { String::new() } else { paths::edit_screen(used.kind, used.document_id) },
        state: format!("version {}, {what}", used.version),
    }
}

fn of_draft(used: &MediaDraftUse) -> UseRow {
    UseRow {
        title: format!("Something that {} is writing", used.user_name),
        kind: used.kind.noun(),
        edit: used.document_id.map(|id| paths::edit_screen(used.kind, id)).unwrap_or_default(),
        state: "not saved yet".to_owned(),
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    Uses { rows, more, is_live, is_scheduled }
    UseRow { title, kind, edit, state }
}
