//! Messages go when their time is over, notes and answers with them. The journal keeps how many those were.

use crate::{
    db::conn::Conn,
    error::Result,
    model::{journal::Entry, settings::Settings, write::Write},
    text::time::Timestamp,
};

/// Messages received before this are to go. None when the setting makes no sense: rather keep too much for a while
/// than delete everything because of a slip.
#[must_use]
pub fn limit(now: Timestamp, settings: &Settings) -> Option<Timestamp> {
    let months = u16::try_from(settings.retention_months).ok().filter(|months| (1..=120).contains(months))?;
    Some(now.months_earlier(months, &settings.zone()))
}

/// Whether there is anything to delete.
pub async fn is_due(db: &Conn, limit: Timestamp) -> Result<bool> {
    let count: i64 = db.value("select count(*) from message where received_at < $1", (limit,)).await?;
    Ok(count > 0)
}

/// Deletes what was received before `limit`; says how many. Nothing is recorded when there was none.
pub async fn enforce(write: &Write, limit: Timestamp, months: i64) -> Result<u64> {
    let count = write.execute("delete from message where received_at < $1", (limit,)).await?;
    if count > 0 {
        let detail = match count {
            1 => format!("1 message older than {months} months"),
            _ => format!("{count} messages older than {months} months"),
        };
        write.record(Entry::new("message.expire", "message", None, "Messages").detail(detail));
    }
    Ok(count)
}
