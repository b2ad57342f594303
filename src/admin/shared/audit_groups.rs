//! Entries of the audit log as lists show them: moving something up or down takes many small moves, and all moves of the
//! same thing that one user makes in a row are one line. The entries themselves stay as they are.

use crate::{
    admin::shared::admin_context::AdminContext,
    error::Result,
    model::{
        audit_log::{self, AuditFilter, RecordedEntry},
        cursor::Cursor,
    },
};

/// Moves that are further apart than this, in milliseconds, are separate lines.
const APART: i64 = 10 * 60 * 1000;
/// Entries that are read at a time.
const CHUNK: usize = 200;

/// Moves in a row, or any other entry.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) last: RecordedEntry,
    pub(crate) first_id: i64,
    pub(crate) count: usize,
}

#[must_use]
pub(crate) fn group_entries(entries: Vec<RecordedEntry>) -> Vec<Group> {
    let mut groups = Groups::default();
    for entry in entries {
        groups.add(entry, false);
    }
    groups.found
}

/// At most `size` whole groups, and one more, perhaps incomplete, if there is one; the newest first. A list that
/// continues before the oldest entry of a group, or after the newest one, never splits a group.
pub(crate) async fn list(admin: &AdminContext, mut filter: AuditFilter, size: usize) -> Result<Vec<Group>> {
    let newer = matches!(filter.cursor, Cursor::After(_));
    let mut groups = Groups::default();
    loop {
        let mut entries = audit_log::list(admin.app.read(), &filter, i64::try_from(CHUNK).unwrap_or(i64::MAX)).await?;
        if newer {
            entries.reverse();
        }
        let is_end = entries.len() < CHUNK;
        if let Some(edge) = entries.last() {
            filter.cursor = if newer { Cursor::After(edge.id) } else { Cursor::Before(edge.id) };
        }
        for entry in entries {
            groups.add(entry, newer);
            if groups.found.len() > size {
                break;
            }
        }
        if is_end || groups.found.len() > size {
            break;
        }
    }
    if newer {
        groups.found.reverse();
    }
    Ok(groups.found)
}

/// Groups in the order in which their entries are added.
#[derive(Default)]
struct Groups {
    found: Vec<Group>,
    /// When the last added entry was made.
    edge: i64,
}

impl Groups {
    /// Adds the next entry, which is older than all others, or newer.
    fn add(&mut self, entry: RecordedEntry, newer: bool) {
        let apart = (self.edge - entry.at.0).abs();
        self.edge = entry.at.0;
        match self.found.last_mut() {
            Some(group) if is_same(&group.last, &entry) && apart <= APART => {
                group.count += 1;
                if newer {
                    group.last = entry;
                } else {
                    group.first_id = entry.id;
                }
            }
            _ => self.found.push(Group { first_id: entry.id, last: entry, count: 1 }),
        }
    }
}

fn is_same(one: &RecordedEntry, other: &RecordedEntry) -> bool {
    let what = |entry: &RecordedEntry| (entry.action.clone(), entry.subject_id, entry.actor_id);
    one.action.ends_with(".reorder") && what(one) == what(other)
}
