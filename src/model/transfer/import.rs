//! Applies a site that was read: makes what is missing, saves and publishes what differs, deletes nothing.
//! All of it happens in one change, or nothing. Where everything is as the folder says, nothing is changed at all.

use std::collections::BTreeMap;

use super::{
    by_kind::{self, ImportedRedirect, ImportedSite},
    check, files, former_slugs,
    import_document::at,
    media, menus,
    summary::{RetentionChange, Summary},
    types,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{
        audit_log::AuditEntry,
        page::tree,
        redirect::{
            editing,
            list::{self, RedirectFields},
            typed::TypedTarget,
        },
        settings::Settings,
        write::Write,
    },
    text::listing::join_with_and,
};

/// Whether there has never been a document.
pub(crate) async fn is_empty(db: &Conn) -> Result<bool> {
    Ok(db.optional::<(i64,)>("select id from document limit 1", ()).await?.is_none())
}

/// Applies `site` and commits, unless there is nothing to change.
pub async fn run(write: Write, site: &ImportedSite) -> Result<Summary> {
    let summary = apply(&write, site).await?;
    if summary.changed {
        write.commit().await?;
    }
    Ok(summary)
}

/// Applies `site` within `write`; records nothing when nothing differs.
/// Errors: sentences that name the files at fault.
pub async fn apply(write: &Write, site: &ImportedSite) -> Result<Summary> {
    check::fits(write, site).await?;
    let mut summary = Summary::default();
    import_settings(write, &site.settings, &mut summary).await.map_err(|error| at("site.toml", &error))?;
    types::import(write, &site.types, &mut summary).await.map_err(|error| at("types", &error))?;
    media::import(write, &site.media, &mut summary).await?;
    by_kind::import(write, site, &mut summary).await?;
    for (old, redirect) in &site.redirects {
        summary.changed |= import_redirect(write, old, redirect).await?;
    }
    summary.changed |= menus::import(write, &site.menus).await?;
    summary.changed |= import_former_slugs(write, &site.former_slugs).await?;
    if summary.changed {
        write.record(AuditEntry::new("site.import", "site", None, "Import").detail(summary.describe()));
        write.touch_public();
    }
    Ok(summary)
}

/// Only what the folder names; everything else stays. Messages are deleted only when an administrator agrees to it on
/// the screen of the settings, so a retention that would delete some is not taken.
async fn import_settings(write: &Write, named: &toml::Table, summary: &mut Summary) -> Result<()> {
    let present = Settings::load(write).await?;
    let mut wanted = files::over(&present, named).map_err(Error::BadRequest)?.clean();
    if wanted.would_delete(write).await?.total() > 0 {
        summary.refused = Some(RetentionChange { wanted: wanted.retention_months, kept: present.retention_months });
        wanted.retention_months = present.retention_months;
    }
    if wanted != present {
        wanted.save(write).await?;
        let changed = wanted.differences(&present).into_iter().map(str::to_owned).collect::<Vec<_>>();
        summary.notes.push(format!("Changed in the settings of the site: {}.", join_with_and(&changed)));
        summary.changed = true;
    }
    Ok(())
}

async fn import_former_slugs(write: &Write, former_slugs: &BTreeMap<String, String>) -> Result<bool> {
    let known = former_slugs::all(write).await?;
    let mut changed = false;
    for (old, present) in former_slugs {
        if known.get(old) != Some(present) {
            former_slugs::set(write, old, present).await?;
            changed = true;
        }
    }
    Ok(changed)
}

async fn import_redirect(write: &Write, old: &str, redirect: &ImportedRedirect) -> Result<bool> {
    let (document_id, target) = match &redirect.to {
        TypedTarget::Page(path, part) => (Some(tree::id_at(write, path).await?.ok_or(Error::NotFound)?), part),
        TypedTarget::Address(address) => (None, address),
    };
    let (target, covers_below) = (target.clone(), redirect.covers_below);
    // Pages leave neither of these behind.
    let by_hand = covers_below || !target.is_empty();
    let wanted = RedirectFields { path: old.to_owned(), document_id, target, covers_below };
    if list::at(write, old).await?.is_some_and(|present| present.fields() == wanted) {
        return Ok(false);
    }
    editing::set(write, &wanted, by_hand).await?;
    Ok(true)
}
