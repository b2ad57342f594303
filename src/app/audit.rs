//! The commands `audit head` and `audit verify`: the audit log for the maintainer at the terminal. They change nothing,
//! so that a copy can be checked as it is.

use super::{start, terminal::print};
use crate::{
    config::Config,
    model::{
        audit_log::{self, AuditHead},
        audit_log_check,
    },
    text::count::pluralise,
};

/// `plinth audit head`: number and hash of the newest entry, to be kept elsewhere.
/// Errors: a sentence for the maintainer.
pub async fn head(config: Config) -> Result<(), String> {
    let db = start::open_read_only(&config).await?;
    let head = audit_log::head(db.read()).await.map_err(|error| error.for_terminal())?;
    db.close().await;
    print(&head.ok_or("The audit log is empty.")?.to_string())
}

/// `plinth audit verify`: checks the audit log, and whether an earlier head is still part of it.
/// Errors: what was found, as sentences for the maintainer.
pub async fn verify(config: Config, earlier: Option<AuditHead>) -> Result<(), String> {
    let db = start::open_read_only(&config).await?;
    let report = audit_log_check::check(db.read(), earlier, |_| {}).await.map_err(|error| error.for_terminal())?;
    db.close().await;
    let found = report.sentences().join(" ");
    if !report.is_good() {
        return Err(format!("{found} Keep a copy of the database as it is, and compare it with your backups."));
    }
    if !found.is_empty() {
        print(&found)?;
    }
    print(&format!(
        "{} checked: each follows from the one before it, and every revision, publication, newest version, review, owner and type is as recorded.",
        pluralise(report.entries, "entry", "entries")
    ))?;
    if let Some(head) = report.head {
        print(&format!("Head: {head}"))?;
    }
    Ok(())
}
