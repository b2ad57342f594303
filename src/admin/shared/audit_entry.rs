//! An entry of the audit log in words.

use serde::Serialize;

use super::{
    admin_context::{AdminContext, When},
    audit_groups::Group,
    audit_labels::{self, AuditTarget},
};
use crate::{
    admin::paths::AuditLogPath,
    model::{audit_log::RecordedEntry, document::kind::DocumentKind},
};

#[derive(Debug, Serialize)]
pub(crate) struct EntryView {
    pub(crate) id: i64,
    /// Where it can always be found.
    permalink: String,
    pub(crate) when: When,
    pub(crate) actor: String,
    /// What was done, up to the name of the thing: `moved the page`.
    pub(crate) did: String,
    /// The name of the thing; empty where the words say it all.
    pub(crate) subject: String,
    /// Whether the name is a title, shown in quotation marks.
    pub(crate) is_title: bool,
    /// What was done, after the name: ` to the trash`.
    pub(crate) rest: String,
    /// What exactly changed; may be empty.
    pub(crate) detail: String,
    /// Undoes the change that ends with this entry; none where that is not offered.
    pub(crate) undo: Option<EntryUndo>,
}

/// The button that undoes a change.
#[derive(Debug, Serialize)]
pub(crate) struct EntryUndo {
    pub(crate) path: String,
    /// How many entries it has.
    pub(crate) entries: i64,
}

impl EntryView {
    /// The words of an entry, or of several moves.
    pub(crate) fn of_group(admin: &AdminContext, group: Group) -> Self {
        let Group { last, first_id, count } = group;
        let mut view = Self::of(admin, last);
        if count > 1 {
            let moves = format!("the last of {count} moves, entries {first_id} to {}", view.id);
            view.detail = if view.detail.is_empty() { moves } else { format!("{}; {moves}", view.detail) };
        }
        view
    }

    pub(crate) fn of(admin: &AdminContext, entry: RecordedEntry) -> Self {
        let (did, rest) = audit_labels::action(&entry.action, target(&entry));
        Self {
            id: entry.id,
            permalink: format!("{AuditLogPath}?before={}#_entry-{}", entry.id.saturating_add(1), entry.id),
            when: admin.when(entry.at),
            actor: entry.actor_name,
            did,
            subject: if rest.is_some() { entry.subject } else { String::new() },
            is_title: ["faq_category", "media"].contains(&entry.subject_kind.as_str())
                || DocumentKind::from_name(&entry.subject_kind).is_some(),
            rest: rest.unwrap_or_default(),
            detail: entry.detail,
            undo: None,
        }
    }
}

fn target(entry: &RecordedEntry) -> AuditTarget {
    match entry.subject_id {
        id if id.is_some() && entry.subject_kind == "user" && id == entry.actor_id => AuditTarget::Oneself,
        _ => AuditTarget::Other,
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    EntryView { id, permalink, when, actor, did, subject, is_title, rest, detail, undo }
    EntryUndo { path, entries }
}
