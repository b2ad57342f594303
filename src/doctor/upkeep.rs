//! Checks of what goes on by itself: the clock, e-mails, backups, restore drills, the search index.

use super::{diagnosis::Diagnosis, examined::Site};
use crate::{
    clock::{DAY, Timestamp},
    error::Result,
    model::{
        audit_log,
        backup_state::{BackupInterval, BackupOutcome, BackupSchedule, BackupTrial},
        mail::list,
        opening::{self, OpeningStep},
        running_time::{self, MachineClock},
    },
    text::count::pluralise,
};

pub(super) const CLOCK: &str = "Clock";
pub(super) const MAIL: &str = "E-mails";
pub(super) const BACKUP: &str = "Backup";
pub(super) const DRILL: &str = "Restore drill";
pub(super) const SEARCH: &str = "Search";

/// The clock may be behind the newest entry by this, in milliseconds.
const BEHIND: i64 = 60 * 1000;
/// After this long an e-mail that waits is late.
const LATE: i64 = DAY / 24;
/// After this long without a backup, that is wrong.
const BACKUP_OLD: i64 = 7 * DAY;
/// After this long without a trial, one is due.
const DRILL_OLD: i64 = 31 * DAY;
/// How many entries of the audit log the index may be behind.
const SEARCH_BEHIND: i64 = 100;

pub(super) async fn check_clock(site: &Site<'_>) -> Result<Diagnosis> {
    let set_it = "Set the clock, and let the system keep it right (timedatectl set-ntp true).";
    let newest = running_time::newest_entry(site.db).await?;
    if let Some(newest) = newest.filter(|newest| *newest > site.now.plus(BEHIND)) {
        let says = format!("It says {}, and the newest entry of the audit log is of {}.", site.now.iso(), newest.iso());
        return Ok(Diagnosis::wrong(CLOCK, says, set_it));
    }
    Ok(match running_time::judge(site.db, site.now).await? {
        MachineClock::Plausible => {
            Diagnosis::ok(CLOCK, format!("It says {}, which fits the newest entries.", site.now.iso()))
        }
        MachineClock::Implausible(seen) => Diagnosis::advice(
            CLOCK,
            format!(
                "It says {}, far from {}, when the portal last ran. Nothing is deleted by time.",
                site.now.iso(),
                seen.iso()
            ),
            format!("If it is right, confirm that under “Deletion of old messages”. If not: {set_it}"),
        ),
    })
}

pub(super) async fn check_mail(site: &Site<'_>) -> Result<Diagnosis> {
    let queue = list::queue(site.db).await?;
    let failed = list::count_failed(site.db).await?;
    let is_sent = site.config.mail.smtp_url.is_some();
    let ago = |at: Timestamp| at.relative(site.now);
    let last = queue.last_sent.map(|at| format!(" The last one was sent {}.", ago(at))).unwrap_or_default();
    let look = "The screen “E-mail” says why, and sends them again.";
    if failed > 0 {
        let says = format!("{} could not be sent.{last}", pluralise(failed, "e-mail", "e-mails"));
        return Ok(Diagnosis::wrong(MAIL, says, look));
    }
    let waiting = pluralise(queue.waiting, "e-mail waits", "e-mails wait");
    if queue.waiting > 0 && !is_sent {
        return Ok(Diagnosis::wrong(MAIL, format!("{waiting}, and no mail server is set."), "Set PLINTH_SMTP_URL."));
    }
    if let Some(oldest) = queue.oldest.filter(|oldest| *oldest < site.now.minus(LATE)) {
        return Ok(Diagnosis::advice(MAIL, format!("{waiting}, since {}.{last}", ago(oldest)), look));
    }
    let none = if is_sent { " None was sent yet." } else { "" };
    let last = if last.is_empty() { none.to_owned() } else { last };
    Ok(Diagnosis::ok(MAIL, format!("{waiting}.{last}")))
}

pub(super) async fn check_backup(site: &Site<'_>) -> Result<Diagnosis> {
    let state = opening::load(site.db).await?;
    let last = state.last_backup();
    if site.is_on_server {
        let by_hand = "Run pg_dump every day, copy the folder media after it, and mark the step “Backup” of the dashboard as done.";
        return Ok(match state.confirmed_by(OpeningStep::Backup) {
            Some(_) => Diagnosis::ok(BACKUP, "An administrator says that they are made by the means of PostgreSQL."),
            None => Diagnosis::advice(BACKUP, "PostgreSQL keeps the database, so this program makes none.", by_hand),
        });
    }
    let outcome = BackupOutcome::load(site.db, BackupTrial::Backup).await?;
    if let Some(failed) = outcome.filter(|outcome| !outcome.fault.is_empty()) {
        let says = format!("The one that was due {} failed. {}", failed.at.relative(site.now), failed.fault);
        return Ok(Diagnosis::wrong(BACKUP, says, "Put that right; another is tried automatically."));
    }
    let make = "Set PLINTH_BACKUP_DIR to a folder, ideally on another disk, or run `plinth backup FILE` every day.";
    let Some(last) = last else { return Ok(Diagnosis::advice(BACKUP, "None is known.", make)) };
    let says = format!("The last one was made {}.", last.relative(site.now));
    if last < site.now.minus(BACKUP_OLD) {
        return Ok(Diagnosis::wrong(BACKUP, says, make));
    }
    let is_off = BackupSchedule::load(site.db).await?.every == BackupInterval::Never;
    Ok(match &site.config.backup.dir {
        Some(_) if is_off => Diagnosis::advice(
            BACKUP,
            format!("{says} None is made automatically."),
            "Choose how often on the screen “Backup”.",
        ),
        _ => Diagnosis::ok(BACKUP, says),
    })
}

pub(super) async fn check_drill(site: &Site<'_>) -> Result<Diagnosis> {
    if site.is_on_server {
        return Ok(Diagnosis::ok(
            DRILL,
            "PostgreSQL keeps the database: try a restore with its own programs now and then.",
        ));
    }
    let prove = "Run `plinth backup --verify FILE` with the newest backup.";
    let Some(drill) = BackupOutcome::load(site.db, BackupTrial::Drill).await? else {
        return Ok(Diagnosis::advice(DRILL, "No backup was ever restored on trial.", prove));
    };
    let ago = drill.at.relative(site.now);
    Ok(if !drill.fault.is_empty() {
        Diagnosis::wrong(
            DRILL,
            format!("{} could not be restored {ago}. {}", drill.file, drill.fault),
            "Make another backup, and try that.",
        )
    } else if drill.at < site.now.minus(DRILL_OLD) {
        Diagnosis::advice(DRILL, format!("The last backup was restored on trial {ago}."), prove)
    } else {
        let seconds = drill.milliseconds / 1000;
        Diagnosis::ok(
            DRILL,
            format!("{} was restored on trial {ago}, in {}.", drill.file, pluralise(seconds, "second", "seconds")),
        )
    })
}

pub(super) async fn check_search(site: &Site<'_>) -> Result<Diagnosis> {
    let newest = audit_log::head(site.db).await?.map_or(0, |head| head.id);
    Ok(match site.found_until {
        None => Diagnosis::advice(
            SEARCH,
            "There is no index that this version reads.",
            "It is made while the portal is served: wait a minute.",
        ),
        Some(until) if newest - until > SEARCH_BEHIND => Diagnosis::advice(
            SEARCH,
            format!("The index is {} of the audit log behind.", pluralise(newest - until, "entry", "entries")),
            "It follows while the portal is served. If it does not, stop the portal, delete the folder search of the data directory, and start again.",
        ),
        Some(_) => Diagnosis::ok(SEARCH, "The index follows what is written."),
    })
}
