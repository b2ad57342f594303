//! A copy of the whole database, as it is at one moment, while others go on reading and writing.

use std::path::Path;

use super::pool::Db;
use crate::error::Result;

impl Db {
    /// Copies the database into a file that is empty or not there.
    /// Fails when the file cannot be written, or the database not be read.
    pub(crate) async fn copy_to(&self, file: &Path) -> Result<()> {
        let file = file.to_string_lossy().into_owned();
        let mut lent = self.writer().lend().await?;
        let copied = sqlx::query("vacuum into $1").bind(file).execute(lent.connection()?).await;
        lent.noted(copied)?;
        lent.give_back();
        Ok(())
    }
}
