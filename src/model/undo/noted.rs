//! The changes that can be undone, for as long as that is offered.

use super::step::{Step, UndoneStep, undo_step};
use crate::{
    clock::DAY,
    db::conn::Conn,
    error::{Error, Result},
    model::{policy::Action, write::Write},
};

/// How long a change can be undone, if nothing else was done to its things.
const KEPT: i64 = 30 * DAY;

/// A change that can be undone.
#[derive(Debug)]
pub(crate) struct Undoable {
    id: i64,
    steps: Vec<Step>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    steps: String,
}

/// Notes how the present change is undone: its steps in the order in which they were made. Gives its number.
pub(crate) async fn note(write: &Write, steps: &[Step]) -> Result<i64> {
    let steps = serde_json::to_string(steps).map_err(|error| Error::internal("the steps of a change", error))?;
    write.execute("delete from undoable where at < $1", (write.now.minus(KEPT),)).await?;
    let sql = "insert into undoable (at, steps) values ($1, $2) returning id";
    let id = write.value(sql, (write.now, steps)).await?;
    write.name_entries_in(id);
    Ok(id)
}

/// The change with this number; none when it was undone, or too long ago.
pub(crate) async fn find(db: &Conn, id: i64) -> Result<Option<Undoable>> {
    let row: Option<Row> = db.optional("select id, steps from undoable where id = $1", (id,)).await?;
    // What another release of the program noted may not be understood.
    Ok(row.and_then(|row| Some(Undoable { id: row.id, steps: serde_json::from_str(&row.steps).ok()? })))
}

/// Entries of the audit log, and the number of the change that they are about.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct UndoableEntries {
    pub(crate) id: i64,
    pub(crate) first_entry: i64,
    pub(crate) last_entry: i64,
}

/// The changes whose last entry is among those from `first` to `last`.
pub(crate) async fn of_entries(db: &Conn, first: i64, last: i64) -> Result<Vec<UndoableEntries>> {
    Ok(db
        .all(
            "select id, first_entry, last_entry from undoable where last_entry >= $1 and last_entry <= $2",
            (first, last),
        )
        .await?)
}

impl Undoable {
    /// What one needs the right for to undo it.
    #[must_use]
    pub(crate) fn needs(&self) -> Action {
        self.steps.first().map_or(Action::Publish, Step::needs)
    }

    /// The only document that it moved to the trash, if it did nothing else.
    #[must_use]
    pub(crate) fn trashed(&self) -> Option<i64> {
        match self.steps[..] {
            [Step::Trash { id, .. }] => Some(id),
            _ => None,
        }
    }

    /// Undoes it, from the last step to the first. Gives what became of each thing, in the order in which they were changed.
    /// `Conflict` with a clause when it cannot be as it was; nothing is changed then.
    pub(crate) async fn undo(self, write: &Write) -> Result<Vec<UndoneStep>> {
        write.execute("delete from undoable where id = $1", (self.id,)).await?;
        let mut undone = Vec::with_capacity(self.steps.len());
        for step in self.steps.iter().rev() {
            undone.push(undo_step(write, step).await?);
        }
        undone.reverse();
        Ok(undone)
    }
}
