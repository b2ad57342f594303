//! Messages as CSV, for people who may take them out of the desk. Spreadsheets run what looks like a formula, so no
//! cell is left looking like one.

use std::borrow::Cow;

use super::{
    inbox::{Filter, args, filtered},
    stored::Message,
    topic,
};
use crate::{
    db::conn::Conn,
    error::{Error, Result},
    model::{journal::Entry, write::Write},
    text::time::Timestamp,
};

/// How many messages are read at a time.
pub const PAGE: i64 = 200;

const COLUMNS: [&str; 15] = [
    "reference",
    "received",
    "state",
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

/// Notes in the journal that messages are taken out, and how many; neither the search nor anything found.
pub async fn note(write: &Write, filter: &Filter) -> Result<()> {
    let count: i64 =
        write.value(filtered!("select count(*)", "and m.id > $6 and m.id < $7"), args(filter, 0, i64::MAX)).await?;
    let found = if filter.text.trim().is_empty() { "" } else { " found by a search" };
    let noun = if count == 1 { "message" } else { "messages" };
    let detail = format!("{}: {count} {noun}{found}", filter.folder.label());
    write.record(Entry::new("message.export", "message", None, "Messages").detail(detail));
    Ok(())
}

/// The next messages below the id `before`, the newest first, and all they hold.
pub async fn page(db: &Conn, filter: &Filter, before: i64) -> Result<Vec<Message>> {
    let sql = filtered!("select m.*, p.name as assignee_name", "and m.id < $6 order by m.id desc limit $7");
    Ok(db.all(sql, args(filter, before, PAGE)).await?)
}

/// The first line of the file.
///
/// # Errors
/// See [`rows`].
pub fn head() -> Result<Vec<u8>> {
    lines([COLUMNS.map(Cow::Borrowed)])
}

/// One line for each message.
///
/// # Errors
/// When a line cannot be written, which memory alone can cause.
pub fn rows(messages: &[Message]) -> Result<Vec<u8>> {
    lines(messages.iter().map(|message| {
        let answered = message.answered_at.map(Timestamp::iso).unwrap_or_default();
        let assignee = message.assignee_name.as_deref().unwrap_or_default();
        [
            Cow::Borrowed(message.reference.as_str()),
            message.received_at.iso().into(),
            message.state.as_str().into(),
            topic::label(&message.topic).into(),
            message.name.as_str().into(),
            message.email.as_str().into(),
            message.role.as_str().into(),
            message.country.as_str().into(),
            message.body.as_str().into(),
            message.spam_score.to_string().into(),
            message.spam_reasons.as_str().into(),
            assignee.into(),
            message.answer.as_str().into(),
            answered.into(),
            message.answered_by.as_str().into(),
        ]
    }))
}

fn lines<'a>(rows: impl IntoIterator<Item = [Cow<'a, str>; COLUMNS.len()]>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        let cells = row.iter().map(|cell| harmless(cell));
        writer.write_record(cells.map(Cow::into_owned)).map_err(|error| Error::internal("csv", error))?;
    }
    writer.into_inner().map_err(|error| Error::internal("csv", error))
}

/// The cell with a quote in front if a spreadsheet could take it for a formula.
fn harmless(cell: &str) -> Cow<'_, str> {
    let formula = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if cell.starts_with(formula) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless() {
        for cell in ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        for cell in ["", "Ada", "'=1", "1-1", " =1"] {
            assert_eq!(harmless(cell), cell);
        }
    }

    #[test]
    fn quotes_and_lines_stay_within_their_cell() {
        let mut row = COLUMNS.map(|_| Cow::Borrowed(""));
        row[0] = "say \"a, b\"\nand c".into();
        let text = String::from_utf8(lines([row]).unwrap()).unwrap();
        assert_eq!(text, "\"say \"\"a, b\"\"\nand c\",,,,,,,,,,,,,,\r\n");
    }
}
