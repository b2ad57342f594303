//! Whether the database of a backup is sound: the file, its rows, the audit log, and whether the files that it names are there.

use super::manifest::{Manifest, media_name};
use crate::{
    db::pool::Db,
    error::Result,
    model::{audit_log_check, media::named_files},
};

/// How many files are named that are missing.
const TOLD: usize = 3;

/// What is wrong with a database that was unpacked, as sentences.
/// `Storage` when it cannot be read.
pub(crate) async fn faults(db: &Db, manifest: &Manifest) -> Result<Vec<String>> {
    let mut faults: Vec<_> =
        db.faults().await?.into_iter().map(|fault| format!("The database is not sound: {fault}.")).collect();
    if !faults.is_empty() {
        return Ok(faults);
    }
    let report = audit_log_check::check(db.read(), manifest.audit_head.parse().ok(), |_| {}).await?;
    if !report.is_good() {
        faults.extend(report.sentences());
    }
    let mut missing = Vec::new();
    let mut after = String::new();
    loop {
        let files = named_files::after(db.read(), &after).await?;
        let Some(last) = files.last() else { break };
        after.clone_from(&last.hash);
        let known = |hash: &String| manifest.missing.contains(hash) || manifest.members.contains_key(&media_name(hash));
        missing
            .extend(files.into_iter().map(|file| file.hash).filter(|hash| !known(hash)).map(|hash| media_name(&hash)));
    }
    if !missing.is_empty() {
        let some: Vec<_> = missing.iter().take(TOLD).map(String::as_str).collect();
        faults.push(format!(
            "The database names {} files that are not in the backup, such as {}.",
            missing.len(),
            some.join(", ")
        ));
    }
    Ok(faults)
}
