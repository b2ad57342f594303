//! Where a thing of the media library is used, for its screen and for the question before it is deleted.

use serde::Serialize;

use crate::{
    admin::{documents::paths, paths::SettingsPath, shared::admin_context::AdminContext},
    error::Result,
    model::media::usage::{self, MediaDraftUse, MediaUse},
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
        let is_live =
            is_in_footer || versions.iter().any(|version| version.is_live) || usage::is_live(db, path).await?;
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
        Ok(Self { rows, more, is_live })
    }

    /// What the question before a deletion was about, to see whether it is still the same.
    pub(super) fn mark(&self) -> String {
        let places = self.rows.iter().map(|row| format!("{} {}", row.edit, row.state));
        crate::crypto::hash(&places.collect::<Vec<_>>().join("\n"))
    }
}

fn of_version(used: MediaUse) -> UseRow {
    let what = match (used.is_live, used.is_scheduled, used.is_trashed) {
        (true, ..) => "which visitors see",
        (_, true, _) => "which is scheduled",
        (_, _, true) => "in the trash",
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
    Uses { rows, more, is_live }
    UseRow { title, kind, edit, state }
}
