//! Messages as CSV, for users who may take them out of the admin area.

use std::borrow::Cow;

use super::{
    inbox::{MessageFilter, args, filtered},
    record::Message,
    topic,
};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result},
    model::{audit_log::AuditEntry, write::Write},
    text::{
        count::pluralise,
        csv_file::{self, BYTE_ORDER_MARK},
        email,
    },
};

/// How many messages are read at a time.
pub(crate) const PAGE: i64 = 200;

const COLUMNS: [&str; 15] = [
    "reference",
    "received",
    "status",
    "topic",
    "name",
    "email",
    "role",
    "country",
    "message",
    "spam score",
    "spam reasons",
    "assigned to",
    "answer",
    "answered",
    "answered by",
];

pub(crate) async fn count(db: &Conn, filter: &MessageFilter) -> Result<i64> {
    Ok(db.value(filtered!("select count(*)", "and m.id > $7 and m.id < $8"), args(filter, 0, i64::MAX)).await?)
}

/// Records the export, what users call the folder, and the number of messages in the audit log, but neither the search
/// nor anything found. Says whether there are any; if not, nothing is recorded.
pub(crate) async fn note(write: &Write, filter: &MessageFilter, folder: &str) -> Result<bool> {
    let count = count(write, filter).await?;
    if count == 0 {
        return Ok(false);
    }
    let found = if filter.text.trim().is_empty() { "" } else { " found by a search" };
    let count = pluralise(count, "message", "messages");
    let detail = format!("{folder}: {count}{found}");
    write.record(AuditEntry::new("message.export", "message", None, "Messages").detail(detail));
    Ok(true)
}

/// The next messages below the id `before`, the newest first.
pub(crate) async fn page(db: &Conn, filter: &MessageFilter, before: i64) -> Result<Vec<Message>> {
    let sql = filtered!("select m.*, u.name as assignee_name", "and m.id < $7 order by m.id desc limit $8");
    Ok(db.all(sql, args(filter, before, PAGE)).await?)
}

/// How the file is written; spreadsheets differ in what they expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CsvFormat {
    pub(crate) separator: Separator,
    /// Whether the file begins with the mark by which spreadsheets recognise UTF-8.
    pub(crate) byte_order_mark: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Separator {
    #[default]
    Comma,
    /// For countries with a decimal comma.
    Semicolon,
    Tab,
}

impl Separator {
    /// All of them, with their names in forms.
    pub(crate) const ALL: [(Self, &'static str); 3] =
        [(Self::Comma, "comma"), (Self::Semicolon, "semicolon"), (Self::Tab, "tab")];

    /// The separator of this name; the comma when there is none.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|(_, name)| *name == text).map(|(separator, _)| separator).unwrap_or_default()
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

pub(crate) fn head(format: CsvFormat) -> Result<Vec<u8>> {
    let mut head = if format.byte_order_mark { BYTE_ORDER_MARK.as_bytes().to_vec() } else { Vec::new() };
    head.extend(lines(format, [COLUMNS.map(Cow::Borrowed)])?);
    Ok(head)
}

/// One line for each message.
/// Fails when a line cannot be written, which only a lack of memory can cause.
pub(crate) fn rows(format: CsvFormat, messages: &[Message]) -> Result<Vec<u8>> {
    lines(format, messages.iter().map(row))
}

fn row(message: &Message) -> [Cow<'_, str>; COLUMNS.len()] {
    let answered = message.answered_at.map(Timestamp::iso).unwrap_or_default();
    [
        Cow::Borrowed(message.reference.as_str()),
        message.received_at.iso().into(),
        message.status.as_str().into(),
        topic::label(&message.topic).into(),
        message.name.as_str().into(),
        email::display(&message.email).into(),
        message.role.as_str().into(),
        message.country.as_str().into(),
        message.body.as_str().into(),
        message.spam_score.to_string().into(),
        message.spam_reasons.as_str().into(),
        message.assignee_name.as_deref().unwrap_or_default().into(),
        message.answer.as_str().into(),
        answered.into(),
        message.answered_by.as_str().into(),
    ]
}

fn lines<'a>(format: CsvFormat, rows: impl IntoIterator<Item = [Cow<'a, str>; COLUMNS.len()]>) -> Result<Vec<u8>> {
    csv_file::write(format.separator.byte(), rows).map_err(|error| Error::internal("csv", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_quoted_and_stays_within_its_quotes() {
        for (separator, sign) in [(Separator::Comma, ","), (Separator::Semicolon, ";"), (Separator::Tab, "\t")] {
            let mut row = COLUMNS.map(|_| Cow::Borrowed(""));
            row[0] = "say \"a, b\"\nand;c".into();
            let text =
                String::from_utf8(lines(CsvFormat { separator, byte_order_mark: true }, [row]).unwrap()).unwrap();
            let empty = format!("{sign}\"\"").repeat(COLUMNS.len() - 1);
            assert_eq!(text, format!("\"say \"\"a, b\"\"\nand;c\"{empty}\r\n"));
        }
    }
}
