//! Entries of the journal as lists show them: moving something up or down takes many small moves, and all moves of the
//! same thing that one person makes in a row are one line. The entries themselves stay as they are.

use crate::model::journal::Recorded;

/// Moves that are further apart, in milliseconds, are no longer one.
const APART: i64 = 10 * 60 * 1000;

/// Moves in a row, or any other entry.
#[derive(Debug)]
pub struct Group {
    /// The newest of them.
    pub last: Recorded,
    /// Number of the oldest.
    pub first_id: i64,
    /// How many they are.
    pub count: usize,
}

/// Groups entries, the newest first.
#[must_use]
pub fn grouped(entries: Vec<Recorded>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut oldest_at = 0;
    for entry in entries {
        match groups.last_mut() {
            Some(group) if is_same(&group.last, &entry) && oldest_at - entry.at.0 <= APART => {
                (group.count, group.first_id) = (group.count + 1, entry.id);
                oldest_at = entry.at.0;
            }
            _ => {
                oldest_at = entry.at.0;
                groups.push(Group { first_id: entry.id, last: entry, count: 1 });
            }
        }
    }
    groups
}

fn is_same(one: &Recorded, other: &Recorded) -> bool {
    let what = |entry: &Recorded| (entry.action.clone(), entry.subject_id, entry.actor_id);
    one.action.ends_with(".reorder") && what(one) == what(other)
}
