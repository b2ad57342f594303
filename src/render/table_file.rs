//! A table of a public page as a file for spreadsheets.

use crate::{
    error::{Error, Result},
    model::page::public::LivePage,
    state::app_state::App,
    text::{
        csv_file::{self, BYTE_ORDER_MARK},
        markdown::table_rows,
    },
};

/// The table with this number in the text of a page; none when it has fewer.
pub(crate) async fn of_page(app: &App, live: &LivePage, number: usize) -> Result<Option<Vec<u8>>> {
    let body = &live.revision.content.body;
    let Some(rows) = app.rendering.run(body.len(), || table_rows::of(body, number)).await? else { return Ok(None) };
    let lines = csv_file::write(b',', rows).map_err(|error| Error::internal("csv", error))?;
    Ok(Some([BYTE_ORDER_MARK.as_bytes(), &lines].concat()))
}
