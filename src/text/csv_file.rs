//! Rows as lines of a file for spreadsheets: every cell in quotes and none that looks like a formula, whatever separator the
//! reader assumes.

use super::csv_cell::harmless;

/// Before the first line it tells spreadsheets that the file is UTF-8.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// One line for each row.
/// Fails when a line cannot be written, which only a lack of memory can cause.
pub(crate) fn write<R>(separator: u8, rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, csv::Error>
where
    R: IntoIterator<Item: AsRef<str>>,
{
    let mut writer = csv::WriterBuilder::new()
        .delimiter(separator)
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(|cell| harmless(cell.as_ref()).into_owned()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
