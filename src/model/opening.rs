//! What has to be done before a new site is opened to visitors. Most of it can be seen in the site itself; kept here is what
//! cannot: what an administrator says is done, and when the last backup was made. What is checked is in
//! `admin/dashboard/opening.rs`.

use super::{audit_log::AuditEntry, write::Write};
use crate::{clock::Timestamp, db::conn::Conn, error::Result};

/// What the starter site says where the operator has to fill something in. While a page says so, search engines are told to leave
/// it out.
pub(crate) const PLACEHOLDER: &str = "to be completed before going live";

/// How many pages with a placeholder are told.
const TOLD: i64 = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpeningStep {
    Imprint,
    Privacy,
    ContactAddress,
    TimeZone,
    SecondUser,
    Mail,
    Backup,
}

impl OpeningStep {
    /// In the order of the list.
    pub(crate) const ALL: [Self; 7] = [
        Self::Imprint,
        Self::Privacy,
        Self::ContactAddress,
        Self::TimeZone,
        Self::SecondUser,
        Self::Mail,
        Self::Backup,
    ];

    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Imprint => "imprint",
            Self::Privacy => "privacy",
            Self::ContactAddress => "contact_address",
            Self::TimeZone => "time_zone",
            Self::SecondUser => "second_user",
            Self::Mail => "mail",
            Self::Backup => "backup",
        }
    }

    #[must_use]
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Imprint => "Imprint",
            Self::Privacy => "Privacy",
            Self::ContactAddress => "Contact address",
            Self::TimeZone => "Time zone",
            Self::SecondUser => "A second user",
            Self::Mail => "E-mail",
            Self::Backup => "Backup",
        }
    }

    #[must_use]
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}

/// The row that says that the list was put away.
const PUT_AWAY: &str = "put_away";
/// The row that says when `plinth backup` was last used.
const BACKUP_MADE: &str = "backup_made";

#[derive(Debug, Clone, sqlx::FromRow)]
struct Row {
    name: String,
    done_at: Timestamp,
    done_by: String,
}

/// What is kept.
#[derive(Debug, Clone)]
pub(crate) struct OpeningState(Vec<Row>);

pub(crate) async fn load(db: &Conn) -> Result<OpeningState> {
    Ok(OpeningState(db.all("select name, done_at, done_by from opening_step", ()).await?))
}

impl OpeningState {
    fn find(&self, name: &str) -> Option<&Row> {
        self.0.iter().find(|row| row.name == name)
    }

    /// Which administrator said that a step is done, if one did.
    #[must_use]
    pub(crate) fn confirmed_by(&self, step: OpeningStep) -> Option<&str> {
        self.find(step.name()).map(|row| row.done_by.as_str())
    }

    #[must_use]
    pub(crate) fn is_put_away(&self) -> bool {
        self.find(PUT_AWAY).is_some()
    }

    #[must_use]
    pub(crate) fn last_backup(&self) -> Option<Timestamp> {
        self.find(BACKUP_MADE).map(|row| row.done_at)
    }
}

/// Stores that an administrator says a step is done; `false` when that is stored already.
pub(crate) async fn confirm(write: &Write, step: OpeningStep) -> Result<bool> {
    let is_new = set(write, step.name()).await?;
    if is_new {
        write.record(AuditEntry::new("site.confirm_step", "site", None, step.label()));
    }
    Ok(is_new)
}

/// Takes that back.
pub(crate) async fn reopen(write: &Write, step: OpeningStep) -> Result<bool> {
    let is_removed = remove(write, step.name()).await?;
    if is_removed {
        write.record(AuditEntry::new("site.reopen_step", "site", None, step.label()));
    }
    Ok(is_removed)
}

pub(crate) async fn put_away(write: &Write) -> Result<()> {
    if set(write, PUT_AWAY).await? {
        write.record(AuditEntry::new("site.put_list_away", "site", None, ""));
    }
    Ok(())
}

pub(crate) async fn bring_back(write: &Write) -> Result<()> {
    if remove(write, PUT_AWAY).await? {
        write.record(AuditEntry::new("site.bring_list_back", "site", None, ""));
    }
    Ok(())
}

/// Stores that a backup was just made.
pub(crate) async fn note_backup(write: &Write) -> Result<()> {
    remove(write, BACKUP_MADE).await?;
    set(write, BACKUP_MADE).await?;
    write.record(AuditEntry::new("site.backup", "site", None, ""));
    Ok(())
}

/// Records that the site was restored from a backup that was made at this time.
pub(crate) fn note_restore(write: &Write, made_at: &str) {
    write.record(AuditEntry::new("site.restore", "site", None, made_at));
}

/// Paths of the public pages with a placeholder; at most [`TOLD`].
pub(crate) async fn pages_to_complete(db: &Conn) -> Result<Vec<String>> {
    let sql = "select p.path from live_page p join revision r on r.id = p.revision_id where r.body like $1 order by p.path limit $2";
    let found: Vec<(String,)> = db.all(sql, (format!("%{PLACEHOLDER}%"), TOLD)).await?;
    Ok(found.into_iter().map(|(path,)| path).collect())
}

async fn set(write: &Write, name: &str) -> Result<bool> {
    let rows = write
        .execute(
            "insert into opening_step (name, done_at, done_by) values ($1, $2, $3) on conflict (name) do nothing",
            (name, write.now, write.actor.name.as_str()),
        )
        .await?;
    Ok(rows > 0)
}

async fn remove(write: &Write, name: &str) -> Result<bool> {
    Ok(write.execute("delete from opening_step where name = $1", (name,)).await? > 0)
}
